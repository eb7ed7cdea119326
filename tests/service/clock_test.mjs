// Story: the wall clock of the machine is set back by a minute while reeld runs. Who is signed in stays so, who
// may come in comes in at once, and nothing that was taken from anybody comes back, nor escapes being taken.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { WallClock } from '../harness/wall_clock.mjs';

let daemon, clock, guest, root, creator, video, doomed;
const people = {};
before(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeld-clock-'));
  clock = new WallClock(dataDir);
  daemon = await Daemon.start({ dataDir, env: clock.env, set: ['auth.throttle.address_failures=0'] });
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => creator.upload(clipBytes({ seconds: 1 }))));
  for (const id of [first, second, third]) await creator.ready(id);
  [video, doomed] = [first, second];

  // Before the step: some are signed in and watch; of others everything was taken.
  for (const name of ['stays', 'signsOut', 'resets', 'shutOut', 'forgets', 'deleted', 'signedOut', 'cameBack']) people[name] = await watching(await Client.person(daemon));
  people.watchedDeleted = await watching(await Client.person(daemon), third);
  people.watchesDoomed = await watching(await Client.person(daemon), doomed);
  people.guessed = await Client.person(daemon);
  people.twoTabs = await watching(await Client.person(daemon));
  ok(await people.signedOut.post('/api/v1/auth/logout'));
  ok(await root.patch(`/api/v1/users/${people.cameBack.id}/deactivate`));
  ok(await root.patch(`/api/v1/users/${people.cameBack.id}/activate`));
  ok(await creator.delete(`/api/v1/videos/${third}`));
  for (let i = 0; i < 10; ++i) refused(await login(people.guessed, 'wrong password'), 401);
  people.guessed.wait = Number(refused(await login(people.guessed), 429).headers['retry-after']);

  people.twoTabs.current = ok(await refreshed(people.twoTabs.refresh)).json;
  const before_ = await told();
  clock.set(-60);
  const step = before_ - (await told());
  assert.ok(step > 50_000 && step < 61_000, `the daemon's clock went back by ${step} ms`);
});
after(() => daemon.dispose());

const told = async () => Date.parse((await guest.get('/api/v1/health')).headers.date);
const login = (person, secret = person.password) => guest.post('/api/v1/auth/login', { form: { username: person.email, password: secret } });
const refreshed = (token) => guest.post('/api/v1/auth/refresh', { json: { refresh_token: token } });
const me = (person) => person.get('/api/v1/auth/me');
/// The same person with tokens of a new session, and the addresses of a play in it.
async function watching(person, id = video) {
  const { refresh_token: refresh, access_token: token } = ok(await login(person)).json;
  person.token = token;
  return Object.assign(person, { refresh }, await person.play(id));
}
async function goesOn(person) {
  ok(await me(person));
  ok(await guest.get(person.masterPath));
}
async function isOut(person) {
  refused(await me(person), 401, 'session-ended');
  refused(await guest.get(person.masterPath), 403, 'grant-revoked');
  refused(await guest.get(person.streamUrl), 401);
}

test('who is signed in stays so, refreshes, and goes on watching', async () => {
  const { stays } = people;
  await goesOn(stays);
  const next = ok(await refreshed(stays.refresh)).json;
  assert.equal(next.expires_in, 900);
  ok(await guest.get('/api/v1/auth/me', { token: next.access_token }));
  ok(await guest.get(stays.streamUrl));
  await stays.play(video);
});

test('two tabs that refresh after the step both go on; a token spent before it is refused, and its session goes on', async () => {
  const { twoTabs } = people;
  const late = ok(await login(await Client.person(daemon))).json;
  const tabs = [ok(await refreshed(late.refresh_token)).json, ok(await refreshed(late.refresh_token)).json];
  assert.equal(tabs[0].refresh_token, tabs[1].refresh_token);
  // Rotations go by the database's clock, and that of a PostgreSQL is not set back with the daemon's.
  if (daemon.database.kind === 'sqlite') {
    refused(await refreshed(twoTabs.refresh), 401, 'refresh-reused');
    assert.match(daemon.log, /used twice, and the clock was set back since; its session goes on/);
  }
  await goesOn(twoTabs);
  ok(await refreshed(twoTabs.current.refresh_token));
});

test('what had ended before the step does not come back', async () => {
  await isOut(people.signedOut);
  refused(await refreshed(people.signedOut.refresh), 401, 'session-ended');
  await isOut(people.cameBack);
  refused(await guest.get(people.watchedDeleted.masterPath), 403, 'grant-revoked');
  ok(await me(people.watchedDeleted));
});

test('who signs in after the step is in at once and watches at once', async () => {
  await goesOn(await watching(await Client.person(daemon)));
  for (const name of ['signedOut', 'cameBack']) await goesOn(await watching(people[name]));
});

test('what is ended after the step has ended, however much later it seems to have been given', async () => {
  const { signsOut, resets, shutOut, deleted, watchesDoomed } = people;
  ok(await signsOut.post('/api/v1/auth/logout'));
  await isOut(signsOut);

  const elsewhere = await Client.signIn(daemon, resets);
  ok(await elsewhere.post('/api/v1/auth/password', { json: { current_password: resets.password, new_password: 'another long password' } }));
  await isOut(resets);
  ok(await me(elsewhere));

  ok(await root.patch(`/api/v1/users/${shutOut.id}/deactivate`));
  await isOut(shutOut);
  ok(await root.delete(`/api/v1/users/${deleted.id}`));
  await isOut(deleted);

  ok(await creator.delete(`/api/v1/videos/${doomed}`));
  refused(await guest.get(watchesDoomed.masterPath), 403, 'grant-revoked');
  refused(await guest.get(watchesDoomed.streamUrl), 401);
});

test('who was slowed down waits no longer than he was told', async () => {
  await pause(people.guessed.wait * 1000);
  ok(await login(people.guessed));
  for (let i = 0; i < 10; ++i) refused(await login(people.guessed, 'wrong password'), 401);
  const seconds = Number(refused(await login(people.guessed), 429, 'too-many-attempts').headers['retry-after']);
  assert.equal(seconds, 1);
  await pause(1000);
  ok(await login(people.guessed));
});

test('a link for a new password arrives and is good', async () => {
  const { forgets } = people;
  ok(await guest.post('/api/v1/auth/password/reset', { json: { email: forgets.email } }));
  const { uid, token } = linkIn(await new Mailbox(daemon).next(forgets.email));
  ok(await guest.post('/api/v1/auth/password/reset/confirm', { json: { uid, token, new_password: 'another long password' } }));
  await isOut(forgets);
  ok(await login(forgets, 'another long password'));
});

test('a daemon that starts behind its own past keeps all of it', async () => {
  await daemon.stop();
  await daemon.start();
  const { stays } = people;
  await goesOn(stays);
  for (const name of ['signsOut', 'resets', 'shutOut', 'forgets', 'deleted']) await isOut(people[name]);
  ok(await stays.post('/api/v1/auth/logout'));
  await isOut(stays);
});

test('once the clock is right again nothing of this changes', async () => {
  const late = await watching(await Client.person(daemon));
  clock.set(0);
  await goesOn(late);
  for (const name of ['stays', 'signsOut', 'resets', 'shutOut', 'forgets', 'deleted']) await isOut(people[name]);
  ok(await late.post('/api/v1/auth/logout'));
  await isOut(late);
  refused(await refreshed(people.twoTabs.refresh), 401, 'refresh-reused');
  await isOut(people.twoTabs);
});

contractTest('clock');
