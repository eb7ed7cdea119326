// Story: a long title is made in parts. Whatever dies in the middle, what was published stays as it is, and the
// title is whole at the end: every frame once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

const seconds = 40; // twenty segments, in four ranges
const long = () => clipBytes({ seconds, size: '640x360' });
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: ['packaging.segment_seconds=2', 'processing.lease_seconds=5', 'processing.concurrency=1'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

const segmentsOf = (id) => daemon.database.query(`SELECT s.number, s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
  JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${id} ORDER BY s.number`).map((row) => row.join(' '));
const jobsOf = (id) => daemon.database.query(`SELECT kind, state, COUNT(*) FROM jobs WHERE video_id = ${id} GROUP BY kind, state ORDER BY kind`).map((row) => row.join(' '));

async function requireWhole(id) {
  await creator.ready(id, 180_000);
  assert.deepEqual(jobsOf(id), ['encode completed 1', 'encode-finish completed 1', 'encode-range completed 4', 'encode-sound completed 1']);
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
  assert.deepEqual(daemon.database.query(`SELECT COUNT(*) FROM jobs WHERE video_id = ${id} AND (state = 'running' OR attempt > 1)`), [['0']]);
  await daemon.start();
  await requireWhole(id);
  assert.deepEqual(segmentsOf(id).filter((segment) => before.includes(segment)), before);
});

contractTest('parts');
