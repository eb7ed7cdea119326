// Story: a site with every secret there is goes about its day with its log at its most talkative. Afterwards
// none of them is in the journal, in any field of any line of any service.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { request } from '../harness/http.mjs';
import { Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';
import { follow } from './follow.mjs';

const planted = (what) => `planted-${what}-${randomBytes(9).toString('hex')}`;
const secrets = { admin: planted('admin'), database: planted('database'), wrong: planted('wrong'), signing: planted('signing'), query: planted('query') };
let site;
before(async () => {
  site = await Site.install('secrets');
  await site.does('systemctl start postgresql');
  await until(async () => (await site.sh('runuser -u postgres -- psql -Atc "SELECT 1"')).code === 0, { what: 'PostgreSQL answers' });
  // By its input: a command line is in the journal.
  await site.does('runuser -u postgres -- psql -q', { input: `CREATE ROLE reeld LOGIN PASSWORD '${secrets.database}'; \nCREATE DATABASE reeld OWNER reeld;` });
});
after(() => site.dispose());

/// What root puts into /etc/reeld/secrets reaches the daemon as a credential of its unit.
function keep(name, secret) {
  return site.does(`install -d -m 0700 /etc/reeld/secrets && umask 077 && cat >/etc/reeld/secrets/${name}`, { input: secret });
}

test('credentials of root alone reach the daemon, which runs as somebody else', async () => {
  await keep('admin-password', secrets.admin);
  await keep('signing', `${secrets.signing}-long-enough-to-sign-with`);
  await follow(site, 'The first administrator', (index) => index === 1);
  site.write('/etc/reeld/conf.d/secret.yaml', [
    'auth: {secret_file: $CREDENTIALS_DIRECTORY/reeld.secrets_signing}',
    `database: {url: "postgresql://reeld:${secrets.database}@127.0.0.1/reeld"}`,
    'log: {level: debug}', '',
  ].join('\n'), 0o640);
  await site.does('chgrp reeld /etc/reeld/conf.d/secret.yaml && systemctl restart reeld');
  await site.ready();
  site.admin = await Client.signIn(site, { email: 'anna@example.org', password: secrets.admin });
});

test('the day goes by: right and wrong passwords, a clip, a reload, a database that refuses', async () => {
  await site.firstClip();
  await site.plays();
  const wrong = await new Client(site).post('/api/v1/auth/login', { form: { username: 'anna@example.org', password: secrets.wrong } });
  assert.equal(wrong.status, 401);
  await request(site.url, 'GET', `/api/v1/videos/?token=${secrets.query}`, { headers: { authorization: `Bearer ${site.admin.token}x` } });
  await request(site.url, 'POST', '/api/v1/auth/login', { headers: { 'content-type': 'application/json' }, body: `{"email": "anna@example.org", "password": "${secrets.wrong}"` });
  secrets.token = site.admin.token;
  secrets.grant = site.played.masterPath.split('/')[3];
  secrets.play = site.played.streamUrl.split('/').at(-1);
  await site.does('systemctl reload reeld');
  const made = await site.does('reeldctl user create second@example.org');
  [, secrets.generated] = made.match(/^password: (\S+)$/m);
  await site.does(`runuser -u postgres -- psql -qc "ALTER ROLE reeld PASSWORD 'another'"`);
  await site.sh('systemctl restart --no-block reeld');
  await until(async () => /password authentication failed/.test(await site.journal()), { what: 'the database refuses' });
});

test('what the daemon prints of its configuration is masked', async () => {
  // systemd shows credentials to the daemon alone, so at a shell nothing can be said of them.
  const output = await site.does('reeld --print-config && reeld --check-config 2>&1');
  for (const secret of Object.values(secrets)) assert.ok(!output.includes(secret), output);
});

test('no secret is anywhere in the journal', async () => {
  const journal = await site.does('journalctl --output=export --no-pager --all');
  assert.ok(journal.includes('reeld'));
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(secret.length > 15, what);
    assert.ok(!journal.includes(secret), `${what}: ${journal.split('\n').find((line) => line.includes(secret))}`);
  }
});
