// Story: a catalogue is kept: tags, searches, filters and orders, a poster of one's own, and what each reader sees.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';

let daemon, root, creator, other, viewer, guest, folder;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  other = await Client.person(daemon, 'CREATOR', root);
  viewer = await Client.person(daemon);
  folder = mkdtempSync(join(tmpdir(), 'reeld-pictures-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon.dispose();
});

const make = async (fields = {}, who = creator) => ok(await who.post('/api/v1/videos/', { json: { title: 'a title', ...fields } })).json;
const change = (id, json, who = creator) => who.put(`/api/v1/videos/${id}`, { json });
const titles = async (who, query) => ok(await who.get(`/api/v1/videos/?${query}`)).json.map(({ title }) => title);

test('tags are kept as they are given, replaced as a whole, and found without regard to case', async () => {
  const video = await make({ title: 'tagged', tags: [' Rust ', 'rust', 'Big Data', ''] });
  assert.deepEqual(video.tags, ['Rust', 'Big Data']);
  assert.deepEqual(ok(await change(video.id, { title: 'tagged' })).json.tags, ['Rust', 'Big Data']);
  assert.deepEqual(await titles(creator, 'tag=big%20data'), ['tagged']);
  assert.deepEqual(ok(await change(video.id, { tags: ['other'] })).json.tags, ['other']);
  assert.deepEqual(await titles(creator, 'tag=rust'), []);
  assert.deepEqual(await titles(creator, 'tag=OTHER'), ['tagged']);
  for (const tags of [[7], { a: 1 }, ['x'.repeat(51)], ['a\nb'], Array.from({ length: 21 }, (_, i) => `t${i}`)]) {
    refused(await change(video.id, { tags }), 422);
  }
  assert.deepEqual((await creator.video(video.id)).tags, ['other']);
  assert.deepEqual(ok(await change(video.id, { tags: [] })).json.tags, []);
});

test('a form gives tags with commas between', async () => {
  const part = (name, value) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = Buffer.from(part('title', 'by form') + part('tags', 'one, two') + '--b--\r\n');
  const made = ok(await creator.post('/api/v1/videos/', { body, headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': body.length } })).json;
  assert.deepEqual(made.tags, ['one', 'two']);
});

test('words are searched in titles and descriptions, each reader among what he may see', async () => {
  await make({ title: 'Grüße aus KÖLN', description: 'Straßenbahn und Rhein' });
  await make({ title: 'Grüner Tee', description: 'aus Japan' }, other);
  const find = (who, q) => titles(who, `q=${encodeURIComponent(q)}`);
  assert.deepEqual(await find(creator, 'köln'), ['Grüße aus KÖLN']);
  assert.deepEqual(await find(creator, 'STRASSENBAHN rhein'), ['Grüße aus KÖLN']);
  assert.deepEqual(await find(root, 'grü'), ['Grüner Tee', 'Grüße aus KÖLN']);
  assert.deepEqual(await find(root, 'grü aus japan'), ['Grüner Tee']);
  assert.deepEqual(await find(creator, 'grüner'), []);
  assert.deepEqual(await find(viewer, 'köln'), []);
  for (const q of ["'; DROP TABLE videos; --", '%', '_', '*', '"', '\\', '!!!', 'ø'.repeat(200), '\u{1F600}']) assert.deepEqual(await find(root, q), []);
  refused(await root.get(`/api/v1/videos/?q=${'x'.repeat(201)}`), 422);
  refused(await root.get('/api/v1/videos/?q=%00'), [400, 422]);
});

test('words of any script are searched for, by themselves and by their beginnings', async () => {
  const thai = 'ประเทศไทยรวมเลือดเนื้อชาติเชื้อไทย';
  const mixed = 'x' + 'ø'.repeat(40);
  for (const title of ['Мой клип', 'Суп дня', 'το νερό', thai, mixed, 'ÿÿÿ']) await make({ title });
  const find = (q) => titles(creator, `q=${encodeURIComponent(q)}`);
  assert.deepEqual(await find('клип'), ['Мой клип']);
  assert.deepEqual(await find('КЛИ'), ['Мой клип']);
  assert.deepEqual(await find('суп'), ['Суп дня']);
  assert.deepEqual(await find('το'), ['το νερό']);
  assert.deepEqual(await find('ÿÿÿ'), ['ÿÿÿ']);
  assert.deepEqual(await find(thai), [thai]);
  assert.deepEqual(await find(mixed), [mixed]);
  assert.deepEqual(await find('поп'), []);
});

test('every word of a search counts, and more than 32 are refused', async () => {
  const some = Array.from({ length: 32 }, (_, n) => `many${n}`).join(' ');
  await make({ title: some });
  assert.deepEqual(await titles(creator, `q=${encodeURIComponent(some.slice(0, 200))}`), [some]);
  const short = Array.from({ length: 31 }, (_, n) => `n${n}`).join(' ');
  await make({ title: short });
  assert.deepEqual(await titles(creator, `q=${encodeURIComponent(short)}`), [short]);
  assert.deepEqual(await titles(creator, `q=${encodeURIComponent(`${short} absent`)}`), []);
  const refusal = refused(await creator.get(`/api/v1/videos/?q=${encodeURIComponent(`${short} one two`)}`), 422);
  assert.match(refusal.text, /\/q.*at most 32 different words/);
});

test('a list is filtered and sorted, and its links keep what was asked', async () => {
  for (const [title, category, price] of [['b', 'shelf', 1], ['A', 'shelf', null], ['c', 'shelf', 2], ['d', 'elsewhere', 2]]) {
    await make({ title, category, is_paid: price !== null, price });
  }
  assert.deepEqual(await titles(root, 'category=Shelf&sort=title'), ['A', 'b', 'c']);
  assert.deepEqual(await titles(root, 'category=shelf&sort=-title'), ['c', 'b', 'A']);
  assert.deepEqual(await titles(root, 'category=shelf'), ['c', 'A', 'b']);
  assert.deepEqual(await titles(root, 'category=shelf&sort=created'), ['b', 'A', 'c']);
  assert.deepEqual(await titles(root, 'category=shelf&paid=true&sort=title'), ['b', 'c']);
  assert.deepEqual(await titles(root, 'category=shelf&paid=false'), ['A']);
  assert.deepEqual(await titles(root, `category=shelf&creator=${other.id}`), []);
  assert.deepEqual(await titles(root, 'category=shelf&state=READY'), []);
  assert.deepEqual(await titles(root, 'category=shelf&state=UPLOADED&sort=title&limit=1&skip=1'), ['b']);
  assert.deepEqual(await titles(viewer, 'category=shelf&state=UPLOADED'), []);
  const page = ok(await root.get('/api/v1/videos/?category=shelf&sort=title&limit=1'));
  assert.equal(page.headers['x-total-count'], '3');
  assert.match(page.headers.link, /<\/api\/v1\/videos\/\?skip=1&limit=1&category=shelf&sort=title>; rel="next"/);
  const next = page.headers.link.match(/<([^>]*)>; rel="next"/)[1];
  assert.deepEqual(ok(await root.get(next)).json.map(({ title }) => title), ['b']);
  const [first] = ok(await root.get('/api/v1/videos/?category=shelf&sort=created&limit=1')).json;
  ok(await change(first.id, { description: 'touched' }));
  assert.deepEqual((await titles(root, 'category=shelf&sort=-updated'))[0], 'b');
  for (const bad of ['state=ready', 'sort=size', 'sort=--title', 'paid=maybe', 'creator=x', 'creator=-1', 'category=a%20b', 'deleted=perhaps']) {
    refused(await root.get(`/api/v1/videos/?${bad}`), 422);
  }
});

test('deleted videos are listed for administrators alone', async () => {
  const video = await make({ title: 'thrown away' });
  ok(await creator.delete(`/api/v1/videos/${video.id}`));
  refused(await creator.get('/api/v1/videos/?deleted=true'), 403);
  assert.ok((await titles(root, 'deleted=true')).includes('thrown away'));
  assert.ok(!(await titles(root, 'q=thrown')).includes('thrown away'));
  ok(await root.patch(`/api/v1/videos/${video.id}/restore`));
  assert.deepEqual(await titles(root, 'deleted=true'), []);
  assert.deepEqual(await titles(root, 'q=thrown'), ['thrown away']);
});

test('why videos failed is in the list, for those who may know', async () => {
  const id = await creator.upload(Buffer.from('this is no video'), { title: 'no video' });
  await creator.settled(id);
  const failure = async (who) => ok(await who.get('/api/v1/videos/?state=FAILED&q=no')).json[0]?.failure;
  assert.equal(typeof (await failure(root)).cause, 'string');
  assert.deepEqual(Object.keys(await failure(creator)).sort(), ['hint', 'stage']);
  assert.equal(await failure(other), undefined);
});

function picture(name, ...options) {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=c=red:size=1600x1000', '-frames:v', '1', ...options, path]);
  return readFileSync(path);
}
const poster = async (id) => ok(await guest.get(`/media/thumbnails/video_${id}.jpg`));
const send = (who, id, body, type = 'image/png') => who.put(`/api/v1/videos/${id}/poster`, { body, headers: { 'content-type': type, 'content-length': body.length } });
function sizeOf(bytes) {
  const path = join(folder, 'poster.jpg');
  writeFileSync(path, bytes);
  return execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim();
}

test('a poster of one\'s own is decoded and written anew, and outlives a reprocessing', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }), { title: 'with a poster' });
  const video = await creator.ready(id);
  assert.equal(video.has_own_poster, false);
  const made = await poster(id);
  const png = picture('red.png');
  const changed = ok(await send(creator, id, png)).json;
  assert.equal(changed.has_own_poster, true);
  assert.ok(changed.updated_at > video.updated_at);
  const own = await poster(id);
  assert.equal(own.headers['content-type'], 'image/jpeg');
  assert.notEqual(own.headers.etag, made.headers.etag);
  assert.equal(sizeOf(own.body), 'mjpeg,1280,800');
  for (const [bytes, type] of [[picture('red.jpg'), 'image/jpeg'], [picture('red.webp', '-c:v', 'libwebp'), 'image/webp'], [png, 'application/octet-stream']]) {
    ok(await send(creator, id, bytes, type));
    assert.equal(sizeOf((await poster(id)).body), 'mjpeg,1280,800', type);
  }
  const last = await poster(id);
  ok(await creator.post(`/api/v1/videos/${id}/reprocess`));
  await untilRemade(id);
  assert.deepEqual((await poster(id)).body, last.body);
  assert.equal(ok(await creator.delete(`/api/v1/videos/${id}/poster`)).json.has_own_poster, false);
  assert.notDeepEqual((await poster(id)).body, last.body);
  assert.equal(sizeOf((await poster(id)).body).split(',')[0], 'mjpeg');
  ok(await creator.delete(`/api/v1/videos/${id}/poster`));
});

async function untilRemade(id) {
  for (;;) {
    const video = await creator.video(id);
    assert.equal(video.status, 'READY');
    if (!video.reprocessing) return video;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a video without a file can have a poster', async () => {
  const video = await make();
  assert.equal(video.thumbnail_url, null);
  assert.equal(ok(await send(creator, video.id, picture('small.png', '-vf', 'scale=31:17'))).json.thumbnail_url, `/media/thumbnails/video_${video.id}.jpg`);
  assert.equal(sizeOf((await poster(video.id)).body).split(',')[0], 'mjpeg');
  assert.equal(ok(await creator.delete(`/api/v1/videos/${video.id}/poster`)).json.thumbnail_url, null);
  refused(await guest.get(`/media/thumbnails/video_${video.id}.jpg`), 404);
});

test('what is no picture, or not one\'s own video, gets no poster', async () => {
  const video = await make();
  const png = picture('red.png');
  const bad = [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), Buffer.alloc(0), clipBytes({ seconds: 1 }), png.subarray(0, png.length / 2),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, 7)]), Buffer.from('RIFF\x10\0\0\0WEBPVP8 xxxxxxxx', 'latin1')];
  for (const body of bad) refused(await send(creator, video.id, body), 422);
  refused(await send(creator, video.id, Buffer.alloc((16 << 20) + 1)), 413);
  refused(await send(other, video.id, png), 404);
  refused(await send(viewer, video.id, png), 404);
  refused(await send(creator, 999999, png), 404);
  refused(await creator.put('/api/v1/videos/x/poster', { body: png, headers: { 'content-type': 'image/png', 'content-length': png.length } }), 422);
  refused(await guest.put(`/api/v1/videos/${video.id}/poster`, { body: png, headers: { 'content-type': 'image/png', 'content-length': png.length } }), 401);
  refused(await other.delete(`/api/v1/videos/${video.id}/poster`), 404);
  assert.equal((await creator.video(video.id)).thumbnail_url, null);
});

test('videos that are made, changed and deleted at once are all counted', async () => {
  const count = async () => Number(ok(await root.get('/api/v1/videos/?limit=1')).headers['x-total-count']);
  const before = await count();
  const made = await Promise.all(Array.from({ length: 24 }, (_, i) => make({ title: `many ${i}` }, i % 2 ? creator : other)));
  await Promise.all(made.slice(0, 8).map(({ id }) => root.delete(`/api/v1/videos/${id}`)));
  assert.equal(await count(), before + 16);
  const rows = daemon.database.query('SELECT COUNT(*) FROM videos WHERE deleted_at IS NULL');
  assert.equal(await count(), Number(rows[0][0]));
});

contractTest('the catalogue');
