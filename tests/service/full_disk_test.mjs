// Story: the disk is full to the last byte. What writes is refused with 507, what plays goes on, and what
// was played meanwhile is counted once there is room.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
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
  daemon = await Daemon.start({ dataDir, set: ['processing.lease_seconds=5', 'processing.copy=off'] });
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

contractTest('full disk');
