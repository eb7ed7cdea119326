// Every clip of the media folder through a real daemon. Good ones become READY with the size, rotation,
// frames and sound they should have, held against ffmpeg's own reading of the source; broken ones end
// FAILED with a reason or READY marked damaged, within 10 s, and the daemon lives.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, fetchStream, packets, parseMaster, probe } from '../harness/media.mjs';
import { requireSteady, timelinesOf } from '../harness/timeline.mjs';
import { broken, expected } from './expected.mjs';

const media = process.env.REELD_TEST_MEDIA ?? new URL('../../../shared/media', import.meta.url).pathname;
const present = existsSync(media);
const runFile = promisify(execFile);

let daemon, creator, guest, folder;
before(async () => {
  if (!present) return;
  daemon = await Daemon.start();
  creator = await Client.person(daemon, 'CREATOR');
  guest = new Client(daemon);
  folder = mkdtempSync(join(tmpdir(), 'reeld-media-'));
});
after(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await daemon?.dispose();
});

if (!present) test('the media matrix', { skip: `no clips at ${media}` }, () => {});

const upload = (path) => creator.upload(readFileSync(path), { title: path.split('/').at(-1), size: statSync(path).size });

/// Frames of the source as ffmpeg counts them: as they are, or on a constant grid of `fps`.
async function framesOf(path, fps) {
  const { stdout } = await runFile('ffmpeg', ['-nostdin', '-v', 'fatal', '-i', path, '-map', '0:V:0', ...(fps ? ['-vf', `fps=${fps}`] : []), '-fps_mode', 'passthrough', '-f', 'framecrc', '-'], { maxBuffer: 64 << 20 });
  return stdout.split('\n').filter((line) => line && !line.startsWith('#')).length;
}

const near = (value, wanted, by, what) => assert.ok(Math.abs(value - wanted) <= by, `${what}: ${value}, not ${wanted}`);

async function checkRendition(rendition, wanted, frames) {
  const { name, segments, path } = rendition;
  const whole = await decode(daemon.url + path);
  assert.equal(whole.errors, '', name);
  near(whole.frames, frames, wanted.exact ? 0 : 1, `frames of ${name}`);
  const starts = [];
  for (const [index, { bytes }] of segments.entries()) {
    const file = join(folder, 'segment.ts');
    writeFileSync(file, bytes);
    const [first] = await packets(file);
    assert.ok(first?.key, `${name}, segment ${index}: does not start on a key frame`);
    starts.push(first.pts.toFixed(3));
  }
  return { starts, frames: whole.frames };
}

/// Pictures: all of them, one per step from the start. Sound: without a gap, to the end of the pictures; sound alone is
/// counted in twenty-fifths of a second, of which it may not fill the last.
function requireTimeline(kind, times, { fps, frames, seconds }, what) {
  const step = kind === 'video' ? 1 / fps : 1024 / 48000;
  // ffprobe counts MP4 from the picture that is decoded first: some are shown before it.
  const ahead = kind === 'video' ? Math.min(4, Math.round(times[0] / step)) * step : 0;
  assert.ok(Math.abs(times[0] - ahead) < 0.001, `${what}: begins at ${times[0]}`);
  requireSteady(times, step, what);
  if (kind === 'video') return assert.equal(times.length, frames, what);
  const beyond = times.at(-1) + step - seconds;
  assert.ok(beyond < step + 0.002 && beyond > -(fps ? 0.002 : 0.042), `${what} ends ${beyond} s behind its title`);
}

/// The same title as HLS of fragmented MP4 and as DASH: every stream of each, by the times of its packets.
async function checkFragmented(id, title, sounds) {
  const link = ok(await creator.get(`/api/v1/stream/${id}`)).json;
  const played = async (form) => ok(await creator.get(`${link.stream_url}?format=${form}`, { token: null })).text;
  const master = await played('hls-cmaf');
  const variants = parseMaster(master);
  const beside = [...master.matchAll(/^#EXT-X-MEDIA:TYPE=AUDIO.*,URI="([^"]+)"/gm)].map(([, uri]) => uri);
  const streams = await Promise.all([...variants.map(({ uri }) => uri), ...beside].map((uri) => timelinesOf(daemon.url + uri)));
  const manifest = await timelinesOf(`${daemon.url}${(await played('dash')).match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0]}manifest.mpd`);
  // Of a manifest ffprobe tells reliably when pictures are decoded, but not of all when they are shown.
  for (const [form, made, when] of [['fragmented MP4', streams.flat(), 'shown'], ['DASH', manifest, 'decoded']]) {
    assert.equal(made.filter(({ kind }) => kind === 'audio').length, sounds, `tracks of sound as ${form}`);
    for (const one of made) requireTimeline(one.kind, one[when], title, `${one.kind} as ${form}`);
  }
  // The samples are those that were decoded before; that they are found to be what they are shows at once.
  const { stderr } = await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-t', '4', '-i', daemon.url + variants[0].uri, '-f', 'null', '-']);
  assert.equal(stderr, '');
}

for (const [file, wanted] of present ? Object.entries(expected) : []) {
  test(`${file} plays as it should`, { timeout: 600_000 }, async () => {
    const id = await upload(join(media, file));
    const video = await creator.ready(id, 500_000);
    assert.ok(!video.damaged, JSON.stringify(video));
    const { masterPath } = await creator.play(id);
    const { renditions } = await fetchStream(daemon.url, masterPath);
    const { streams } = await probe(daemon.url + renditions[0].path);
    assert.equal(streams.some(({ codec_type }) => codec_type === 'audio'), wanted.audio, 'sound');
    ok(await guest.get(`/media/thumbnails/video_${id}.jpg`));
    if (!wanted.size) return checkFragmented(id, { seconds: video.duration_ms / 1000 }, 1);

    const sizes = renditions.map(({ resolution }) => resolution.split('x').map(Number));
    const [width, height] = wanted.size;
    const top = sizes.reduce((best, size) => (Math.min(...size) > Math.min(...best) ? size : best));
    assert.deepEqual(sizes.map((size) => Math.min(...size)).sort((a, b) => a - b), wanted.rungs, 'rungs');
    near(top[0] / top[1], width / height, 0.02 * (width / height), 'shape of the top rung');

    if (wanted.fps) near(renditions[0].fps, wanted.fps, 0.01, 'frame rate');
    const frames = await framesOf(join(media, file), wanted.exact ? undefined : renditions[0].fps);
    const checked = [];
    for (const rendition of renditions) checked.push(await checkRendition(rendition, wanted, frames));
    for (const { starts, frames: count } of checked) {
      assert.deepEqual(starts, checked[0].starts, 'cuts');
      assert.equal(count, checked[0].frames, 'frames of each rung');
    }
    const [{ fps }] = renditions;
    await checkFragmented(id, { fps, frames: checked[0].frames, seconds: checked[0].frames / fps }, wanted.sounds ?? (wanted.audio ? 1 : 0));
    const { output } = await daemon.ctl(['video', 'verify', '--full', '--json', String(id)], { timeout: 300_000 });
    assert.deepEqual(JSON.parse(output).problems, []);
  });
}

const clipsIn = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => /\.(mp4|m4a|mkv|mov|webm|ts)$/.test(name)).sort() : []);
if (present) test('the clips of the folder are those of which it is said what becomes of them', () => {
  assert.deepEqual(clipsIn(media), Object.keys(expected).sort());
  assert.deepEqual(clipsIn(join(media, 'broken')), Object.keys(broken).sort());
});

for (const [file, wanted] of present ? Object.entries(broken) : []) {
  test(`broken/${file} ends with its reason or as damaged, within 10 s`, { timeout: 60_000 }, async () => {
    const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: file } })).json;
    const sent = await creator.put(`/api/v1/videos/${id}/upload`, { body: readFileSync(join(media, 'broken', file)), headers: { 'content-type': 'application/octet-stream' } });
    ok(sent);
    const began = Date.now();
    const video = await creator.settled(id, 20_000);
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    assert.equal(video.status, wanted.status, JSON.stringify(video));
    if (video.status === 'READY') {
      assert.equal(video.damaged, true, JSON.stringify(video));
      const { masterPath } = await creator.play(id);
      const { renditions } = await fetchStream(daemon.url, masterPath);
      assert.ok(renditions.every(({ segments }) => segments.length > 0));
    } else {
      assert.match(video.failure?.hint ?? '', wanted.hint, JSON.stringify(video));
    }
    ok(await guest.get('/api/v1/health'));
  });
}

if (present) test('the daemon that saw all this still serves', async () => {
  ok(await guest.get('/api/v1/health'));
  assert.equal(daemon.ended, undefined);
  assert.ok(!daemon.log.includes('/etc/passwd'));
});

if (present) contractTest('media');
