// Story: a long title is made in parts. Whatever dies in the middle, what was published stays as it is, and the
// title is whole at the end: every frame once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { decode, parseMaster, parsePlaylist, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

const seconds = 40; // twenty segments, in seven ranges
const long = () => clipBytes({ seconds, size: '640x360' });
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: ['packaging.segment_seconds=2', 'processing.lease_seconds=5', 'processing.concurrency=1'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

const segmentsOf = (id) => daemon.database.query(`SELECT s.number, s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
  JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${id} ORDER BY s.number`).map((row) => row.join(' '));
/// Of what READY waits for.
const jobsOf = (id) => daemon.database.query(`SELECT kind, state, COUNT(*) FROM jobs WHERE video_id = ${id} AND kind <> 'encode-storyboard' GROUP BY kind, state ORDER BY kind`).map((row) => row.join(' '));

async function requireWhole(id) {
  await creator.ready(id, 180_000);
  assert.deepEqual(jobsOf(id), ['encode completed 1', 'encode-finish completed 1', 'encode-range completed 7', 'encode-sound completed 1']);
  const { master, masterPath } = await creator.play(id);
  for (const rendition of parseMaster(master)) {
    const { frames, times, errors } = await decode(daemon.url + resolveUri(masterPath, rendition.uri));
    assert.deepEqual([frames, errors], [seconds * 25, '']);
    assert.equal(new Set(times).size, frames);
  }
}

test('the daemon is killed in the middle of a range: what was published is not made again', async () => {
  const id = await creator.upload(long());
  await until(() => segmentsOf(id).length >= 7, { what: 'the second range is under way', within: 120_000, every: 20 });
  await daemon.kill();
  const before = segmentsOf(id);
  assert.ok(before.length < seconds / 2);
  await daemon.start();
  await requireWhole(id);
  const whole = segmentsOf(id);
  assert.equal(whole.length, seconds / 2);
  assert.deepEqual(whole.filter((segment) => before.includes(segment)), before);
});

test('an orderly stop releases the range: the next life goes on with it, and no try is lost', async () => {
  const id = await creator.upload(long());
  await until(() => segmentsOf(id).length >= 2, { what: 'the first range is under way', within: 120_000, every: 20 });
  await daemon.stop();
  const before = segmentsOf(id);
  assert.ok(before.length < seconds / 2);
  assert.deepEqual(daemon.database.query(`SELECT COUNT(*) FROM jobs WHERE video_id = ${id} AND kind <> 'encode-storyboard' AND (state = 'running' OR attempt > 1)`), [['0']]);
  await daemon.start();
  await requireWhole(id);
  assert.deepEqual(segmentsOf(id).filter((segment) => before.includes(segment)), before);
});

test('a title plays before it is whole, says how far it is, and asking again costs next to nothing', async () => {
  const id = await creator.upload(long());
  let answer;
  const path = `/api/v1/videos/${id}`;
  const at = [];
  await until(async () => {
    answer = await creator.get(path);
    at.push(answer.json.progress);
    return answer.json.playable;
  }, { what: 'its beginning plays', every: 20 });
  assert.equal(answer.json.status, 'PROCESSING');
  const { master, masterPath } = await creator.play(id);
  const [rendition] = parseMaster(master);
  assert.match(rendition.codecs, /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/);
  assert.deepEqual([rendition.resolution, rendition.fps], ['640x360', 25]);
  const indexPath = resolveUri(masterPath, rendition.uri);
  const begun = await request(daemon.url, 'GET', indexPath);
  const early = parsePlaylist(begun.text);
  assert.deepEqual([early.type, early.ended, begun.headers['cache-control']], ['EVENT', false, 'private, no-cache']);
  assert.ok(early.segments.length >= 1 && early.segments.length < seconds / 2);
  for (const { uri } of early.segments) {
    assert.equal((await request(daemon.url, 'GET', resolveUri(indexPath, uri))).status, 200);
  }
  await until(async () => {
    answer = await creator.get(path);
    at.push(answer.json.progress);
    return answer.json.eta_seconds > 0 && answer.json.progress >= 20;
  }, { what: 'it says when it may be whole', every: 20 });
  assert.ok(answer.json.eta_seconds < 600);
  await until(async () => {
    answer = await creator.get(path);
    at.push(answer.json.progress);
    return answer.json.status === 'READY';
  }, { what: 'it is READY', within: 60_000, every: 50 });
  assert.deepEqual([answer.json.progress, answer.json.eta_seconds], [100, null]);
  assert.deepEqual(at, [...at].sort((a, b) => a - b), 'progress goes forward');
  const again = await creator.get(path, { headers: { 'if-none-match': answer.headers.etag } });
  assert.deepEqual([again.status, again.text], [304, '']);
  // The link of the beginning is that of the whole.
  await until(async () => parsePlaylist((await request(daemon.url, 'GET', indexPath)).text).ended, { what: 'the playlist has an end' });
  const late = parsePlaylist((await request(daemon.url, 'GET', indexPath)).text);
  assert.equal(late.type, 'VOD');
  assert.deepEqual(late.segments.slice(0, early.segments.length), early.segments);
  assert.equal(late.target, early.target);
});

contractTest('parts');
