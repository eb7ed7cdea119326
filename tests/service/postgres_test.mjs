// Story: PostgreSQL goes away and comes back while the daemon serves. Requests fail with 503 meanwhile,
// nothing that was acknowledged is lost, and nobody has to restart reeld. The suite tells it on PostgreSQL alone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon, top } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ database: 'postgres' });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon?.dispose());

const restart = () => execFileSync(join(top, 'tests/tools/postgres'), ['restart', new URL(process.env.REELD_TEST_POSTGRES.replace('postgresql:', 'http:').replace('@/', '@x/')).searchParams.get('host')]);

test('requests during a crash of the database are 503 or right, and right again after it', async () => {
  const made = [];
  const statuses = new Set();
  let on = true;
  const client = (async () => {
    while (on) {
      const answer = await creator.post('/api/v1/videos/', { json: { title: 'through the storm' } });
      statuses.add(answer.status);
      if (answer.status < 300) made.push(answer.json.id);
    }
  })();
  await until(() => made.length > 5);
  restart();
  const before = made.length;
  await until(() => made.length > before + 5, { what: 'writes work again', within: 15_000 });
  on = false;
  await client;
  assert.ok([...statuses].every((status) => status < 300 || status === 503), [...statuses].join());
  for (const id of made) ok(await creator.get(`/api/v1/videos/${id}`));
});

test('a database of another owner ends the start for good, with the statement that gives it away', async () => {
  const { url } = daemon.database;
  daemon.database.query('DROP ROLE IF EXISTS guest_of_a_story');
  daemon.database.query('CREATE ROLE guest_of_a_story LOGIN');
  const guest = { ...daemon.database.shared(), settings: daemon.database.settings.map((one) => one.replace(/^(database\.url=postgresql:\/\/)[^@]*@/, '$1guest_of_a_story@')) };
  assert.notDeepEqual(guest.settings, daemon.database.settings, url);
  const other = await Daemon.prepare({ database: guest });
  other.launch();
  assert.equal((await other.exited).code, 78, other.log);
  assert.match(other.log, /permission denied.*ALTER DATABASE \S+ OWNER TO "guest_of_a_story"/);
  await other.dispose();
  daemon.database.query('DROP ROLE guest_of_a_story');
});

test('a job under way survives a crash of the database', async () => {
  const id = await creator.upload(clipBytes({ seconds: 10, size: '1280x720' }));
  await until(() => daemon.children().length > 0, { what: 'a worker runs', every: 20 });
  restart();
  await until(async () => (await request(daemon.adminUrl, 'GET', '/readyz')).status === 200, { what: 'ready again' });
  await creator.ready(id);
});

test('without the secret file a daemon on PostgreSQL does not start', async () => {
  const bare = await Daemon.prepare({ database: 'postgres' });
  bare.settings.push('auth.secret_file=');
  bare.launch();
  assert.equal((await bare.exited).code, 78);
  assert.match(bare.log, /secret_file: is required with PostgreSQL/);
  await bare.dispose();
});
