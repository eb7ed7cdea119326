// Story: a creator's videos: made, listed by role, changed, priced, deleted, restored, pushed by an admin.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';

let daemon, root, creator, other, viewer, guest;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  other = await Client.person(daemon, 'CREATOR', root);
  viewer = await Client.person(daemon);
});
after(() => daemon.dispose());

const make = async (fields = {}, who = creator) => ok(await who.post('/api/v1/videos/', { json: { title: 'a title', ...fields } })).json;
const ids = async (who, query = '') => ok(await who.get(`/api/v1/videos/${query}`)).json.map(({ id }) => id);

test('a new video has every field of the contract and waits for its file', async () => {
  const video = await make({ title: 'first', description: 'words' });
  assert.deepEqual(
    { title: video.title, description: video.description, is_paid: video.is_paid, price: video.price, status: video.status, is_deleted: video.is_deleted, deleted_at: video.deleted_at },
    { title: 'first', description: 'words', is_paid: false, price: null, status: 'UPLOADED', is_deleted: false, deleted_at: null });
  assert.equal(video.creator_id, creator.id);
  assert.equal(video.category, 'miscellaneous');
  assert.equal(typeof video.upload_url, 'string');
  assert.ok(!Number.isNaN(Date.parse(video.created_at)), video.created_at);
});

test('a category is a slug, given at creation and at every update, and kept in lower case', async () => {
  const video = await make({ category: 'Soulfood' });
  assert.equal(video.category, 'soulfood');
  const change = (category) => creator.put(`/api/v1/videos/${video.id}`, { json: { category } });
  assert.equal(ok(await change('sci-fi_2')).json.category, 'sci-fi_2');
  for (const category of ['', ' ', 'sci fi', '<b>', 'a/b', 'ü', '-x', 'x'.repeat(51), 7]) refused(await change(category), 422);
  assert.equal(ok(await change(null)).json.category, 'sci-fi_2');
});

test('updated_at is when the video changed last, created_at stays', async () => {
  const video = await make();
  assert.equal(video.updated_at, video.created_at);
  const changed = ok(await creator.put(`/api/v1/videos/${video.id}`, { json: { title: 'another' } })).json;
  assert.ok(changed.updated_at > video.updated_at, changed.updated_at);
  assert.equal(changed.created_at, video.created_at);
});

test('texts come back as they were given', async () => {
  const title = `<b>&"'</b> ü 😀 ' OR 1=1; -- \\`;
  const video = await make({ title, description: '\u2028 <script>\n\t$1 ? :x' });
  const again = await creator.video(video.id);
  assert.equal(again.title, title);
  assert.equal(again.description, '\u2028 <script>\n\t$1 ? :x');
});

test('a title has 1 to 300 characters, one of which can be seen, on every way in', async () => {
  await make({ title: 'ü'.repeat(300) });
  for (const title of ['', 'ü'.repeat(301), null, 7, ['x']]) refused(await creator.post('/api/v1/videos/', { json: { title } }), 422);
  const { id } = await make({ title: 'seen' });
  for (const title of [' ', '\t\n', '\u00a0\u3000', '\u200b', '\ufeff\u2060', '\u3164', '\u202e']) {
    const form = Buffer.from(`--b\r\nContent-Disposition: form-data; name="title"\r\n\r\n${title}\r\n--b--\r\n`);
    for (const answer of [
      await creator.post('/api/v1/videos/', { json: { title } }),
      await creator.put(`/api/v1/videos/${id}`, { json: { title } }),
      await creator.post('/api/v1/videos/', { body: form, headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': form.length } }),
    ]) assert.deepEqual(refused(answer, 422).json.errors.map(({ pointer }) => pointer), ['/title'], JSON.stringify(title));
    assert.equal((await daemon.ctl(['video', 'edit', String(id), '--title', title])).code, 1);
  }
  assert.equal((await creator.video(id)).title, 'seen');
  await make({ title: '\u200b😀' });
  refused(await creator.post('/api/v1/videos/', { json: {} }), 422);
});

test('a paid video needs a price of 0.01 to 999999.99 with two places at most', async () => {
  for (const [given, price] of [[9.99, 9.99], ['9.99', 9.99], [0.01, 0.01], [999999.99, 999999.99], [5, 5], ['12.5', 12.5]]) {
    assert.equal((await make({ is_paid: true, price: given })).price, price);
  }
  const bad = ['0', '-1', '0.001', '9.999', '1000000', '1e400', '1e308', 'NaN', 'Infinity', '-0.01', 'null', '"NaN"', '"Infinity"', '"1e3"', '"9,99"', '""', '" 9"', '"0x10"', 'true', '[]', '{}', '1e-3'];
  for (const price of bad) {
    refused(await creator.post('/api/v1/videos/', { json: `{"title":"x","is_paid":true,"price":${price}}` }), [400, 422]);
  }
  refused(await creator.post('/api/v1/videos/', { json: { title: 'x', is_paid: true } }), [400, 422]);
});

test('the rules of the price hold for an update as well', async () => {
  const video = await make({ is_paid: true, price: 5 });
  for (const price of ['0', '-1', '9.999', '1e400', '"NaN"', '1000000']) {
    refused(await creator.put(`/api/v1/videos/${video.id}`, { json: `{"price":${price}}` }), [400, 422]);
  }
  assert.equal((await creator.video(video.id)).price, 5);
  const free = await make();
  refused(await creator.put(`/api/v1/videos/${free.id}`, { json: { is_paid: true } }), [400, 422]);
  assert.equal(ok(await creator.put(`/api/v1/videos/${free.id}`, { json: { is_paid: true, price: '1.50' } })).json.price, 1.5);
  ok(await root.get('/api/v1/videos/'));
});

test('money in JSON has the digits that were set', async () => {
  const video = await make({ is_paid: true, price: 0.1 });
  assert.match((await creator.get(`/api/v1/videos/${video.id}`)).text, /"price":\s*0\.10?[,}]/);
});

test('an update changes what it names and leaves the rest', async () => {
  const video = await make({ title: 'old', description: 'kept' });
  const changed = ok(await creator.put(`/api/v1/videos/${video.id}`, { json: { title: 'new', description: null, unknown: 1 } })).json;
  assert.deepEqual([changed.title, changed.description], ['new', 'kept']);
});

test('only the owner and an administrator change a video', async () => {
  const { id } = await make();
  refused(await viewer.put(`/api/v1/videos/${id}`, { json: { title: 'x' } }), [403, 404]);
  refused(await other.put(`/api/v1/videos/${id}`, { json: { title: 'x' } }), [403, 404]);
  refused(await other.delete(`/api/v1/videos/${id}`), [403, 404]);
  refused(await guest.put(`/api/v1/videos/${id}`, { json: { title: 'x' } }), 401);
  assert.equal(ok(await root.put(`/api/v1/videos/${id}`, { json: { title: 'by root' } })).json.title, 'by root');
});

test('administrators list all, creators what is ready and their own, viewers what is ready', async () => {
  const mine = (await make()).id;
  const theirs = (await make({}, other)).id;
  const ready = await creator.upload(clipBytes({ seconds: 1 }), { title: 'ready' });
  await creator.ready(ready);
  const [all, own, foreign, public_] = await Promise.all([ids(root, '?limit=200'), ids(creator, '?limit=200'), ids(other, '?limit=200'), ids(viewer, '?limit=200')]);
  for (const id of [mine, theirs, ready]) assert.ok(all.includes(id));
  assert.ok(own.includes(mine) && own.includes(ready) && !own.includes(theirs));
  assert.ok(foreign.includes(theirs) && foreign.includes(ready) && !foreign.includes(mine));
  assert.ok(public_.includes(ready) && !public_.includes(mine) && !public_.includes(theirs));
  refused(await guest.get('/api/v1/videos/'), 401);
  refused(await other.put(`/api/v1/videos/${ready}`, { json: { title: 'x' } }), 403);
});

test('lists are newest first, paged, counted and linked', async () => {
  const made = [];
  for (let i = 0; i < 5; ++i) made.unshift((await make({ title: `page ${i}` })).id);
  const first = ok(await creator.get('/api/v1/videos/?limit=2'));
  assert.deepEqual(first.json.map(({ id }) => id), made.slice(0, 2));
  assert.ok(Number(first.headers['x-total-count']) >= 5);
  const next = first.headers.link.match(/<([^>]+)>;\s*rel="?next"?/)[1];
  const path = next.replace(/^https?:\/\/[^/]+/, '');
  assert.deepEqual((await ids(creator, path.slice('/api/v1/videos/'.length))), made.slice(2, 4));
  assert.deepEqual(await ids(creator, '?skip=4&limit=1'), made.slice(4, 5));
  assert.ok((await ids(creator, '?limit=100000')).length <= 200);
  for (const query of ['?limit=-1', '?skip=-1', '?limit=x', '?skip=1e3', '?skip=99999999999999999999']) {
    refused(await creator.get(`/api/v1/videos/${query}`), 422);
  }
});

test('a list answers with and without its slash', async () => {
  ok(await creator.get('/api/v1/videos'));
  const made = await creator.post('/api/v1/videos', { json: { title: 'no slash' } });
  ok(made);
});

test('a deleted video is gone for all until an administrator restores it', async () => {
  const { id } = await make();
  ok(await creator.delete(`/api/v1/videos/${id}`));
  refused(await creator.delete(`/api/v1/videos/${id}`), 404);
  refused(await creator.get(`/api/v1/videos/${id}`), 404);
  refused(await creator.put(`/api/v1/videos/${id}`, { json: { title: 'x' } }), 404);
  refused(await root.get(`/api/v1/stream/${id}`), 404);
  assert.ok(!(await ids(root, '?limit=200')).includes(id));
  refused(await creator.patch(`/api/v1/videos/${id}/restore`), 403);
  refused(await viewer.patch('/api/v1/videos/999999/restore'), 403);
  refused(await root.patch('/api/v1/videos/999999/restore'), 404);
  ok(await root.patch(`/api/v1/videos/${id}/restore`));
  ok(await root.patch(`/api/v1/videos/${id}/restore`));
  assert.equal((await creator.video(id)).is_deleted, false);
});

test('the status goes one way and only an administrator pushes it', async () => {
  const { id } = await make();
  const push = (who, status) => who.patch(`/api/v1/videos/${id}/status`, { json: { status } });
  refused(await push(creator, 'PROCESSING'), 403);
  refused(await root.patch('/api/v1/videos/999999/status', { json: { status: 'READY' } }), 404);
  for (const status of ['READY', 'UPLOADED', 'nonsense', '']) refused(await push(root, status), [400, 422]);
  const ready = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(ready);
  for (const status of ['UPLOADED', 'PROCESSING', 'FAILED']) {
    refused(await root.patch(`/api/v1/videos/${ready}/status`, { json: { status } }), 400);
  }
});

test('a video without a file says so when somebody wants to play it', async () => {
  const { id } = await make();
  for (const who of [creator, root]) {
    const answer = refused(await who.get(`/api/v1/stream/${id}`), 400);
    assert.match(answer.json.detail, /upload|file|source/i);
  }
});

contractTest('videos');
