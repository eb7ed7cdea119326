// Story: somebody guesses passwords. He waits longer and longer, at once and in the surface's own shape; who
// knows the password and waits as told comes in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';

let daemon, guest;
before(async () => {
  daemon = await Daemon.start({ set: ['auth.throttle.address_failures=0'] });
  guest = new Client(daemon);
});
after(() => daemon.dispose());

const password = 'a long enough password';
const register = (client, email) => client.post('/api/v1/auth/register', { json: { email, password } });
const login = (email, secret = password, client = guest) => client.post('/api/v1/auth/login', { form: { username: email, password: secret } });
const held = (answer) => {
  refused(answer, 429, 'too-many-attempts');
  return Number(answer.headers['retry-after']);
};

test('ten failures are answered, the eleventh waits, known address or not', async () => {
  ok(await register(guest, 'known@example.org'));
  for (const email of ['known@example.org', 'unknown@example.org', 'no address at all']) {
    for (let i = 0; i < 10; ++i) refused(await login(email, 'wrong password'), 401, 'invalid-credentials');
    const began = Date.now();
    assert.equal(held(await login(email, 'wrong password')), 1);
    assert.equal(held(await login(email.toUpperCase())), 2);
    assert.equal(held(await login(email)), 4);
    assert.ok(Date.now() - began < 2000, 'the refusal is immediate');
  }
});

test('the right password after the wait comes in, and clears what was counted', async () => {
  ok(await register(guest, 'patient@example.org'));
  for (let i = 0; i < 10; ++i) refused(await login('patient@example.org', 'wrong password'), 401);
  const seconds = held(await login('patient@example.org'));
  await pause(seconds * 1000);
  ok(await login('patient@example.org'));
  for (let i = 0; i < 9; ++i) refused(await login('patient@example.org', 'wrong password'), 401);
  ok(await login('patient@example.org'));
});

test('every further failure doubles the wait', async () => {
  for (let i = 0; i < 10; ++i) refused(await login('greedy@example.org', 'wrong password'), 401);
  for (const seconds of [1, 2]) {
    assert.equal(held(await login('greedy@example.org', 'wrong password')), seconds);
    await pause(seconds * 1000);
    refused(await login('greedy@example.org', 'wrong password'), 401);
  }
  assert.equal(held(await login('greedy@example.org', 'wrong password')), 4);
});

test('wrong current passwords count like failed logins', async () => {
  const person = await Client.person(daemon);
  const change = (current) => person.post('/api/v1/auth/password', { json: { current_password: current, new_password: 'another long password' } });
  for (let i = 0; i < 10; ++i) refused(await change('wrong password'), 403, 'wrong-password');
  assert.equal(held(await change(person.password)), 1);
  assert.equal(held(await login(person.email, person.password)), 2);
});

test('an address is counted over all names, and registrations on their own', async () => {
  const other = await Daemon.start({ set: ['auth.throttle.account_failures=0', 'auth.throttle.address_failures=5', 'auth.throttle.registrations=3'] });
  const client = new Client(other);
  for (const name of ['a', 'b', 'c']) ok(await register(client, `${name}@example.org`));
  assert.equal(held(await register(client, 'd@example.org')), 1);
  refused(await register(client, 'no address'), 422);
  for (let i = 0; i < 5; ++i) refused(await login(`nobody${i}@example.org`, 'wrong password', client), 401);
  assert.equal(held(await login('a@example.org', password, client)), 1);
  await other.dispose();
});

contractTest('throttle');
