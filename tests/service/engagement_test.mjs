// Story: viewers like videos and watch parts of them, and what is counted of that is right to the one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';

const seconds = 6;
let daemon, admin, creator, guest, free, paid;
before(async () => {
  daemon = await Daemon.start();
  admin = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', admin);
  guest = await Client.person(daemon);
  free = await creator.upload(clipBytes({ seconds, size: '320x180' }));
  paid = await creator.upload(clipBytes({ seconds, size: '320x180' }), { is_paid: true, price: 4.99 });
  await creator.ready(free);
  await creator.ready(paid);
});
after(() => daemon.dispose());

const react = (client, video, type) => client.post(`/api/v1/analytics/${video}/engagement/${type}`);
const withdraw = (client, video) => client.delete(`/api/v1/analytics/${video}/engagement`);
const standing = async (client, video) => ok(await client.get(`/api/v1/analytics/${video}/engagement`)).json;
const figures = async (video) => ok(await creator.get(`/api/v1/analytics/${video}`)).json;
const report = (client, video, json) => client.post(`/api/v1/videos/${video}/progress`, { json });
const progress = async (client, video) => ok(await client.get(`/api/v1/videos/${video}/progress`)).json;

/// A video of its own for a test that changes what it is.
async function another(fields = {}) {
  const id = await creator.upload(clipBytes({ seconds, size: '320x180' }), fields);
  await creator.ready(id);
  return id;
}

test('one user has one reaction: set, changed, withdrawn', async () => {
  assert.equal(ok(await react(guest, free, 'LIKE')).json.message, 'LIKE recorded');
  ok(await react(guest, free, 'LIKE'));
  assert.deepEqual(await standing(guest, free), { reaction: 'LIKE', likes: 1, dislikes: 0 });
  assert.equal(ok(await react(guest, free, 'DISLIKE')).json.message, 'DISLIKE recorded');
  assert.deepEqual(await standing(guest, free), { reaction: 'DISLIKE', likes: 0, dislikes: 1 });
  ok(await withdraw(guest, free));
  ok(await withdraw(guest, free));
  assert.deepEqual(await standing(guest, free), { reaction: null, likes: 0, dislikes: 0 });
});

test('likes are one per user, of videos one may play; a missing or deleted video is 404', async () => {
  const gone = await another();
  ok(await creator.delete(`/api/v1/videos/${gone}`));
  for (const video of [gone, 999_999]) {
    refused(await react(guest, video, 'LIKE'), 404);
    refused(await withdraw(guest, video), 404);
    refused(await guest.get(`/api/v1/analytics/${video}/engagement`), 404);
    refused(await report(guest, video, { position_ms: 0 }), 404);
    refused(await guest.get(`/api/v1/videos/${video}/progress`), 404);
  }
  refused(await react(guest, paid, 'LIKE'), 403, 'purchase-required');
  refused(await report(guest, paid, { position_ms: 0 }), 403, 'purchase-required');
  const empty = ok(await creator.post('/api/v1/videos/', { json: { title: 'no file yet' } }), 201).json.id;
  refused(await react(creator, empty, 'LIKE'), 400, 'video-not-ready');
  const wrong = refused(await react(guest, free, 'like'), 400, 'invalid-engagement-type');
  assert.match(wrong.json.detail, /^Invalid engagement type/);
  refused(await react(guest, 'x', 'LIKE'), 422);
  refused(await react(new Client(daemon), free, 'LIKE'), 401);
  assert.deepEqual(await standing(guest, paid), { reaction: null, likes: 0, dislikes: 0 });
});

test('32 users and one user with 32 hands at once: no count is wrong', async () => {
  const video = await another();
  const people = await Promise.all(Array.from({ length: 32 }, () => Client.person(daemon)));
  for (const answer of await Promise.all(people.map((person) => react(person, video, 'LIKE')))) ok(answer);
  assert.deepEqual(await standing(guest, video), { reaction: null, likes: 32, dislikes: 0 });
  const same = await Promise.all(Array.from({ length: 32 }, (_, i) => react(guest, video, i % 2 ? 'LIKE' : 'DISLIKE')));
  for (const answer of same) ok(answer);
  const { reaction, likes, dislikes } = await standing(guest, video);
  assert.equal(likes + dislikes, 33);
  assert.deepEqual([likes, dislikes], reaction === 'LIKE' ? [33, 0] : [32, 1]);
});

test('a view is counted once per play token, a viewer once', async () => {
  const video = await another();
  assert.deepEqual(await figures(video), { video_id: video, total_views: 0, unique_viewers: 0, likes: 0, dislikes: 0, watched_ms: 0 });
  const { streamUrl } = await guest.play(video);
  await Promise.all(Array.from({ length: 8 }, async () => ok(await guest.get(streamUrl, { token: null }))));
  await guest.play(video);
  await creator.play(video);
  ok(await react(guest, video, 'LIKE'));
  assert.deepEqual(await figures(video), { video_id: video, total_views: 3, unique_viewers: 2, likes: 1, dislikes: 0, watched_ms: 0 });
});

test('figures are for owner and administrators', async () => {
  refused(await guest.get(`/api/v1/analytics/${free}`), 403);
  refused(await new Client(daemon).get(`/api/v1/analytics/${free}`), 401);
  ok(await admin.get(`/api/v1/analytics/${free}`));
  refused(await admin.get('/api/v1/analytics/999999'), 404);
  refused(await admin.get('/api/v1/analytics/none'), 422);
});

test('skipping to the end is not watching, and one can go on where one was', async () => {
  const video = await another();
  await guest.play(video);
  const played = Date.now();
  const told = ok(await report(guest, video, { position_ms: seconds * 1000, watched: [{ from_ms: 0, to_ms: seconds * 1000 }] })).json;
  assert.ok(told.watched_ms <= Date.now() - played + 1000, JSON.stringify(told));
  assert.ok(told.watched_ms < seconds * 1000);
  assert.equal(told.position_ms, told.duration_ms);
  assert.deepEqual(await progress(guest, video), told);
  assert.equal((await figures(video)).watched_ms, told.watched_ms);
  assert.deepEqual((await progress(creator, video)).watched, []);
});

test('who watches it all has watched it all, each part once', async () => {
  const video = await another();
  await guest.play(video);
  const whole = await until(async () => {
    const now = ok(await report(guest, video, { position_ms: 1000.5, watched: [{ from_ms: 0, to_ms: seconds * 1000 }] })).json;
    return now.watched_ms === now.duration_ms && now;
  }, { what: 'everything is watched', within: 30_000, every: 500 });
  assert.deepEqual(whole.watched, [{ from_ms: 0, to_ms: whole.duration_ms }]);
  assert.equal(whole.position_ms, 1000);
  ok(await report(guest, video, { position_ms: 2000, watched: [{ from_ms: 0, to_ms: 2000 }] }));
  assert.equal((await figures(video)).watched_ms, whole.duration_ms);
});

test('a report that cannot be true is refused, with every fault, and changes nothing', async () => {
  const video = await another();
  const pointers = (answer) => answer.json.errors.map(({ pointer }) => pointer).sort();
  const bad = await report(guest, video, { position_ms: -1, watched: [{ from_ms: 5, to_ms: 1 }, { from_ms: 'a' }] });
  assert.deepEqual(pointers(refused(bad, 422)), ['/position_ms', '/watched/0/to_ms', '/watched/1/from_ms', '/watched/1/to_ms']);
  assert.deepEqual(pointers(refused(await report(guest, video, {}), 422)), ['/position_ms']);
  assert.deepEqual(pointers(refused(await report(guest, video, { position_ms: 1, watched: {} }), 422)), ['/watched']);
  assert.deepEqual(pointers(refused(await report(guest, video, { position_ms: 1, watched: Array(101).fill({ from_ms: 0, to_ms: 1 }) }), 422)), ['/watched']);
  refused(await guest.post(`/api/v1/videos/${video}/progress`, { body: '{"position_ms":1e400}', headers: { 'content-type': 'application/json' } }), 422);
  assert.equal((await progress(guest, video)).position_ms, 0);
});

test('what was answered is there after a kill', async () => {
  const video = await another();
  await guest.play(video);
  ok(await react(guest, video, 'DISLIKE'));
  const told = ok(await report(guest, video, { position_ms: 1234 })).json;
  await daemon.kill();
  await daemon.start();
  assert.deepEqual(await progress(guest, video), told);
  const { total_views, dislikes } = await figures(video);
  assert.deepEqual([total_views, dislikes], [1, 1]);
});

contractTest('engagement');
