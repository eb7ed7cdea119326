// Story: a catalogue is kept: tags, searches, filters and orders, a poster of one's own, and what each reader sees.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';

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

test('a list that viewers share tells of every change at once, and of others\' within half a second', async () => {
  const page = async (who, query = 'limit=200') => ok(await who.get(`/api/v1/videos/?${query}`));
  const shown = async (who, id) => (await page(who)).json.find((video) => video.id === id);
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const second = await Client.person(daemon);
  for (const who of [viewer, second, viewer]) assert.equal((await shown(who, id)).status, 'READY');
  const [one, two] = [await page(viewer), await page(second)];
  assert.deepEqual([one.text, one.headers['x-total-count'], one.headers.link], [two.text, two.headers['x-total-count'], two.headers.link]);
  ok(await change(id, { title: 'called otherwise' }));
  assert.equal((await shown(viewer, id)).title, 'called otherwise');
  ok(await creator.delete(`/api/v1/videos/${id}`));
  assert.equal(await shown(viewer, id), undefined);
  ok(await root.patch(`/api/v1/videos/${id}/restore`));
  assert.equal((await shown(second, id)).title, 'called otherwise');
  daemon.database.query(`UPDATE videos SET title = 'by another daemon' WHERE id = ${id}`);
  await until(async () => (await shown(viewer, id)).title === 'by another daemon', { what: 'the page is read anew', within: 2000 });
  // The owner of a video is told why nothing came of its new file, whatever his role is today.
  daemon.database.query(`UPDATE videos SET failure_stage = 'probe', failure_hint = 'no video' WHERE id = ${id}`);
  const late = await Client.person(daemon, 'CREATOR', root);
  daemon.database.query(`UPDATE videos SET creator_id = ${late.id} WHERE id = ${id}`);
  ok(await root.patch(`/api/v1/users/${late.id}/role`, { json: { role_name: 'VIEWER' } }));
  await until(async () => (await shown(viewer, id)).creator_id === late.id, { what: 'the page is read anew', within: 2000 });
  for (let i = 0; i < 2; ++i) {
    assert.equal((await shown(late, id)).failure.hint, 'no video');
    assert.equal((await shown(viewer, id)).failure, null);
  }
  daemon.database.query(`UPDATE videos SET failure_stage = NULL, failure_hint = NULL WHERE id = ${id}`);
  // A session that has ended, a credential of none: not even what is remembered.
  await page(second);
  ok(await second.post('/api/v1/auth/logout'));
  refused(await second.get('/api/v1/videos/?limit=200'), 401);
  refused(await guest.get('/api/v1/videos/?limit=200'), 401);
  refused(await viewer.get('/api/v1/videos/?limit=x'), 422);
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

test('words of every script are found, whatever their last letter is, and very long ones, too', async () => {
  const find = (q) => titles(creator, `q=${encodeURIComponent(q)}`);
  const thai = 'สวัสดีชาวโลกทั้งหลายที่รักภาพยนตร์';
  for (const title of ['Мой клип', 'суп и поп', 'το σπίτι', 'ÿÿÿ', thai, `x${'ø'.repeat(60)}`]) await make({ title });
  assert.deepEqual(await find('клип'), ['Мой клип']);
  assert.deepEqual(await find('кли'), ['Мой клип']);
  for (const word of ['суп', 'поп', 'СУП ПОП']) assert.deepEqual(await find(word), ['суп и поп'], word);
  assert.deepEqual(await find('το'), ['το σπίτι']);
  assert.deepEqual(await find('ÿÿÿ'), ['ÿÿÿ']);
  assert.deepEqual(await find(thai), [thai]);
  for (const length of [40, 60]) assert.ok((await find(`x${'ø'.repeat(length)}`)).length <= 1);
  assert.deepEqual(await find(`x${'ø'.repeat(60)}`), [`x${'ø'.repeat(60)}`]);
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

const untilRemade = (id) => until(async () => {
  const video = await creator.video(id);
  assert.equal(video.status, 'READY');
  return !video.reprocessing && video;
}, { what: `video ${id} is made anew`, within: 60_000 });

test('a video without a file can have a poster', async () => {
  const video = await make();
  assert.equal(video.thumbnail_url, null);
  assert.equal(ok(await send(creator, video.id, picture('small.png', '-vf', 'scale=31:17'))).json.thumbnail_url, `/media/thumbnails/video_${video.id}.jpg`);
  assert.equal(sizeOf((await poster(video.id)).body).split(',')[0], 'mjpeg');
  assert.equal(ok(await creator.delete(`/api/v1/videos/${video.id}/poster`)).json.thumbnail_url, null);
  refused(await guest.get(`/media/thumbnails/video_${video.id}.jpg`), 404);
});

test('a form of a browser gives a poster as well: one picture, as its part "file"', async () => {
  const { id } = await make();
  const png = picture('red.png');
  const part = (name, value, more = '') => [`--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`, value, '\r\n'];
  const put = (...parts) => {
    const body = Buffer.concat([...parts.flat(), '--b--\r\n'].map((piece) => Buffer.from(piece)));
    return creator.put(`/api/v1/videos/${id}/poster`, { body, headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': body.length } });
  };
  const file = part('file', png, '; filename="red.png"');
  const pointer = async (answer) => refused(await answer, 422).json.errors[0].pointer;
  assert.equal(await pointer(put(part('title', 'no picture'))), '/file');
  assert.equal(await pointer(put(part('file', '', '; filename=""'))), '/file');
  assert.equal(await pointer(put(file, file)), '/file');
  assert.equal(await pointer(put(part('file', 'no picture', '; filename="a.png"'))), '');
  refused(await put(part('file', Buffer.alloc((16 << 20) + 1), '; filename="a.png"')), 413);
  refused(await put(part('note', Buffer.alloc((1 << 20) + 1)), file), 413);
  refused(await creator.put(`/api/v1/videos/${id}/poster`, { body: png, headers: { 'content-type': 'multipart/form-data', 'content-length': png.length } }), 422);
  refused(await creator.put(`/api/v1/videos/${id}/poster`, { body: Buffer.from(file[0]), headers: { 'content-type': 'multipart/form-data; boundary=b' } }), 400, 'bad-multipart');
  assert.equal((await creator.video(id)).has_own_poster, false);
  assert.equal(ok(await put(part('note', 'passed over'), file)).json.has_own_poster, true);
  assert.equal(sizeOf((await poster(id)).body), 'mjpeg,1280,800');
  ok(await put(part('file', picture('red.webp', '-c:v', 'libwebp'))));
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

/// As PNG wants it (ISO 3309).
const crc32 = (bytes) => ~bytes.reduce((sum, byte) => {
  sum ^= byte;
  for (let bit = 0; bit < 8; ++bit) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  return sum;
}, ~0) >>> 0;
/// A whole PNG of that size, black: large in pixels, small in bytes.
function blackPng(width, height) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 1; // one bit per pixel, grey
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

test('a poster of too many pixels is told so, and how many there may be', async () => {
  const video = await make();
  for (const [width, height] of [[12_000, 12_000], [65_000, 10_000]]) {
    const { json } = refused(await send(creator, video.id, blackPng(width, height)), 422);
    assert.match(json.errors[0].detail, new RegExp(`too large.*${width} x ${height}.*at most 36000000.*6000 x 6000`));
  }
  assert.equal((await creator.video(video.id)).thumbnail_url, null);
  ok(await send(creator, video.id, blackPng(6000, 6000)));
});

test('of many posters at once some are refused as busy, which is no error of the log; asked again they are taken', async () => {
  const png = picture('red.png');
  const videos = await Promise.all(Array.from({ length: 12 }, () => make()));
  const errors = () => daemon.log.match(/^.*a request failed.*$/gm) ?? [];
  const before = errors();
  const answers = await Promise.all(videos.map(({ id }) => send(creator, id, png)));
  const turnedAway = videos.filter((_, i) => answers[i].status !== 200);
  assert.ok(turnedAway.length > 0, 'twelve at once are too many');
  for (const answer of answers.filter(({ status }) => status !== 200)) {
    refused(answer, 503, 'busy');
    assert.ok(Number(answer.headers['retry-after']) >= 1);
  }
  assert.deepEqual(errors(), before);
  for (const { id } of turnedAway) ok(await send(creator, id, png));
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
