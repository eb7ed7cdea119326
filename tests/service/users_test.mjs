// Story: an administrator looks after people: lists them, changes what they may, shuts them out, lets them in
// again, deletes them. Whatever is done holds for the very next request of whom it concerns.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { Visitor } from '../harness/visitor.mjs';

let daemon, root, rootId, guest, video;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  rootId = (await root.get('/api/v1/auth/me')).json.id;
  const creator = await Client.person(daemon, 'CREATOR', root);
  video = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(video);
});
after(() => daemon.dispose());

const listed = async (id) => ok(await root.get('/api/v1/users/?limit=200')).json.find((user) => user.id === id);
const signIn = (person) => guest.post('/api/v1/auth/login', { form: { username: person.email, password: person.password } });

test('the list is for administrators, newest first, and tells who may come in', async () => {
  const person = await Client.person(daemon);
  const page = ok(await root.get('/api/v1/users/?limit=2'));
  assert.deepEqual([page.json.length, page.json[0].id], [2, person.id]);
  assert.deepEqual(Object.keys(page.json[0]).sort(), ['awaits_activation', 'created_at', 'email', 'id', 'is_active', 'role']);
  assert.ok(Number(page.headers['x-total-count']) > 2);
  for (const query of ['skip=-1', 'limit=x', 'limit=-5']) refused(await root.get(`/api/v1/users/?${query}`), 422);
  refused(await person.get('/api/v1/users/'), 403);
  refused(await guest.get('/api/v1/users/'), 401);
});

test('the list tells who has yet to follow the mailed link, and an administrator may let them in', async () => {
  const email = 'newcomer@example.org', password = 'a long enough password';
  await new Visitor(daemon).post('/api/register/', { email, password, confirmed_password: password });
  const newest = async () => ok(await root.get('/api/v1/users/?limit=1')).json[0];
  const told = async () => (await daemon.ctl(['user', 'list', '--limit', '1'])).output.split('\n')[1];
  const { id, ...states } = await newest();
  assert.deepEqual([states.email, states.is_active, states.awaits_activation], [email, true, true]);
  assert.match(await told(), /VIEWER +not yet /);
  const listed_ = JSON.parse((await daemon.ctl(['user', 'list', '--json'])).output);
  assert.equal(listed_.find((user) => user.id === id).awaits_activation, true);
  refused(await signIn({ email, password }), 401, 'invalid-credentials');
  ok(await root.patch(`/api/v1/users/${id}/activate`));
  assert.equal((await newest()).awaits_activation, false);
  assert.match(await told(), /VIEWER +yes /);
  ok(await signIn({ email, password }));
});

test('what is for administrators alone says so', async () => {
  assert.deepEqual(ok(await root.get('/api/v1/users/admin-only')).json, { message: 'Welcome Admin' });
  refused(await (await Client.person(daemon, 'CREATOR', root)).get('/api/v1/users/admin-only'), 403);
  refused(await guest.get('/api/v1/users/admin-only'), 401);
});

test('a demotion holds for the very next request, in every session', async () => {
  const person = await Client.person(daemon, 'CREATOR', root);
  const other = await Client.signIn(daemon, person);
  ok(await other.post('/api/v1/videos/', { json: { title: 'x' } }));
  ok(await root.patch(`/api/v1/users/${person.id}/role`, { json: { role_name: 'VIEWER' } }));
  for (const client of [person, other]) refused(await client.post('/api/v1/videos/', { json: { title: 'x' } }), 403);
});

test('what a role opened is not watched on after it, and what is open to all is granted anew', async () => {
  const creator = await Client.person(daemon, 'CREATOR', root);
  const paid = await creator.upload(clipBytes({ seconds: 1 }), { is_paid: true, price: 5 });
  await creator.ready(paid);
  const boss = await Client.person(daemon, 'ADMIN', root);
  const { masterPath } = await boss.play(paid);
  const free = await boss.play(video);
  ok(await guest.get(masterPath));
  ok(await root.patch(`/api/v1/users/${boss.id}/role`, { json: { role_name: 'VIEWER' } }));
  for (const path of [masterPath, free.masterPath]) refused(await guest.get(path), 403, 'grant-revoked');
  refused(await boss.get(`/api/v1/stream/${paid}`), 403);
  ok(await guest.get((await boss.play(video)).masterPath));
  ok(await boss.get('/api/v1/auth/me'));
});

test('who is given a higher role watches on', async () => {
  const person = await Client.person(daemon);
  const { masterPath } = await person.play(video);
  ok(await root.patch(`/api/v1/users/${person.id}/role`, { json: { role_name: 'CREATOR' } }));
  ok(await guest.get(masterPath));
});

test('a deactivated user is out on the very next request and watches nothing more', async () => {
  const person = await Client.person(daemon);
  const { masterPath, streamUrl } = await person.play(video);
  ok(await person.get('/api/v1/auth/me'));
  ok(await root.patch(`/api/v1/users/${person.id}/deactivate`));
  refused(await person.get('/api/v1/auth/me'), 401, 'session-ended');
  refused(await guest.get(masterPath), 403, 'grant-revoked');
  refused(await guest.get(streamUrl), 401, 'token-revoked');
  const right = refused(await signIn(person), 401, 'invalid-credentials');
  const wrong = refused(await signIn({ ...person, password: 'not this one' }), 401, 'invalid-credentials');
  assert.equal(right.json.detail, wrong.json.detail);
  assert.equal((await listed(person.id)).is_active, false);
  ok(await root.patch(`/api/v1/users/${person.id}/deactivate`));
  ok(await root.patch(`/api/v1/users/${person.id}/activate`));
  refused(await person.get('/api/v1/auth/me'), 401, 'session-ended');
  const again = await Client.signIn(daemon, person);
  await again.play(video);
});

test('a deleted user is gone on the very next request, and the address is free', async () => {
  const person = await Client.person(daemon);
  const { masterPath } = await person.play(video);
  ok(await root.delete(`/api/v1/users/${person.id}`));
  refused(await person.get('/api/v1/auth/me'), 401, 'session-ended');
  refused(await guest.get(masterPath), 403, 'grant-revoked');
  refused(await signIn(person), 401, 'invalid-credentials');
  assert.equal(await listed(person.id), undefined);
  refused(await root.delete(`/api/v1/users/${person.id}`), 404);
  refused(await root.patch(`/api/v1/users/${person.id}/role`, { json: { role_name: 'ADMIN' } }), 404);
  const made = ok(await guest.post('/api/v1/auth/register', { json: { email: person.email, password: person.password } }));
  assert.ok(made.json.user_id > person.id);
  refused(await person.get('/api/v1/auth/me'), 401, 'session-ended');
});

test('the last active administrator can be neither demoted nor deactivated nor deleted', async () => {
  const second = await Client.person(daemon, 'ADMIN', root);
  ok(await root.patch(`/api/v1/users/${second.id}/deactivate`));
  const tries = () => Promise.all([
    root.patch(`/api/v1/users/${rootId}/role`, { json: { role_name: 'VIEWER' } }),
    root.patch(`/api/v1/users/${rootId}/deactivate`), root.delete(`/api/v1/users/${rootId}`),
  ]);
  for (const answer of await tries()) refused(answer, 409, 'last-admin');
  ok(await root.get('/api/v1/users/admin-only'));
  // Of two who go at once one stays.
  ok(await root.patch(`/api/v1/users/${second.id}/activate`));
  const again = await Client.signIn(daemon, second);
  const answers = await Promise.all([root.patch(`/api/v1/users/${second.id}/deactivate`), again.patch(`/api/v1/users/${rootId}/deactivate`)]);
  const statuses = answers.map(({ status }) => status).sort();
  assert.ok(statuses[0] === 200 && [401, 409].includes(statuses[1]), statuses.join(' '));
  const who = await Promise.all([admin, second].map((one) => signIn(one)));
  assert.equal(who.filter(({ status }) => status === 200).length, 1);
  if (who[0].status !== 200) {
    const left = await Client.signIn(daemon, second);
    ok(await left.patch(`/api/v1/users/${rootId}/activate`));
  }
  root = await Client.admin(daemon);
});

test('only administrators change who others are', async () => {
  const person = await Client.person(daemon, 'CREATOR', root);
  for (const [method, path] of [['PATCH', 'activate'], ['PATCH', 'deactivate'], ['DELETE', '']]) {
    const of = (id) => `/api/v1/users/${id}/${path}`.replace(/\/$/, '');
    refused(await person.ask(method, of(rootId)), 403);
    refused(await guest.ask(method, of(rootId)), 401);
    refused(await root.ask(method, of(999999)), 404);
    refused(await root.ask(method, of('x')), 422);
  }
});

contractTest('users');
