// Story: a new site without an administrator. A secret lies in its data folder; who knows it becomes the
// first administrator over HTTP, once.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';

let daemon, guest, file, secret;
before(async () => {
  daemon = await Daemon.start({ set: ['admin.email=', 'admin.password_file='] });
  guest = new Client(daemon);
  file = join(daemon.dataDir, 'setup-secret');
});
after(() => daemon.dispose());

const password = 'a long enough password';
const register = (email, more = {}) => guest.post('/api/v1/auth/register', { json: { email, password, ...more } });
const admins = () => Number(daemon.database.query("SELECT COUNT(*) FROM users WHERE role = 'ADMIN'")[0][0]);

test('a new site has a private secret, and its log says what to do without showing it', () => {
  assert.equal(statSync(file).mode & 0o777, 0o600);
  secret = readFileSync(file, 'utf8').trim();
  assert.ok(secret.length >= 32);
  assert.match(daemon.log, /reeldctl user create --admin EMAIL/);
  assert.ok(!daemon.log.includes(secret));
});

test('a wrong secret is 403 and makes nobody, no secret makes a viewer', async () => {
  for (const wrong of ['', 'x', `${secret} `, secret.slice(1), secret.toUpperCase()]) refused(await register('root@example.org', { setup_secret: wrong }), 403, 'setup-secret');
  refused(await register('root@example.org', { setup_secret: 5 }), 422);
  refused(await register('no address', { setup_secret: secret }), 422);
  ok(await register('viewer@example.org'));
  assert.equal(admins(), 0);
});

test('of eight who know the secret at once exactly one becomes the administrator', { timeout: 60_000 }, async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => register(`root${i}@example.org`, { setup_secret: secret })));
  const made = answers.filter(({ status }) => status === 201);
  assert.equal(made.length, 1, answers.map(({ status, text }) => `${status} ${text}`).join('\n'));
  for (const answer of answers) if (answer.status !== 201) refused(answer, 403, 'setup-secret');
  assert.equal(admins(), 1);
  assert.ok(!existsSync(file));
  const root = await Client.signIn(daemon, { email: `root${answers.indexOf(made[0])}@example.org`, password });
  ok(await root.get('/api/v1/users/'));
});

test('a secret that comes back opens nothing once there is an administrator', async () => {
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  refused(await register('late@example.org', { setup_secret: secret }), 403, 'setup-secret');
  assert.equal(admins(), 1);
});

contractTest('setup');
