// Story: many people sign in at once. Hashing has a thread of its own: the event loops and the workers do
// nothing of it, whatever the route and whatever the record, so whoever asks for something else is answered.
// Seen in what each thread computed and in what was answered first, not in how long anything took.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { threadsOf } from '../harness/threads.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

const password = 'a long enough password';
// Of the test vectors of bcrypt.
const bcrypt = ['$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'];
let daemon, guest, person, mailbox;
before(async () => {
  // A hash that costs so much that everything else is little beside it.
  daemon = await Daemon.start({ set: [
    'plugins.password={use: auth-password, config: {memlimit_kib: 65536, opslimit: 3}}', 'auth.videoflix_activation=false',
    'auth.throttle.account_failures=0', 'auth.throttle.address_failures=0',
  ] });
  guest = new Client(daemon);
  person = await Client.person(daemon);
  mailbox = new Mailbox(daemon);
});
after(() => daemon.dispose());

/// CPU microseconds that hashing, and everything else that answers requests, took while `work` was done.
async function shares(work) {
  const sum = (threads, passes) => threads.filter(({ name }) => passes(name)).reduce((all, { cpu }) => all + cpu, 0);
  const hash = (name) => name.startsWith('reeld-hash');
  const lanes = (name) => /^reeld-(loop|work|io)/.test(name);
  const before_ = threadsOf(daemon.pid);
  await work();
  const now = threadsOf(daemon.pid);
  for (const kind of [hash, lanes]) assert.ok(now.some(({ name }) => kind(name)), now.map(({ name }) => name).join(' '));
  return { hash: sum(now, hash) - sum(before_, hash), others: sum(now, lanes) - sum(before_, lanes) };
}

/// As long as forty hashes may take where this is one of many programs.
const patience = 240_000;
const login = (email, secret) => guest.post('/api/v1/auth/login', { form: { username: email, password: secret }, timeout: patience });
let made = 0;
const routes = {
  'a login': async () => ok(await login(person.email, person.password)),
  'a refused login': async () => assert.equal((await login(person.email, 'wrong password')).status, 401),
  'a login of nobody': async () => assert.equal((await login('nobody@example.org', 'wrong password')).status, 401),
  'a registration': async () => ok(await guest.post('/api/v1/auth/register', { json: { email: `new${++made}@example.org`, password } })),
  'a change of password': async () => ok(await person.post('/api/v1/auth/password', { json: { current_password: person.password, new_password: person.password } })),
  'a login of the pages': async () => answered(await new Visitor(daemon).post('/api/login/', { email: person.email, password: person.password }), 200, 'detail', 'user'),
  'a registration of the pages': async () => answered(await new Visitor(daemon).post('/api/register/', { email: `new${++made}@example.org`, password, confirmed_password: password }), 201, 'user', 'token'),
};

for (const [name, ask] of Object.entries(routes)) {
  test(`${name} is hashed on the hashing thread and nowhere else`, async () => {
    const { hash, others } = await shares(async () => { for (let i = 0; i < 3; ++i) await ask(); });
    assert.ok(hash > 100_000, `the hashing thread took ${hash} us`);
    assert.ok(others < hash / 4, `loops and workers took ${others} us, the hashing thread ${hash}`);
  });
}

test('a new password by a mailed link is hashed there too, on both surfaces', async () => {
  for (const confirm of [
    ({ uid, token }) => guest.post('/api/v1/auth/password/reset/confirm', { json: { uid, token, new_password: password } }),
    ({ uid, token }) => new Visitor(daemon).post(`/api/password_confirm/${uid}/${token}/`, { new_password: password, confirm_password: password }),
  ]) {
    const { email } = await Client.person(daemon);
    ok(await guest.post('/api/v1/auth/password/reset', { json: { email } }));
    const link = linkIn(await mailbox.next(email));
    const { hash, others } = await shares(async () => ok(await confirm(link)));
    assert.ok(hash > 30_000 && others < hash / 4, `loops and workers took ${others} us, the hashing thread ${hash}`);
  }
});

test('a bcrypt record of another system is hashed there too', async () => {
  const { email } = await Client.person(daemon);
  daemon.database.query(`UPDATE credentials SET record = '${bcrypt[0]}' WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);
  const { hash, others } = await shares(async () => ok(await login(email, bcrypt[1])));
  assert.ok(hash > 30_000 && others < hash / 4, `loops and workers took ${others} us, the hashing thread ${hash}`);
});

test('while the hashing lane is full, everybody else is answered before those who wait there', async () => {
  let left = 32;
  const logins = Array.from({ length: left }, async () => {
    const { status } = await login(person.email, person.password);
    --left;
    assert.ok(status === 200 || status === 503, `${status}`);
  });
  for (let i = 0; i < 20; ++i) {
    ok(await person.get('/api/v1/videos/'));
    ok(await guest.get('/api/v1/health'));
    ok(await person.get('/api/v1/auth/me'));
  }
  // Were the hashes made by workers or loops, each of these would have waited for several of them.
  assert.ok(left >= 8, `${32 - left} of 32 logins were answered before`);
  await Promise.all(logins);
});

test('a request that needs no hash is refused at once while the hashing lane is full, and takes no place there', async () => {
  const full = await Daemon.start({ set: [
    'plugins.password={use: auth-password, config: {memlimit_kib: 65536, opslimit: 3}}', 'auth.throttle.address_failures=0', 'auth.throttle.registrations=0',
  ] });
  after(() => full.dispose());
  const client = new Client(full);
  const known = await Client.person(full);
  const boxes = new Mailbox(full);
  ok(await client.post('/api/v1/auth/password/reset', { json: { email: known.email } }));
  const link = linkIn(await boxes.next(known.email));
  const enter = (email, secret = 'wrong password') => client.post('/api/v1/auth/login', { form: { username: email, password: secret }, timeout: patience });
  for (let i = 0; i < 10; ++i) assert.equal((await enter('held@example.org')).status, 401);
  for (let i = 0; i < 6; ++i) assert.equal((await enter('held@example.org')).status, 429);

  let left = 40;
  const crowd = Array.from({ length: left }, async (_, i) => {
    const { status } = await enter(`nobody${i}@example.org`);
    --left;
    return status;
  });
  const page = new Visitor(full);
  const held = {
    'a login that has to wait': [() => enter('held@example.org'), 429],
    'a login of the pages that has to wait': [() => page.post('/api/login/', { email: 'held@example.org', password }), 429],
    'a login that is no JSON': [() => client.post('/api/v1/auth/login', { body: '{', headers: { 'content-type': 'application/json' } }), 422],
    'a login without a password': [() => client.post('/api/v1/auth/login', { json: { email: 'x@example.org' } }), 422],
    'a login of the pages without a password': [() => page.post('/api/login/', { email: 'x@example.org' }), 400],
    'a registration with a weak password': [() => client.post('/api/v1/auth/register', { json: { email: 'new@example.org', password: 'short' } }), 422],
    'a registration of the pages that is no JSON': [() => page.ask('POST', '/api/register/', { body: '{', headers: { 'content-type': 'application/json' } }), 400],
    'a registration of a taken address': [() => client.post('/api/v1/auth/register', { json: { email: known.email, password } }), 409],
    'a change of password without a token': [() => client.post('/api/v1/auth/password', { json: { current_password: 'x', new_password: password } }), 401],
    'a change to a weak password': [() => known.post('/api/v1/auth/password', { json: { current_password: 'x', new_password: 'short' } }), 422],
    'a bad link': [() => client.post('/api/v1/auth/password/reset/confirm', { json: { uid: link.uid, token: 'x', new_password: password } }), 400],
    'a good link with a weak password': [() => client.post('/api/v1/auth/password/reset/confirm', { json: { uid: link.uid, token: link.token, new_password: 'short' } }), 422],
    'a bad link of the pages': [() => page.post(`/api/password_confirm/${link.uid}/x/`, { new_password: password, confirm_password: password }), 400],
  };
  for (const [name, [ask, status]] of Object.entries(held)) {
    const { status: got, text } = await ask();
    assert.equal(got, status, `${name}: ${text}`);
  }
  // None of them waited for one of the hashes.
  assert.ok(left >= 20, `${40 - left} of 40 logins were answered before`);
  const answers = await Promise.all(crowd);
  assert.ok(answers.every((status) => status === 401 || status === 503), answers.join(' '));
  assert.ok(answers.filter((status) => status === 401).length >= 32, answers.join(' '));
});

contractTest('lanes');
