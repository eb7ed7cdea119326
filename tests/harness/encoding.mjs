// A title that is being encoded, and the children that do it.
import { until } from './until.mjs';

/// The children of a daemon while a rendition of the video is made; what plans and probes (the job `encode`) is not
/// that yet, pictures for the time line are no more. They are read after the row: asking for that takes a while.
export function encodingChildren(daemon, id) {
  return until(() => {
    const running = daemon.database.query(`SELECT id FROM jobs WHERE video_id = ${id} AND kind LIKE 'encode%' AND kind NOT IN ('encode', 'encode-storyboard') AND state = 'running'`);
    if (running.length === 0) return false;
    const children = daemon.children();
    return children.length > 0 && children;
  }, { what: 'a worker encodes', every: 20 });
}
