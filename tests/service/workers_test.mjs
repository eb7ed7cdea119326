// Story: two daemons with one PostgreSQL and one storage make one title. One of them is killed in the middle; the
// other ends it, and every frame is there once. The suite tells it on PostgreSQL alone.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

// Forty segments, in thirteen ranges; without sound, so that all of them wait at once: ranges with sound come one by one, as
// fast as it is encoded, and on a busy machine the daemon that encodes it keeps up with them alone.
const seconds = 80;
let api, worker, creator;
before(async () => {
  api = await Daemon.prepare({ database: 'postgres' });
  const media = join(api.dataDir, 'shared');
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
