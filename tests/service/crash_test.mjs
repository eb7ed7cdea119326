// Story: processes die in the middle. What was acknowledged is there after the restart, and the video
// reaches READY.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { encodingChildren } from '../harness/encoding.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { signal } from '../harness/signal.mjs';
import { SlowUpload } from '../harness/slow_upload.mjs';
import { until } from '../harness/until.mjs';

const seconds = 10;
const long = () => clipBytes({ seconds, size: '1280x720' });
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: ['processing.lease_seconds=5'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

/// What is asked of each job of READY; `encode` is the one that plans, and probes in its child.
const jobs = (id, what, where = 'TRUE') => daemon.database.query(`SELECT ${what} FROM jobs WHERE video_id = ${id} AND kind LIKE 'encode%' AND kind <> 'encode-storyboard' AND ${where}`);
async function playsWhole(id) {
  const { master, masterPath } = await creator.play(id);
  for (const rendition of parseMaster(master)) {
    const { frames, errors } = await decode(daemon.url + resolveUri(masterPath, rendition.uri));
    assert.deepEqual([frames, errors], [seconds * 25, '']);
  }
}

test('the encoder is killed: the task is tried again and the video is READY', async () => {
  const id = await creator.upload(long());
  for (const child of await encodingChildren(daemon, id)) signal(child, 'SIGKILL');
  await creator.ready(id);
  assert.ok(jobs(id, 'id', "kind <> 'encode' AND crashes > 0").length > 0, 'what makes a rendition was tried again');
  await playsWhole(id);
});

test('the daemon is killed while it encodes: after the restart the video is READY', async () => {
  const id = await creator.upload(long());
  const children = await encodingChildren(daemon, id);
  await daemon.kill();
  await until(() => !children.some((child) => signal(child, 0)), { what: 'the workers died with their daemon', within: 5000 });
  await daemon.start();
  await creator.ready(id);
  await playsWhole(id);
});

test('the daemon is killed the moment the upload is acknowledged: nothing is lost', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await daemon.kill();
  await daemon.start();
  await creator.ready(id);
});

test('the daemon is killed in the middle of an upload: the video waits for its file as before', async () => {
  const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: 'cut' } })).json;
  const upload = await SlowUpload.begin(creator, id, 50 << 20);
  upload.send(Buffer.alloc(1 << 20, 1));
  await daemon.kill();
  await upload.closed;
  await daemon.start();
  assert.equal((await creator.video(id)).status, 'UPLOADED');
  ok(await creator.put(`/api/v1/videos/${id}/upload`, { body: clipBytes({ seconds: 1 }), headers: { 'content-type': 'application/octet-stream' } }));
  await creator.ready(id);
});

test('no storage is left behind that no row names', async () => {
  const keys = new Set(daemon.database.query('SELECT storage_key FROM sources').flat());
  const files = execFileSync('find', [daemon.dataDir, '-path', '*/sources/*', '-type', 'f'], { encoding: 'utf8' }).split('\n').filter(Boolean);
  for (const file of files) assert.ok([...keys].some((key) => file.endsWith(key)), `${file} belongs to no source`);
});

test('a file that a dead daemon handed to storage without its row is removed once it is old', async () => {
  // What a kill between the two leaves: an object beside the sources of a video that has a row of its own.
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const [source] = execFileSync('find', [daemon.dataDir, '-path', `*/videos/${id}/sources/*`, '-type', 'f'], { encoding: 'utf8' }).split('\n');
  const planted = (name, age) => {
    const path = join(dirname(source), name);
    writeFileSync(path, 'half a film');
    const time = Date.now() / 1000 - age;
    utimesSync(path, time, time);
    return path;
  };
  const day = 86_400;
  utimesSync(source, Date.now() / 1000 - 2 * day, Date.now() / 1000 - 2 * day);
  const lost = planted('lost', day);
  const young = planted('young', 600);
  await daemon.kill();
  await daemon.start();
  await until(() => !existsSync(lost), { what: 'the lost file is removed', within: 10_000 });
  assert.match(daemon.log, /removed a stored source that no row names/);
  assert.ok(existsSync(young) && existsSync(source));
  rmSync(young);
  await creator.play(id);
});

contractTest('crash');
