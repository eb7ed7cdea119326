// Story: the disk is full to the last byte. What writes is refused with 507, what plays goes on, and what
// was played meanwhile is counted once there is room.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { fetchStream } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

const asRoot = process.getuid() === 0;
const skip = !asRoot && 'needs root to mount a small tmpfs';
let small, daemon, boss, id;
before(async () => {
  if (!asRoot) return;
  small = mkdtempSync(join(tmpdir(), 'reeld-small-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=0755', 'tmpfs', small]);
  const dataDir = join(small, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  daemon = await Daemon.start({ dataDir, set: ['processing.lease_seconds=5', 'processing.copy=off', 'processing.preset=ultrafast'] });
  boss = await Client.admin(daemon);
  id = await boss.upload(clipBytes({ seconds: 1 }));
  await boss.ready(id);
  // Started anew, SQLite's log is short: every write needs room.
  await daemon.stop();
  await daemon.start();
  fill();
});
after(async () => {
  await daemon?.dispose();
  if (small) {
    execFileSync('umount', ['-l', small]);
    rmSync(small, { recursive: true, force: true });
  }
});

const filler = () => join(small, 'filler');
/// All but so much.
function fillTo(left) {
  const { bavail, bsize } = statfsSync(small);
  writeFileSync(filler(), Buffer.alloc(bavail * bsize - left));
}
function fill() {
  const fd = openSync(filler(), 'w');
  for (let size = 1 << 20; size >= 1; size = size >> 1) {
    try {
      for (;;) if (writeSync(fd, Buffer.alloc(size)) < size) break;
    } catch (error) {
      assert.equal(error.code, 'ENOSPC');
    }
  }
  closeSync(fd);
}
const views = () => Number(daemon.database.query('SELECT COUNT(*) FROM views')[0][0]);

test('a full disk stops nobody from playing', { skip }, async () => {
  const { streamUrl, masterPath } = await boss.play(id);
  ok(await boss.get(streamUrl, { token: null }));
  const { renditions } = await fetchStream(daemon.url, masterPath);
  assert.ok(renditions.every(({ segments }) => segments.every(({ bytes }) => bytes.length > 0)));
  await boss.play(id);
  ok(await boss.get('/api/v1/videos/'));
  ok(await boss.get(`/media/thumbnails/video_${id}.jpg`));
});

test('a full disk does not take the daemon out of a balancer', { skip }, async () => {
  // The probe's answer is remembered for seconds.
  await until(async () => {
    const { status, json } = await request(daemon.adminUrl, 'GET', '/readyz');
    assert.equal(status, 200, JSON.stringify(json));
    return json.status === 'degraded' && json.checks.storage.ok === false;
  }, { what: 'ready, and degraded for its storage', within: 15_000 });
});

// PostgreSQL keeps its own disk, which has room.
const onSqlite = process.env.REELD_TEST_DATABASE !== 'postgres';
if (onSqlite) test('what must be written is refused with 507', { skip }, async () => {
  refused(await new Client(daemon).post('/api/v1/auth/login', { json: admin }), 507, 'storage-full');
  refused(await boss.post('/api/v1/videos/', { json: { title: 'x' } }), 507, 'storage-full');
});

test('with room again the views are counted, each once, and signing in works', { skip }, async () => {
  rmSync(filler());
  await until(() => views() === 2, { what: 'two plays are counted', within: 15_000 });
  await Client.admin(daemon);
  assert.equal(views(), 2);
  await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz')).json.status === 'ready', { what: 'no longer degraded', within: 15_000 });
});

test('a disk that fills while a title is encoded costs no try: with room again it goes on, and all of it is whole', { skip }, async () => {
  const long = await boss.upload(clipBytes({ seconds: 60, size: '854x480' }));
  await until(async () => (await boss.video(long)).playable, { what: 'the first segments are there', within: 60_000, every: 20 });
  fill();
  await until(() => /job ended.*outcome=(retried|unsettled)/.test(daemon.log), { what: 'a task has found no room', within: 30_000 });
  assert.notEqual((await boss.video(long)).status, 'FAILED');
  // Nor does it keep a daemon from starting that left a task unsettled.
  await daemon.kill();
  await daemon.start();
  await boss.play(id);
  rmSync(filler());
  await boss.ready(long, 120_000);
  const verified = await daemon.ctl(['video', 'verify', '--full', String(long)]);
  assert.equal(verified.code, 0, verified.output);
  const frames = daemon.database.query(`SELECT r.name, COUNT(*), COUNT(DISTINCT s.number), SUM(s.frames) FROM segments s JOIN renditions r ON r.id = s.rendition_id
    JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${long} GROUP BY r.name`);
  for (const [name, all, different, sum] of frames) assert.deepEqual([all, Number(sum)], [different, 60 * 25], name);
  const scan = await daemon.ctl(['storage', 'scan', '--json']);
  assert.deepEqual([JSON.parse(scan.output).orphans, JSON.parse(scan.output).missing], [0, 0], scan.output);
});

test('before the disk is full uploads are refused and encoding waits; with room again both go on by themselves', { skip }, async () => {
  const uploaded = async () => {
    const { id: made } = ok(await boss.post('/api/v1/videos/', { json: { title: 'at the watermark' } })).json;
    return { made, sent: await boss.put(`/api/v1/videos/${made}/upload`, { body: clipBytes({ seconds: 1 }), headers: { 'content-type': 'application/octet-stream' } }) };
  };
  // The reserve is 5 % of 64 MB, half of it for what becomes of uploads: this is a little less than that half.
  const { made: waits, sent } = await uploaded();
  ok(sent);
  await boss.ready(waits);
  fillTo(1_500_000);
  refused((await uploaded()).sent, 507, 'storage-full');
  await Client.admin(daemon);
  ok(await boss.post(`/api/v1/videos/${waits}/reprocess`));
  await until(() => daemon.log.includes('encoding waits: the disk is nearly full'), { what: 'it says that encoding waits', within: 15_000 });
  assert.equal(daemon.database.query(`SELECT COUNT(*) FROM segments s JOIN renditions r ON r.id = s.rendition_id JOIN encodings e ON e.id = r.encoding_id
    WHERE e.video_id = ${waits} AND e.state = 'growing'`)[0][0], '0');
  rmSync(filler());
  await until(async () => !(await boss.video(waits)).reprocessing, { what: 'it is made anew', within: 60_000 });
  assert.match(daemon.log, /there is room again: encoding goes on/);
  ok((await uploaded()).sent);
});

contractTest('full disk');
