// Story: the service manager says stop. What runs is finished or given back, and the exit status is 0.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { encodingChildren } from '../harness/encoding.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { SlowUpload } from '../harness/slow_upload.mjs';
import { until } from '../harness/until.mjs';

const drainSeconds = 3;
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: [`http.drain_seconds=${drainSeconds}`] });
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

const draft = async () => ok(await creator.post('/api/v1/videos/', { json: { title: 'draft' } })).json.id;
const notReady = () => until(async () => (await request(daemon.adminUrl, 'GET', '/readyz').catch(() => ({ status: 503 }))).status !== 200, { what: '/readyz says no' });

test('a request under way is finished before the end', async () => {
  const id = await draft();
  const file = clipBytes({ seconds: 1 });
  const upload = await SlowUpload.begin(creator, id, file.length);
  upload.send(file.subarray(0, 1000));
  const stopped = daemon.stop();
  await notReady();
  upload.send(file.subarray(1000));
  assert.ok([200, 201, 202].includes(await upload.status()), upload.received);
  const { code, took } = await stopped;
  assert.equal(code, 0);
  assert.ok(took < drainSeconds * 1000 + 2000, `${took} ms`);
  await daemon.start();
  await creator.ready(id);
});

test('an upload that never ends and an encode in the middle end within the drain time with 0', async () => {
  const id = await creator.upload(clipBytes({ seconds: 15, size: '1280x720' }));
  await encodingChildren(daemon, id);
  const endless = await draft();
  const upload = await SlowUpload.begin(creator, endless, 1 << 30);
  upload.drip(Buffer.alloc(4096, 1));
  const { code, signal, took } = await daemon.stop();
  upload.abandon();
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
  const upload = await SlowUpload.begin(creator, await draft(), 1 << 30);
  upload.send(Buffer.alloc(1000, 1));
  const stopped = daemon.stop();
  await notReady();
  daemon.child.kill('SIGTERM');
  const { took } = await stopped;
  upload.abandon();
  assert.ok(took < 3000, `${took} ms`);
});
