// Story: a source that every player plays as it is becomes the top rendition unchanged, at once; the others are
// cut where its key frames are. One that is not fit for it, or proves so on the way, is encoded.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { ownClip } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { decode, packets, parseMaster, parsePlaylist, probe, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

const fps = 25;
/// Of the long one: its length matters, its pictures do not.
const slow = 10;
const startCode = Buffer.from([0, 0, 1]);
// B-frames, closed groups of two seconds, one reference more than the fastest preset has.
// At a rate as real clips have it: a test picture of full detail has twice as much as a rendition may.
const groups = ['-crf', '30', '-pix_fmt', 'yuv420p', '-bf', '2', '-g', '48', '-keyint_min', '48', '-sc_threshold', '0', '-flags', '+cgop'];
const fit = ownClip('copy_720p_12s', { seconds: 12, size: '1280x720', video: groups });
const long = ownClip('copy_360p_120s', { seconds: 120, fps: slow, video: [...groups, '-g', '20', '-keyint_min', '20'] });

let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: ['processing.lease_seconds=5', 'processing.preset=ultrafast'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

const upload = (path) => creator.upload(readFileSync(path));
/// Of what READY waits for.
const jobsOf = (id) => daemon.database.query(`SELECT kind, state, COUNT(*) FROM jobs WHERE video_id = ${id} AND kind <> 'encode-storyboard' GROUP BY kind, state ORDER BY kind, state`).map((row) => row.join(' '));
const segmentsOf = (id) => daemon.database.query(`SELECT r.name, s.number, s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
  JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${id} ORDER BY r.name, s.number`).map((row) => row.join(' '));

/// The pictures of a file or stream alone, without parameter sets and delimiters: a checksum of all, and how many.
async function pictures(target) {
  const { stdout } = await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-i', target, '-map', '0:v', '-c', 'copy', '-f', 'h264', '-'],
    { encoding: 'buffer', maxBuffer: 256 << 20 });
  const hash = createHash('sha256');
  let count = 0;
  for (let at = stdout.indexOf(startCode); at >= 0;) {
    const next = stdout.indexOf(startCode, at + 3);
    const unit = stdout.subarray(at + 3, next < 0 ? stdout.length : stdout[next - 1] === 0 ? next - 1 : next);
    if ([1, 5].includes(unit[0] & 0x1f)) {
      hash.update(unit);
      ++count;
    }
    at = next;
  }
  return [count, hash.digest('hex')];
}

/// Name -> its playlist, what decodes of it, its packets; and that all of them are cut alike.
async function renditionsOf(id, frames) {
  const { master, masterPath } = await creator.play(id);
  const made = {};
  for (const rendition of parseMaster(master)) {
    const path = resolveUri(masterPath, rendition.uri);
    const url = daemon.url + path;
    const playlist = parsePlaylist((await request(daemon.url, 'GET', path)).text);
    const decoded = await decode(url);
    assert.deepEqual([decoded.frames, new Set(decoded.times).size, decoded.errors], [frames, frames, ''], rendition.name);
    made[rendition.name] = { ...rendition, ...playlist, url, packets: await packets(url) };
  }
  const cuts = Object.values(made).map(({ segments, target }) => [target, ...segments.map(({ duration }) => duration)]);
  for (const other of cuts) assert.deepEqual(other, cuts[0]);
  return made;
}

test('the top rendition is the source picture by picture, and the others are cut where it is', async () => {
  const id = await upload(fit);
  const video = await creator.ready(id);
  assert.deepEqual(jobsOf(id), ['encode completed 1', 'encode-copy completed 1', 'encode-finish completed 1', 'encode-range completed 1']);
  const made = await renditionsOf(id, 12 * fps);
  assert.deepEqual(Object.keys(made).sort(), ['480p', '720p']);
  assert.deepEqual(await pictures(made['720p'].url), await pictures(fit));
  const times = ({ packets: all }) => all.map(({ pts }) => pts).sort((a, b) => a - b);
  assert.deepEqual(times(made['720p']), times(made['480p']));
  assert.deepEqual(made['720p'].segments.map(({ duration }) => duration), [5.76, 5.76, 0.48]);
  assert.equal(made['720p'].target, 6);
  const source = (await probe(fit)).streams.find((stream) => stream.codec_type === 'video');
  assert.equal(made['720p'].codecs.split(',')[0].slice(-2), source.level.toString(16));
  // Sound and picture in each of both, and the sound is the same.
  const sound = async (url) => (await decode(url, '0:a:0')).frames;
  assert.equal(await sound(made['720p'].url), await sound(made['480p'].url));
  assert.equal(video.duration_ms, 12_000);
  assert.equal((await creator.get((await creator.video(id)).thumbnail_url)).status, 200);
  const verified = await daemon.ctl(['video', 'verify', '--full', String(id)]);
  assert.equal(verified.code, 0, verified.output);
});

test('a long title whose only size is its own is copied as a whole, and has a poster', async () => {
  const id = await upload(long);
  await creator.ready(id);
  assert.deepEqual(jobsOf(id), ['encode completed 1', 'encode-copy completed 1', 'encode-finish completed 1']);
  const made = await renditionsOf(id, 120 * slow);
  assert.deepEqual(await pictures(made['360p'].url), await pictures(long));
  assert.equal((await creator.get((await creator.video(id)).thumbnail_url)).status, 200);
});

test('a long title in parts: each range gets its part of the one sound', async () => {
  const other = await Daemon.start({ set: ['processing.ladder=[180,360]', 'processing.preset=ultrafast'] });
  try {
    const here = await Client.person(other, 'CREATOR');
    const id = await here.upload(readFileSync(long));
    await here.ready(id, 180_000);
    assert.deepEqual(other.database.query(`SELECT kind, COUNT(*) FROM jobs WHERE video_id = ${id} AND kind <> 'encode-storyboard' GROUP BY kind ORDER BY kind`).map((row) => row.join(' ')),
      ['encode 1', 'encode-copy 1', 'encode-finish 1', 'encode-range 10']);
    const { master, masterPath } = await here.play(id);
    for (const rendition of parseMaster(master)) {
      const url = other.url + resolveUri(masterPath, rendition.uri);
      const { frames, times, errors } = await decode(url);
      assert.deepEqual([frames, new Set(times).size, errors], [120 * slow, 120 * slow, '']);
      const sound = await decode(url, '0:a:0');
      assert.equal(new Set(sound.times.map((time, at) => time - (sound.times[at - 1] ?? time - 1024))).size, 1, 'the sound has no gap');
    }
  } finally {
    await other.dispose();
  }
});

const unfit = {
  'open groups': { video: [...groups.slice(0, -2), '-flags', '-cgop', '-x264-params', 'open-gop=1', '-bf', '2', '-preset', 'veryfast'] },
  'ten bits': { video: ['-pix_fmt', 'yuv420p10le', '-g', '48'] },
  'no constant rate': { video: [...groups, '-vsync', 'vfr'], filter: "select='mod(n,7)'", frames: undefined },
  'a turned picture': { video: groups, after: [(input) => ['-i', input, '-c', 'copy', '-metadata:s:v', 'rotate=90']] },
  'key frames far apart': { seconds: 8, video: ['-pix_fmt', 'yuv420p', '-g', '250', '-keyint_min', '250', '-sc_threshold', '0'] },
  'pixels that are not square': { video: groups, filter: 'setsar=4/3' },
  'fields': { video: [...groups, '-flags', '+ilme+ildct+cgop', '-x264-params', 'tff=1'] },
  'a full range of values': { video: [...groups, '-pix_fmt', 'yuvj420p'] },
  'a rate beyond its size': { video: [...groups, '-crf', '12'] },
  'no picture it begins with': { video: groups, after: [(input) => ['-ss', '1', '-i', input, '-c', 'copy']], frames: undefined },
};

test('what players may not play as it is, or cannot be cut, is encoded', async () => {
  const ids = [];
  for (const [name, clip] of Object.entries(unfit)) {
    ids.push([name, clip, await upload(ownClip(`copy_unfit_${name.replaceAll(' ', '_')}`, { seconds: 4, ...clip }))]);
  }
  for (const [name, clip, id] of ids) {
    await creator.ready(id);
    assert.deepEqual(jobsOf(id).filter((job) => job.startsWith('encode-copy')), [], name);
    if (!('frames' in clip)) await renditionsOf(id, (clip.seconds ?? 4) * fps);
  }
});

test('a source that is other than its head says is encoded after all', async () => {
  const bytes = readFileSync(fit);
  const { packets: all } = JSON.parse((await promisify(execFile)('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_packets', '-of', 'json', fit], { maxBuffer: 64 << 20 })).stdout);
  const middle = all.find((packet, at) => at > 200 && !packet.flags.startsWith('K'));
  const header = Number(middle.pos) + 4;
  bytes[header] = (bytes[header] & 0xe0) | 2; // a partition of a picture, which few decoders know
  const id = await creator.upload(bytes);
  const video = await creator.ready(id);
  assert.equal(video.damaged, true);
  assert.deepEqual(jobsOf(id).filter((job) => /^encode(-copy)? /.test(job)), ['encode completed 2', 'encode-copy completed 1']);
  const made = await renditionsOf(id, 12 * fps);
  assert.deepEqual(made['720p'].segments.map(({ duration }) => duration), [4, 4, 4]);
  assert.match(daemon.log, /a source is encoded that was to be copied.*picture 2\d\d/);
});

test('the daemon is killed while it copies: what was published stays, and every picture is there once', async () => {
  let id, before;
  // On a busy machine it may be whole before the signal arrives; then another one is.
  for (let cut = false, tries = 0; !cut && tries < 3; ++tries) {
    id = await upload(long);
    await until(() => segmentsOf(id).length > 0, { what: 'copying is under way', every: 1 });
    await daemon.kill();
    before = segmentsOf(id);
    cut = !jobsOf(id).includes('encode-copy completed 1');
    await daemon.start();
  }
  await creator.ready(id, 180_000);
  const whole = segmentsOf(id);
  assert.ok(before.length > 0 && before.length < whole.length, `${before.length} of ${whole.length} were there`);
  assert.deepEqual(whole.filter((segment) => before.includes(segment)), before);
  const made = await renditionsOf(id, 120 * slow);
  assert.deepEqual(await pictures(made['360p'].url), await pictures(long));
});

test('with copy: off every rendition is encoded', async () => {
  const other = await Daemon.start({ set: ['processing.copy=off', 'processing.preset=ultrafast'] });
  try {
    const here = await Client.person(other, 'CREATOR');
    const id = await here.upload(readFileSync(fit));
    await here.ready(id);
    assert.deepEqual(other.database.query(`SELECT COUNT(*) FROM jobs WHERE video_id = ${id} AND kind = 'encode-copy'`), [['0']]);
    const { master, masterPath } = await here.play(id);
    const top = parseMaster(master).find(({ name }) => name === '720p');
    assert.notDeepEqual(await pictures(other.url + resolveUri(masterPath, top.uri)), await pictures(fit));
  } finally {
    await other.dispose();
  }
});

contractTest('copy');
