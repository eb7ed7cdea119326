// Story: the service manager says stop. What runs is finished or given back, and the exit status is 0.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

const drainSeconds = 8;
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: [`http.drain_seconds=${drainSeconds}`, 'processing.preset=medium'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

test('an idle daemon ends at once with 0', async () => {
  const { code, signal, took } = await daemon.stop();
  assert.deepEqual([code, signal], [0, null]);
  assert.ok(took < 2000, `${took} ms`);
  await daemon.start();
});

test('SIGINT is as good as SIGTERM', async () => {
  assert.equal((await daemon.stop('SIGINT')).code, 0);
  await daemon.start();
});

test('a request under way is finished before the end', async () => {
  const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: 'finishes' } })).json;
  const file = clipBytes({ seconds: 1 });
  let stopped;
  const body = Readable.from((async function* () {
    yield file.subarray(0, 1000);
    stopped = daemon.stop();
    await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz').catch(() => ({ status: 503 }))).status !== 200, { what: '/readyz says no' });
    yield file.subarray(1000);
  })());
  ok(await creator.put(`/api/v1/videos/${id}/upload`, { body, headers: { 'content-type': 'application/octet-stream', 'content-length': file.length } }));
  const { code, took } = await stopped;
  assert.equal(code, 0);
  assert.ok(took < drainSeconds * 1000 + 2000, `${took} ms`);
  await daemon.start();
  await creator.ready(id);
});

test('an upload that never ends and an encode in the middle end within the drain time with 0', async () => {
  const id = await creator.upload(clipBytes({ seconds: 20, size: '1280x720' }));
  await until(() => daemon.children().length > 0, { what: 'a worker runs', every: 20 });
  const { id: endless } = ok(await creator.post('/api/v1/videos/', { json: { title: 'endless' } })).json;
  let flowing = true;
  const body = Readable.from((async function* () {
    while (flowing) {
      yield Buffer.alloc(4096, 1);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })());
  const upload = creator.put(`/api/v1/videos/${endless}/upload`, { body, headers: { 'content-type': 'application/octet-stream', 'content-length': 1 << 30 } }).catch(() => {});
  await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz')).status === 200);
  const { code, signal, took } = await daemon.stop();
  flowing = false;
  await upload;
  assert.deepEqual([code, signal], [0, null]);
  assert.ok(took < drainSeconds * 1000 + 3000, `${took} ms`);
  await daemon.start();
  await creator.ready(id);
  assert.equal((await creator.video(endless)).status, 'UPLOADED');
});

test('a job given back at shutdown has lost no try', async () => {
  const tries = daemon.database.query('SELECT MAX(attempt) FROM jobs')[0][0];
  assert.ok(Number(tries) <= 1, `attempt ${tries}`);
});

test('a second signal ends it without waiting', async () => {
  const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: 'stuck' } })).json;
  const body = new Readable({ read() {} });
  body.push(Buffer.alloc(1000, 1));
  const upload = creator.put(`/api/v1/videos/${id}/upload`, { body, headers: { 'content-type': 'application/octet-stream', 'content-length': 1 << 30 } }).catch(() => {});
  await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz')).status === 200);
  const stopped = daemon.stop();
  await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz').catch(() => ({ status: 503 }))).status !== 200);
  daemon.child.kill('SIGTERM');
  const { took } = await stopped;
  body.destroy();
  await upload;
  assert.ok(took < 3000, `${took} ms`);
});
