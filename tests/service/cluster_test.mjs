// Story: several daemons share one database. They start at once on a fresh one, and what one of them ends has
// ended on the others within a second.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';

let first, second, third, daemons, guest, video;
before(async () => {
  first = await Daemon.prepare();
  second = await Daemon.prepare({ database: first.database.shared() });
  third = await Daemon.prepare({ database: first.database.shared() });
  daemons = [first, second, third];
  await Promise.all(daemons.map((daemon) => daemon.start()));
  guest = new Client(second);
});
after(async () => {
  for (const daemon of [third, second, first]) await daemon.dispose();
});

const ended = async (ask, what) => {
  const began = Date.now();
  const answer = await until(async () => {
    const got = await ask();
    return got.status >= 400 && got;
  }, { what, within: 5000, every: 20 });
  return { answer, took: Date.now() - began };
};
const withinASecond = async (ask, status, code) => {
  const { answer, took } = await ended(ask, code);
  refused(answer, status, code);
  assert.ok(took < 1000, `${code} took ${took} ms`);
};

test('daemons that start at once on a fresh database make one schema and one administrator', async () => {
  assert.deepEqual(first.database.query("SELECT COUNT(*) FROM users WHERE role = 'ADMIN'"), [['1']]);
  assert.deepEqual(first.database.query('SELECT COUNT(*) FROM credentials'), [['1']]);
  for (const daemon of daemons) {
    await Client.signIn(daemon, admin);
    assert.ok(!daemon.log.includes(admin.password));
  }
  assert.equal(daemons.filter((daemon) => /made the first administrator/.test(daemon.log)).length, 1);
});

test('a token of one daemon is good on the other, and refreshed there', async () => {
  const person = await Client.person(first);
  const signed = ok(await new Client(first).post('/api/v1/auth/login', { form: { username: person.email, password: person.password } })).json;
  ok(await guest.get('/api/v1/auth/me', { token: signed.access_token }));
  const next = ok(await guest.post('/api/v1/auth/refresh', { json: { refresh_token: signed.refresh_token } })).json;
  ok(await new Client(first, next.access_token).get('/api/v1/auth/me'));
  // Two tabs behind a balancer may meet two daemons.
  const tabs = await Promise.all(daemons.map((daemon) => new Client(daemon).post('/api/v1/auth/refresh', { json: { refresh_token: next.refresh_token } })));
  assert.equal(new Set(tabs.map((answer) => ok(answer).json.refresh_token)).size, 1);
});

test('signing out on one daemon ends token and play address on the other within a second', async () => {
  const creator = await Client.person(first, 'CREATOR');
  video = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(video);
  const person = await Client.person(first);
  const { masterPath } = await person.play(video);
  ok(await guest.get('/api/v1/auth/me', { token: person.token }));
  ok(await guest.get(masterPath));
  ok(await person.post('/api/v1/auth/logout'));
  await Promise.all([
    withinASecond(() => guest.get('/api/v1/auth/me', { token: person.token }), 401, 'session-ended'),
    withinASecond(() => guest.get(masterPath), 403, 'grant-revoked'),
  ]);
});

test('a demotion and a deactivation hold on the other daemon within a second', async () => {
  const root = await Client.admin(first);
  const person = await Client.person(first, 'CREATOR', root);
  const there = new Client(second, person.token);
  ok(await there.post('/api/v1/videos/', { json: { title: 'x' } }));
  const { masterPath } = await person.play(video);
  ok(await guest.get(masterPath));
  ok(await root.patch(`/api/v1/users/${person.id}/role`, { json: { role_name: 'VIEWER' } }));
  await Promise.all([
    withinASecond(() => there.post('/api/v1/videos/', { json: { title: 'x' } }), 403, 'denied'),
    withinASecond(() => guest.get(masterPath), 403, 'grant-revoked'),
  ]);
  ok(await there.get('/api/v1/auth/me'));
  const anew = await person.play(video);
  ok(await guest.get(anew.masterPath));
  ok(await root.patch(`/api/v1/users/${person.id}/deactivate`));
  await Promise.all([
    withinASecond(() => there.get('/api/v1/auth/me'), 401, 'session-ended'),
    withinASecond(() => guest.get(anew.masterPath), 403, 'grant-revoked'),
  ]);
});

test('a registration at every daemon at once makes one user', async () => {
  const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => new Client(daemons[i % daemons.length])
    .post('/api/v1/auth/register', { json: { email: i % 2 ? 'race@example.org' : 'Race@Example.org', password: 'a long enough password' } })));
  const statuses = answers.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status < 300).length, 1, statuses.join(' '));
  assert.ok(statuses.every((status) => status < 300 || status === 409 || status === 503), statuses.join(' '));
});

contractTest('cluster');
