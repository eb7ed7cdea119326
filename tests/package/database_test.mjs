// Story: a site on PostgreSQL, set up as the guide says: peer authentication, no password. The database is
// away when the daemon starts, and goes away while it runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { top } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';
import { follow } from './follow.mjs';

let site;
before(async () => {
  site = await Site.install('database');
  await site.does('systemctl start postgresql');
  await until(async () => (await site.sh('runuser -u postgres -- psql -Atc "SELECT 1"')).code === 0, { what: 'PostgreSQL answers' });
});
after(() => site.dispose());

test('the steps of the guide move a site to PostgreSQL', async () => {
  await follow(site, 'PostgreSQL');
  await site.ready();
  await site.firstAdmin();
  await site.firstClip();
  await site.plays();
  const rows = await site.does('runuser -u postgres -- psql -At -d reeld -c "SELECT COUNT(*) FROM users"');
  assert.equal(rows.trim(), '1');
});

test('a dump is brought back as the guide says', async () => {
  const [, dump, move] = readFileSync(join(top, 'packaging/README.md'), 'utf8').match(/`(runuser -u reeld -- pg_dump [^`]*)` and\s+`(mv [^`]*)`/);
  await site.does(`mkdir -p -m 700 /var/backups/reeld && ${dump} && ${move} && systemctl stop reeld`);
  await follow(site, 'Backup by hand', (index) => index === 2);
  await site.does('systemctl start reeld');
  await site.ready();
  await site.plays();
});

test('a database that is down at start is a temporary failure that systemd tries again', { timeout: 60_000 }, async () => {
  await site.does('systemctl stop reeld && systemctl stop postgresql postgresql@15-main');
  const cursor = await site.cursor();
  await site.sh('systemctl start --no-block reeld');
  await until(async () => Number((await site.unit()).NRestarts) >= 2, { what: 'systemd has tried twice', within: 30_000 });
  const { ExecMainStatus, ActiveState } = await site.unit();
  assert.notEqual(ActiveState, 'failed');
  assert.match(await site.journalSince(cursor), /status=75/);
  assert.match(await site.journalSince(cursor), /reeld: .*(connect|database|server)/);
  assert.ok(['75', '0'].includes(ExecMainStatus));
  await site.does('systemctl start postgresql');
  await site.ready(30_000);
  await site.plays();
});

test('a database that goes away while the daemon runs costs neither the daemon nor a viewer', { timeout: 60_000 }, async () => {
  const before = await site.mainPid();
  await site.does('systemctl stop postgresql postgresql@15-main');
  await until(async () => (await request(site.adminUrl, 'GET', '/readyz')).status === 503, { what: '/readyz says so' });
  for (const { path } of site.stream.renditions[0].segments) assert.equal((await request(site.url, 'GET', path)).status, 200);
  assert.equal((await request(site.url, 'GET', '/api/v1/health')).status, 200);
  await site.does('systemctl start postgresql');
  await site.ready(30_000);
  assert.equal(await site.mainPid(), before);
  await site.plays();
});
