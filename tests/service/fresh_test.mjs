// Story: what somebody has who installed reeld a minute ago and configured nothing.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';

const sites = [];
async function fresh() {
  const site = await Daemon.start({ database: 'sqlite', set: ['admin.email=', 'admin.password_file='] });
  sites.push(site);
  return site;
}
after(async () => { for (const site of sites) await site.dispose(); });

test('a fresh site knows no user, no default password and a secret that no other site has', async () => {
  const [one, other] = [await fresh(), await fresh()];
  for (const site of [one, other]) {
    const { output } = await site.ctl(['user', 'list', '--json']);
    assert.deepEqual(JSON.parse(output), []);
    assert.equal((await new Client(site).post('/api/v1/auth/login', { form: { username: admin.email, password: admin.password } })).status, 401);
    assert.equal(statSync(join(site.dataDir, 'secret')).mode & 0o777, 0o600);
    assert.match(site.log, /run `reeldctl user create --admin EMAIL`/);
  }
  const secretOf = (site) => readFileSync(join(site.dataDir, 'secret'), 'utf8').trim();
  assert.ok(secretOf(one).length >= 32);
  assert.notEqual(secretOf(one), secretOf(other));
  for (const site of [one, other]) assert.ok(!site.log.includes(secretOf(site)));
});
test('the first administrator made by reeldctl signs in with the password it printed', async () => {
  const [site] = sites;
  const made = JSON.parse((await site.ctl(['user', 'create', '--admin', 'anna@example.org', '--json'])).output);
  const client = await Client.signIn(site, { email: 'anna@example.org', password: made.password });
  assert.equal((await client.get('/api/v1/auth/me')).json.role, 'ADMIN');
  assert.ok(!site.log.includes(made.password));
});

contractTest('fresh');
