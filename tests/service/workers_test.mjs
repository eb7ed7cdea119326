// Story: two daemons with one PostgreSQL and one storage make one title. One of them is killed in the middle, or stands
// still until its work has been given to the other; which ends it, and every frame is there once. The suite tells it on
// PostgreSQL alone.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { signal } from '../harness/signal.mjs';
import { until } from '../harness/until.mjs';

// Forty segments, in thirteen ranges; without sound, so that all of them wait at once: ranges with sound come one by one, as
// fast as it is encoded, and on a busy machine the daemon that encodes it keeps up with them alone.
const seconds = 80;
let api, worker, creator, media;
before(async () => {
  api = await Daemon.prepare({ database: 'postgres' });
  media = join(api.dataDir, 'shared');
  mkdirSync(media);
  const set = ['packaging.segment_seconds=2', 'processing.lease_seconds=5', 'processing.concurrency=2', `plugins.disk.config.path=${media}`];
  api.settings.push(...set);
  worker = await Daemon.prepare({ database: api.database.shared(), set: [...set, 'roles=[worker]'] });
  await api.start();
  await worker.start();
  creator = await Client.person(api, 'CREATOR');
});
after(async () => {
  await worker?.dispose();
  await api?.dispose();
});

const ranges = (state) => api.database.query(`SELECT locked_by, COUNT(*) FROM jobs WHERE kind = 'encode-range' AND state = '${state}' GROUP BY locked_by`);

test('both daemons make parts of one title, one dies, and every frame is there once', async () => {
  const id = await creator.upload(clipBytes({ seconds, size: '640x360', audio: false }));
  await until(() => ranges('completed').length === 2 && ranges('running').length === 2, { what: 'each has made a part and makes another', within: 180_000, every: 20 });
  await worker.kill();
  await creator.ready(id, 300_000);
  const { master, masterPath } = await creator.play(id);
  for (const rendition of parseMaster(master)) {
    const { frames, times, errors } = await decode(api.url + resolveUri(masterPath, rendition.uri));
    assert.deepEqual([frames, errors], [seconds * 25, '']);
    assert.equal(new Set(times).size, frames);
  }
  assert.deepEqual(api.database.query(`SELECT COUNT(*), COUNT(DISTINCT number) FROM segments`), [[`${seconds / 2 * parseMaster(master).length}`, `${seconds / 2}`]]);
});

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
/// The files of storage by their path, each with the hash of its bytes.
function stored(id) {
  const files = readdirSync(media, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
  return new Map(files.filter((path) => path.includes(`videos/${id}/`)).map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
}
/// Of the worker's log, the ranges that it began and has not ended.
function held(from) {
  const log = worker.log.slice(from);
  const ended = new Set([...log.matchAll(/ job ended +job=(\d+)/g)].map(([, job]) => job));
  return [...log.matchAll(/ job started +job=(\d+) .*kind=encode-range/g)].map(([, job]) => job).filter((job) => !ended.has(job));
}
/// Stops the worker where it is, but with no row locked: the other would wait for it, which is another story.
async function standStill() {
  for (;;) {
    process.kill(worker.pid, 'SIGSTOP');
    await wait(50);
    if (api.database.query("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval '40 ms'")[0][0] === '0') return;
    process.kill(worker.pid, 'SIGCONT');
    await wait(20);
  }
}

test('a daemon that wakes after its work was given to the other changes no published byte, and leaves nothing', async (t) => {
  const from = worker.log.length;
  if (worker.ended) await worker.start();
  t.after(() => worker.ended || process.kill(worker.pid, 'SIGCONT'));
  const id = await creator.upload(clipBytes({ seconds, size: '640x360', audio: false }));
  await until(() => held(from).length === 2 && worker.children().length === 2, { what: 'it makes two ranges', within: 180_000, every: 20 });
  await standStill();
  const children = worker.children();
  // One child stands still with its daemon; what the others go on to make waits in their pipes for it.
  if (children.length > 0) process.kill(children[0], 'SIGSTOP');
  const running = api.database.query("SELECT id FROM jobs WHERE state = 'running'").flat();
  const jobs = held(from).filter((job) => running.includes(job));
  assert.ok(jobs.length > 0);
  await creator.ready(id, 300_000);
  const published = stored(id);
  assert.ok(published.size > seconds / 2);
  process.kill(worker.pid, 'SIGCONT');
  for (const child of children) signal(child, 'SIGCONT');  // but if its daemon was quicker, and has ended it
  const takenOver = () => [...worker.log.slice(from).matchAll(/ a job was taken over by another daemon +job=(\d+)/g)].map(([, job]) => job);
  await until(() => jobs.every((job) => takenOver().includes(job)), { what: 'it hears of it', within: 30_000, every: 20 });
  await until(() => worker.children().length === 0, { what: 'its children are gone', within: 15_000, every: 20 });
  // Not a byte is another, and of what it stored before it heard nothing is left.
  assert.deepEqual(stored(id), published);
  const { code, output } = await api.ctl(['storage', 'scan']);
  assert.equal(code, 0, output);
  await creator.play(id);
});
