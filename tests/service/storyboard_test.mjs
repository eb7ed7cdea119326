// Story: a title that is READY soon has small pictures for the time line of a player: they show what is played at
// their times, to those who may watch and nobody else, and neither their making nor their failing costs the title anything.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { ownClip, soundBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { filesBelow } from '../harness/files.mjs';
import { request } from '../harness/http.mjs';
import { parsePlaylist } from '../harness/media.mjs';
import { framePixels, parseStoryboard, psnr, sizeOf, tilePixels } from '../harness/storyboard.mjs';
import { until } from '../harness/until.mjs';
import { Visitor } from '../harness/visitor.mjs';

const set = ['processing.preset=ultrafast', 'processing.ladder=[180]'];
// Colours go once round in the whole of it, so that no picture is like another.
const clip = ownClip('storyboard_170s', { seconds: 170, size: '640x360', fps: 5, filter: 'hue=H=2*PI*t/170', video: ['-g', '25', '-pix_fmt', 'yuv420p'] });
const short = ownClip('storyboard_short', { seconds: 0.4, size: '320x240', video: ['-pix_fmt', 'yuv420p'] });
let daemon, creator, guest, id, link;
before(async () => {
  daemon = await Daemon.start({ set });
  creator = await Client.person(daemon, 'CREATOR');
  guest = await Client.person(daemon);
  id = await creator.upload(readFileSync(clip));
  await creator.ready(id);
  link = await linked(id);
});
after(() => daemon.dispose());

const why = async (video) => JSON.parse((await daemon.ctl(['video', 'why', String(video), '--json'])).output).steps;
const fetched = async (path, options) => request(daemon.url, 'GET', path, options);
/// The play link of a video once it has a storyboard.
async function linked(video, by = creator) {
  return until(async () => {
    const { json } = await by.get(`/api/v1/stream/${video}`);
    return json.storyboard_url && json;
  }, { what: `video ${video} has a storyboard`, within: 30_000 });
}
/// Its file, by a link of its own: { text, cues }.
async function board(video, by = creator) {
  const answer = await fetched((await linked(video, by)).storyboard_url);
  assert.equal(answer.status, 200, answer.text);
  return { answer, text: answer.text, cues: parseStoryboard(answer.text) };
}
const folderOf = (video) => join(daemon.dataDir, 'instances/disk/media/videos', String(video));
const stored = (video) => filesBelow(folderOf(video)).filter((name) => name.includes('storyboard/'));

test('a play link names it, and its cues are those of the segments', async () => {
  assert.equal(link.storyboard_url, `${link.stream_url}/storyboard.vtt`);
  const { answer, cues } = await board(id);
  assert.equal(answer.headers['content-type'], 'text/vtt; charset=utf-8');
  assert.match(answer.headers['cache-control'], /no-store/);
  const { masterPath } = await creator.play(id);
  const { segments } = parsePlaylist((await fetched(masterPath.replace('master.m3u8', '180p/index.m3u8'))).text);
  assert.equal(cues.length, segments.length);
  let at = 0;
  for (const [i, { duration }] of segments.entries()) {
    assert.ok(Math.abs(cues[i].from - at) < 0.002, `${i}: ${cues[i].from}`);
    assert.equal(cues[i].to, cues[i + 1]?.from ?? 170);
    at += duration;
  }
});

test('its sheets are as large as their tiles', async () => {
  const { cues } = await board(id);
  assert.equal(cues.length, 43);
  const sheets = [...new Set(cues.map(({ sheet }) => sheet))];
  assert.equal(sheets.length, 2);
  const sizes = await Promise.all(sheets.map(async (sheet) => {
    const answer = await fetched(sheet);
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'image/jpeg']);
    return sizeOf(answer.body);
  }));
  assert.deepEqual(sizes, [[960, 540], [960, 180]]);
  assert.deepEqual(cues[0].box, [0, 0, 160, 90]);
  assert.deepEqual(cues[35].box, [800, 450, 160, 90]);
  assert.deepEqual(cues[42].box, [0, 90, 160, 90]);
});

test('each tile shows what the file shows at its time, and no other does', async () => {
  const { cues } = await board(id);
  const sheets = new Map();
  for (const { sheet } of cues) sheets.has(sheet) || sheets.set(sheet, (await fetched(sheet)).body);
  const frames = cues.map(({ from, box }) => framePixels(clip, from, box));
  for (const [i, { sheet, box }] of cues.entries()) {
    const tile = tilePixels(sheets.get(sheet), box);
    const likeness = frames.map((frame) => psnr(tile, frame));
    assert.ok(likeness[i] > 20, `tile ${i}: ${likeness[i]} dB`);
    assert.equal(likeness.indexOf(Math.max(...likeness)), i);
  }
});

test('it is behind the grant, answered in parts, kept for good, and names nothing but itself', async () => {
  const { cues } = await board(id);
  const sheet = cues[0].sheet;
  const index = sheet.replace(/sheet_000\.jpg$/, 'index.vtt');
  const text = await fetched(index);
  assert.deepEqual([text.status, text.headers['content-type']], [200, 'text/vtt; charset=utf-8']);
  assert.equal(parseStoryboard(text.text)[0].sheet, 'sheet_000.jpg');
  assert.equal((await fetched(index, { headers: { 'if-none-match': text.headers.etag } })).status, 304);
  const whole = await fetched(sheet);
  assert.match(whole.headers['cache-control'], /private.*immutable/);
  assert.equal((await fetched(sheet, { headers: { 'if-none-match': whole.headers.etag } })).status, 304);
  const part = await fetched(sheet, { headers: { range: 'bytes=0-2' } });
  assert.deepEqual([part.status, [...part.body]], [206, [0xff, 0xd8, 0xff]]);
  for (const path of [sheet, index]) {
    assert.equal((await fetched(path.replace(/g\/[^/]+/, 'g/nonsense'))).status, 401);
    assert.equal((await fetched(path.replace(/\/(\d+)\/storyboard/, '/999/storyboard'))).status, 403);
  }
  for (const odd of ['sheet_002.jpg', 'sheet_0.jpg', 'sheet_0000.jpg', 'index', 'sheet_000.jpg/x']) {
    assert.equal((await fetched(sheet.replace('sheet_000.jpg', odd))).status, 404, odd);
  }
  assert.equal((await fetched(`${link.stream_url.slice(0, -1)}/storyboard.vtt`)).status, 401);
});

test('who has to buy first gets none, and from who may no longer watch it is taken', async () => {
  const paid = await creator.upload(readFileSync(short), { is_paid: true, price: 5 });
  await creator.ready(paid);
  const { cues } = await board(paid);
  assert.equal((await guest.get(`/api/v1/stream/${paid}`)).status, 403);
  assert.equal((await fetched(cues[0].sheet)).status, 200);
  assert.ok((await creator.delete(`/api/v1/videos/${paid}`)).status < 300);
  await until(async () => (await fetched(cues[0].sheet)).status === 403, { what: 'the grant ends' });
  assert.equal((await fetched(cues[0].sheet.replace('sheet_000.jpg', 'index.vtt'))).status, 403);
});

test('less than a second has one picture, in its own shape; sound alone has none', async () => {
  const small = await creator.upload(readFileSync(short));
  const sound = await creator.upload(soundBytes({ seconds: 2 }));
  await creator.ready(small);
  await creator.ready(sound);
  const { cues } = await board(small);
  assert.equal(cues.length, 1);
  assert.deepEqual([cues[0].from, cues[0].to, cues[0].box], [0, 0.4, [0, 0, 160, 120]]);
  assert.deepEqual(sizeOf((await fetched(cues[0].sheet)).body), [160, 120]);
  const silent = (await creator.get(`/api/v1/stream/${sound}`)).json;
  assert.equal(silent.storyboard_url, null);
  assert.equal((await fetched(`${silent.stream_url}/storyboard.vtt`)).status, 404);
  const { masterPath } = await creator.play(sound);
  assert.equal((await fetched(masterPath.replace('hls/master.m3u8', 'storyboard/index.vtt'))).status, 404);
});

test('a link is one view, whatever of it is fetched', async () => {
  const views = () => Number(daemon.database.query(`SELECT COUNT(*) FROM views WHERE video_id = ${id}`)[0][0]);
  const { json } = await guest.get(`/api/v1/stream/${id}`);
  const earlier = views();
  for (const path of [json.storyboard_url, json.stream_url, json.storyboard_url]) assert.equal((await fetched(path)).status, 200);
  await until(() => views() === earlier + 1, { what: 'the view is written' });
});

test('the Videoflix pages have it by their cookie', async () => {
  const visitor = await Visitor.of(guest, daemon);
  const index = await visitor.fetch(`/api/video/${id}/storyboard/index.vtt`);
  assert.deepEqual([index.status, index.headers['content-type']], [200, 'text/vtt; charset=utf-8']);
  const [{ sheet }] = parseStoryboard(index.text);
  assert.match(sheet, /^sheet_000\.jpg\?encoding=\d+$/);
  const answer = await visitor.fetch(`/api/video/${id}/storyboard/${sheet}`);
  assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'image/jpeg']);
  assert.deepEqual(sizeOf(answer.body), [960, 540]);
  for (const name of ['index.vtt', 'sheet_000.jpg']) {
    assert.equal((await fetched(`/api/video/${id}/storyboard/${name}`)).status, 401);
  }
  assert.equal((await visitor.fetch(`/api/video/${id}/storyboard/sheet_009.jpg`)).status, 404);
});

test('a daemon that dies as a title becomes READY makes it in its next life', async () => {
  const video = await creator.upload(readFileSync(short));
  await creator.ready(video);
  await daemon.stop('SIGKILL');
  await daemon.start();
  assert.equal((await board(video)).cues.length, 1);
  assert.equal((await creator.video(video)).status, 'READY');
});

test('a title that is made anew has it anew, and a purged one leaves nothing', async () => {
  const { cues: old } = await board(id);
  assert.ok((await why(id)).some((step) => step === 'storyboard: 43 pictures on 2 sheets'), (await why(id)).join('\n'));
  assert.equal((await creator.post(`/api/v1/videos/${id}/reprocess`)).status, 200);
  await until(async () => !(await creator.video(id)).reprocessing, { what: 'it is made anew', within: 180_000 });
  const { cues: anew } = await board(id);
  assert.equal(anew.length, old.length);
  assert.notEqual(anew[0].sheet.replace(/g\/[^/]+/, ''), old[0].sheet.replace(/g\/[^/]+/, ''));
  assert.equal((await fetched(old[0].sheet)).status, 200, 'who watches the old one has it on');
  assert.equal(stored(id).length, 4);
  const check = await daemon.ctl(['video', 'verify', String(id)]);
  assert.equal(check.code, 0, check.output);
  const scan = JSON.parse((await daemon.ctl(['storage', 'scan', '--json'])).output);
  assert.deepEqual([scan.orphans, scan.missing], [0, 0]);
  assert.equal((await daemon.ctl(['video', 'purge', String(id), '--force'])).code, 0);
  await until(() => stored(id).length === 0, { what: 'its files are gone' });
});

contractTest();
