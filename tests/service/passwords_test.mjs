// Story: what people type as a password, and what machines send as one. No character of it is cut off, accents
// may be typed either way, and white space around it is no part of it, on either surface.
import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

let daemon, guest;
before(async () => {
  daemon = await Daemon.start({ set: ['auth.videoflix_activation=false', 'auth.throttle.account_failures=0', 'auth.throttle.address_failures=0'] });
  guest = new Client(daemon);
});
after(() => daemon.dispose());

let made = 0;
const register = async (password) => {
  const email = `p${++made}@example.org`;
  return { email, answer: await guest.post('/api/v1/auth/register', { json: { email, password } }) };
};
const login = (email, password) => guest.post('/api/v1/auth/login', { form: { username: email, password } });

test('a password has 8 to 128 characters, counted as people count', async () => {
  for (const password of ['x'.repeat(8), 'y'.repeat(128), 'ü'.repeat(8), '🐎'.repeat(128), 'x       y']) {
    const { email, answer } = await register(password);
    ok(answer);
    ok(await login(email, password));
  }
  for (const password of ['', 'x'.repeat(7), 'y'.repeat(129), 'ü'.repeat(129), 'u\u0308'.repeat(7), 'x'.repeat(1 << 19)]) {
    const { answer } = await register(password);
    assert.deepEqual(refused(answer, 422).json.errors.map(({ pointer }) => pointer), ['/password']);
  }
});

test('the passwords that are tried first are none, nor is one\'s own address', async () => {
  for (const password of ['password', 'Passw0rd', '12345678', 'qwertyuiop', 'iloveyou']) refused((await register(password)).answer, 422);
  refused(await guest.post('/api/v1/auth/register', { json: { email: 'a.long.name@example.org', password: 'A.Long.Name@example.org' } }), 422);
});

test('every character counts, also the last of a hundred', async () => {
  const password = 'p'.repeat(99) + 'q';
  const { email, answer } = await register(password);
  ok(answer);
  for (const other of ['p'.repeat(99), 'p'.repeat(100), password + 'q', password.slice(0, 72), `${password} q`]) refused(await login(email, other), 401, 'invalid-credentials');
  ok(await login(email, password));
});

test('white space around a password is no part of it: one password opens both surfaces, however it was padded', async () => {
  const text = 'a padded password';
  const paddings = [['  ', ' '], ['\u00a0', '\n'], ['', '\u3000'], ['', '']];
  const visit = (email, password) => new Visitor(daemon).post('/api/login/', { email, password });
  const onPages = `pages${++made}@example.org`;
  const padded = ` ${text}\t`;
  // The pages trim, as their contract says; v1 says that it will not have it.
  answered(await new Visitor(daemon).post('/api/register/', { email: onPages, password: padded, confirmed_password: padded }), 201, 'user', 'token');
  for (const [left, right] of paddings.slice(0, 3)) {
    const { answer } = await register(left + text + right);
    assert.deepEqual(refused(answer, 422).json.errors.map(({ pointer }) => pointer), ['/password']);
  }
  const { email: onV1, answer } = await register(text);
  ok(answer);
  for (const email of [onPages, onV1]) {
    for (const [left, right] of paddings) {
      ok(await login(email, left + text + right));
      answered(await visit(email, left + text + right), 200, 'detail', 'user');
    }
    refused(await login(email, ' a padded  password '), 401, 'invalid-credentials');
    answered(await visit(email, ' a padded  password '), 400, 'non_field_errors');
  }
  const person = await Client.signIn(daemon, { email: onV1, password: text });
  const change = (current_password, new_password) => person.post('/api/v1/auth/password', { json: { current_password, new_password } });
  assert.deepEqual(refused(await change(text, ` ${text} `), 422).json.errors.map(({ pointer }) => pointer), ['/new_password']);
  ok(await change(` ${text}`, 'another password'));
  refused((await register('         ')).answer, 422);
});

test('a padded password that was kept before goes on opening both surfaces', async () => {
  const secret = ' old secret ';
  const { email, answer } = await register('a long enough password');
  ok(answer);
  const salt = 'salt';
  const digest = pbkdf2Sync(secret, salt, 4096, 32, 'sha256').toString('base64');
  daemon.database.query(`UPDATE credentials SET record = 'pbkdf2_sha256$4096$${salt}$${digest}' WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);
  answered(await new Visitor(daemon).post('/api/login/', { email, password: secret }), 200, 'detail', 'user');
  ok(await login(email, secret));
  refused(await login(email, secret.trim()), 401, 'invalid-credentials');
});

test('an accent is the same whether it is one character or two', async () => {
  const { email, answer } = await register('mu\u0308nchen 1972');
  ok(answer);
  ok(await login(email, 'm\u00fcnchen 1972'));
  ok(await login(email, 'mu\u0308nchen 1972'));
  refused(await login(email, 'munchen 1972'), 401);
});

test('a login with what can be no password is a wrong one or badly written, and never a fault', async () => {
  const { email, answer } = await register('a long enough password');
  ok(answer);
  refused(await login(email, ''), [401, 422]);
  refused(await login(email, 'x'.repeat(100_000)), 401, 'invalid-credentials');
  refused(await guest.post('/api/v1/auth/login', { json: { email, password: 'x'.repeat(1 << 20) } }), 413);
  refused(await guest.post('/api/v1/auth/login', { json: { email, password: 'x'.repeat(900_000) } }), 401, 'invalid-credentials');
  refused(await guest.post('/api/v1/auth/login', { json: `{"email":"${email}","password":"a long\\u0000 password"}` }), [401, 422]);
  refused(await guest.post('/api/v1/auth/login', { json: `{"email":"${email}","password":"a long \\ud800 password"}` }), 422);
  refused(await guest.post('/api/v1/auth/login', { json: `{"email":"${email}","password":"a long \\udc00\\ud800"}` }), 422);
  refused(await guest.post('/api/v1/auth/login', { body: `username=${email}&password=%ff%fe`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 422);
  refused(await guest.post('/api/v1/auth/register', { json: '{"email":"s@example.org","password":"a long \\ud800 password"}' }), 422);
  refused(await login('x'.repeat(100_000), 'a long enough password'), 401, 'invalid-credentials');
  ok(await login(email, 'a long enough password'));
});

contractTest('passwords');
