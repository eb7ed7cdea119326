// Story: people register, sign in, are who they are, and get the role an administrator gives them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';

let daemon, guest, root;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
});
after(() => daemon.dispose());

const register = (email, password = 'a long enough password') => guest.post('/api/v1/auth/register', { json: { email, password } });

test('health answers anybody', async () => {
  const answer = await guest.get('/api/v1/health');
  assert.deepEqual([answer.status, answer.json], [200, { status: 'healthy' }]);
});

test('a new user registers, signs in by form and by JSON, and is a viewer', async () => {
  const made = ok(await register('first@example.org'));
  assert.equal(typeof made.json.user_id, 'number');
  const form = ok(await guest.post('/api/v1/auth/login', { form: { username: 'first@example.org', password: 'a long enough password', grant_type: 'password' } }));
  assert.equal(form.json.token_type, 'bearer');
  const byJson = ok(await guest.post('/api/v1/auth/login', { json: { email: 'first@example.org', password: 'a long enough password' } }));
  for (const token of [form.json.access_token, byJson.json.access_token]) {
    const me = ok(await guest.get('/api/v1/auth/me', { token }));
    assert.deepEqual(me.json, { ...me.json, id: made.json.user_id, email: 'first@example.org', role: 'VIEWER' });
  }
});

test('a role in the registration is ignored', async () => {
  ok(await guest.post('/api/v1/auth/register', { json: { email: 'sly@example.org', password: 'a long enough password', role: 'ADMIN', role_name: 'ADMIN' } }));
  const sly = await Client.signIn(daemon, { email: 'sly@example.org', password: 'a long enough password' });
  assert.equal((await sly.get('/api/v1/auth/me')).json.role, 'VIEWER');
});

test('an address is taken in any spelling of case', async () => {
  ok(await register('Case@Example.org'));
  for (const email of ['case@example.org', 'CASE@EXAMPLE.ORG', 'Case@Example.org']) refused(await register(email), 409, 'conflict');
  await Client.signIn(daemon, { email: 'cAsE@eXample.org', password: 'a long enough password' });
});

test('of 32 concurrent registrations of one address exactly one succeeds', async () => {
  const spellings = Array.from({ length: 32 }, (_, i) => (i % 2 ? 'race@example.org' : 'RACE@example.org'));
  const answers = await Promise.all(spellings.map((email) => register(email)));
  const statuses = answers.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status < 300).length, 1, statuses.join(' '));
  assert.ok(statuses.every((status) => status < 300 || status === 409 || status === 503), statuses.join(' '));
  assert.deepEqual(daemon.database.query("SELECT COUNT(*) FROM users WHERE lower(email) = 'race@example.org'"), [['1']]);
});

test('wrong credentials are 401 with one text, known address or not', async () => {
  ok(await register('known@example.org'));
  const login = (username, password) => guest.post('/api/v1/auth/login', { form: { username, password } });
  const known = refused(await login('known@example.org', 'wrong password'), 401);
  const unknown = refused(await login('nobody@example.org', 'wrong password'), 401);
  assert.equal(known.json.detail, unknown.json.detail);
  assert.equal(known.json.code, unknown.json.code);
  refused(await login('not an address', 'x'), 401);
  refused(await login('', ''), [401, 422]);
});

test('a body that lacks what it needs is 422 with the places', async () => {
  const answer = refused(await guest.post('/api/v1/auth/register', { json: {} }), 422);
  assert.deepEqual(answer.json.errors.map(({ pointer }) => pointer).sort(), ['/email', '/password']);
  refused(await guest.post('/api/v1/auth/login', { form: { username: 'a@example.org' } }), 422);
  refused(await register('no address'), 422);
  refused(await register('a@example.org', ''), 422);
  refused(await guest.post('/api/v1/auth/register', { json: { email: 7, password: true } }), 422);
});

test('a refusal never shows what was sent', async () => {
  const planted = 'planted-secret-3141';
  const answers = [
    await register('no address', planted),
    await guest.post('/api/v1/auth/login', { form: { username: 'a@example.org', password: planted } }),
    await guest.post('/api/v1/auth/register', { json: `{"email": "x@example.org", "password": "${planted}"` }),
  ];
  for (const answer of answers) assert.ok(!answer.text.includes(planted), answer.text);
  assert.ok(!daemon.log.includes(planted));
});

test('a password is its text up to the last character, NUL is refused', async () => {
  const long = 'p'.repeat(100);
  ok(await register('long@example.org', long));
  refused(await guest.post('/api/v1/auth/login', { form: { username: 'long@example.org', password: long.slice(0, 80) } }), 401);
  ok(await guest.post('/api/v1/auth/login', { form: { username: 'long@example.org', password: long } }));
  refused(await guest.post('/api/v1/auth/register', { json: '{"email":"nul@example.org","password":"long enough \\u0000 password"}' }), [400, 422]);
});

test('no token, another scheme and a broken token are 401 and say how to sign in', async () => {
  const tries = [{}, { headers: { authorization: 'Basic dTpw' } }, { token: 'abc' }, { token: 'a.b.c' }, { headers: { authorization: 'Bearer' } }, { token: root.token + 'x' }];
  for (const options of tries) {
    const answer = refused(await guest.get('/api/v1/auth/me', options), 401);
    assert.match(answer.headers['www-authenticate'] ?? '', /^Bearer/i);
  }
});

test('the scheme name is compared without case', async () => {
  ok(await guest.get('/api/v1/auth/me', { headers: { authorization: `bEaReR ${root.token}` } }));
});

test('only an administrator gives roles, and a change holds for the next request', async () => {
  const viewer = await Client.person(daemon);
  refused(await viewer.patch(`/api/v1/users/${viewer.id}/role`, { json: { role_name: 'ADMIN' } }), 403);
  refused(await viewer.post('/api/v1/videos/', { json: { title: 'x' } }), 403);
  ok(await root.patch(`/api/v1/users/${viewer.id}/role`, { json: { role_name: 'CREATOR' } }));
  ok(await viewer.post('/api/v1/videos/', { json: { title: 'x' } }));
  ok(await root.patch(`/api/v1/users/${viewer.id}/role`, { json: { role_name: 'VIEWER' } }));
  refused(await viewer.post('/api/v1/videos/', { json: { title: 'x' } }), 403);
});

test('an unknown role and an unknown user are 404, the role first', async () => {
  refused(await root.patch('/api/v1/users/999999/role', { json: { role_name: 'VIEWER' } }), 404);
  refused(await root.patch('/api/v1/users/999999/role', { json: { role_name: 'KING' } }), 404);
  refused(await root.patch('/api/v1/users/999999/role', { json: { role_name: 'admin' } }), 404);
  refused(await root.patch('/api/v1/users/x/role', { json: { role_name: 'VIEWER' } }), 422);
});

test('the last administrator cannot be demoted', async () => {
  const me = (await root.get('/api/v1/auth/me')).json;
  refused(await root.patch(`/api/v1/users/${me.id}/role`, { json: { role_name: 'VIEWER' } }), [403, 409]);
  assert.equal((await root.get('/api/v1/auth/me')).json.role, 'ADMIN');
});

test('the seeded administrator survives a restart and the password is printed nowhere', async () => {
  await daemon.stop();
  await daemon.start();
  root = await Client.signIn(daemon, admin);
  assert.ok(!daemon.log.includes(admin.password));
});

contractTest('accounts');
