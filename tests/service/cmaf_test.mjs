// Story: what was encoded once also plays as DASH and as HLS of fragmented MP4: the same pictures and the same sound,
// apart from each other, on one time line, behind the same grant.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { clipBytes, soundBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { decode, parseMaster, parsePlaylist, probe, resolveUri } from '../harness/media.mjs';
import { requireSteady } from '../harness/timeline.mjs';
import { until } from '../harness/until.mjs';

const set = ['packaging.segment_seconds=2', 'processing.preset=ultrafast', 'processing.ladder=[180,360]'];
let daemon, creator, id;
before(async () => {
  daemon = await Daemon.start({ set });
  creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(clipBytes({ seconds: 7, size: '640x360', fps: '30000/1001' }));
  await creator.ready(id);
});
after(() => daemon.dispose());

const frames = Math.round(7 * 30000 / 1001);

async function played(query, { headers, video = id, by = creator } = {}) {
  const link = await by.get(`/api/v1/stream/${video}`);
  return by.get(link.json.stream_url + query, { token: null, headers });
}
const baseOf = (text) => text.match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0];

/// Stored packets of a stream: [{ pts, dts, duration, size }] in ticks, as ffprobe finds them.
async function packetsOf(target, kind) {
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', '-select_streams', kind, '-show_entries', 'packet=pts_time,dts_time,size', '-of', 'json', target], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout).packets.map(({ pts_time, dts_time, size }) => ({ pts: Number(pts_time), dts: Number(dts_time), size: Number(size) }));
}

test('DASH for whoever asks for it, by query or by header; HLS for everybody else', async () => {
  const dash = await played('?format=dash');
  assert.deepEqual([dash.status, dash.headers['content-type']], [200, 'application/dash+xml']);
  assert.match(dash.text, /^<\?xml[^]*<MPD [^]*type="static"/);
  assert.equal((await played('', { headers: { accept: 'application/dash+xml' } })).headers['content-type'], 'application/dash+xml');
  const types = { '*/*': 'mpegurl', 'application/vnd.apple.mpegurl, application/dash+xml': 'mpegurl', 'text/html': 'mpegurl' };
  for (const [accept, type] of Object.entries(types)) {
    const answer = await played('', { headers: { accept } });
    assert.ok(answer.headers['content-type'].includes(type), accept);
    assert.ok(answer.text.includes('/hls/'));
  }
  assert.equal((await played('?format=hls-ts')).headers['content-type'], 'application/vnd.apple.mpegurl');
  const unknown = await played('?format=smooth');
  assert.deepEqual([unknown.status, unknown.json.code], [400, 'format-unknown']);
});

test('every rendition of fragmented HLS has every picture and the sound once, and decodes', async () => {
  const { text } = await played('?format=hls-cmaf');
  assert.match(text, /#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio"/);
  const variants = parseMaster(text);
  assert.deepEqual(variants.map(({ name, resolution }) => [name, resolution]), [['180p', '320x180'], ['360p', '640x360']]);
  for (const { uri } of variants) {
    const url = daemon.url + uri;
    const index = await request(daemon.url, 'GET', uri);
    assert.match(index.text, /#EXT-X-MAP:URI="init.mp4"/);
    assert.equal(parsePlaylist(index.text).segments.length, 4);
    const decoded = await decode(url);
    assert.deepEqual([decoded.frames, new Set(decoded.times).size, decoded.errors], [frames, frames, '']);
    requireSteady((await packetsOf(url, 'v')).map(({ pts }) => pts), 1001 / 30000, uri);
  }
  const sound = text.match(/URI="([^"]+)"/)[1];
  const packets = await packetsOf(daemon.url + sound, 'a');
  assert.equal(packets[0].pts, 0);
  requireSteady(packets.map(({ pts }) => pts), 1024 / 48000, 'sound');
  assert.ok(packets.length * 1024 / 48000 >= 7);
  assert.equal((await decode(daemon.url + sound, '0:a:0')).errors, '');
});

test('the pictures are those of the transport stream, byte by byte', async () => {
  const { master, masterPath } = await creator.play(id);
  const base = baseOf((await played('?format=hls-cmaf')).text);
  const hashes = async (target, filters) => (await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-i', target, '-map', '0:v', '-f', 'framemd5', '-'], { maxBuffer: 64 << 20 })).stdout
    .split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(',').at(-1).trim());
  for (const rendition of parseMaster(master)) {
    assert.deepEqual(await hashes(`${daemon.url}${base}${rendition.name}/index.m3u8`), await hashes(daemon.url + resolveUri(masterPath, rendition.uri)));
  }
});

test('the manifest says exactly what its segments hold', async () => {
  const manifest = (await played('?format=dash')).text;
  const base = baseOf(manifest);
  const relative = await request(daemon.url, 'GET', `${base}manifest.mpd`);
  assert.deepEqual([relative.status, relative.headers['content-type']], [200, 'application/dash+xml']);
  assert.ok(!relative.text.includes('<BaseURL>'));
  const timeline = (kind) => {
    const [, scale, lines] = manifest.match(new RegExp(`contentType="${kind}"[^]*?timescale="(\\d+)"[^]*?<SegmentTimeline>(.*?)</SegmentTimeline>`));
    return [Number(scale), [...lines.matchAll(/<S (?:t="\d+" )?d="(\d+)"(?: r="(\d+)")?\/>/g)].flatMap(([, d, r]) => Array(1 + Number(r ?? 0)).fill(Number(d)))];
  };
  for (const [kind, name] of [['video', '180p'], ['video', '360p'], ['audio', 'audio']]) {
    const [scale, durations] = timeline(kind);
    assert.equal(durations.length, 4);
    const init = await request(daemon.url, 'GET', `${base}${name}/init.mp4`);
    assert.deepEqual([init.status, init.headers['content-type']], [200, `${kind}/mp4`]);
    let at = 0;
    for (const [number, duration] of durations.entries()) {
      const segment = await request(daemon.url, 'GET', `${base}${name}/${number}.m4s`);
      assert.equal(segment.status, 200);
      const tfdt = segment.body.indexOf('tfdt');
      assert.equal(Number(segment.body.readBigUInt64BE(tfdt + 8)), at, `${name} ${number}`);
      const trun = segment.body.indexOf('trun');
      const step = segment.body.readUInt32BE(segment.body.indexOf('tfhd') + 12);
      const held = segment.body.readUInt32BE(trun + 8) * step;
      assert.ok(held === duration, `${name} ${number}: ${held} of ${duration} at ${scale}`);
      at += duration;
    }
  }
});

test('ffmpeg plays the manifest: pictures and sound whole', async () => {
  const base = baseOf((await played('?format=dash')).text);
  const url = `${daemon.url}${base}manifest.mpd`;
  const { streams } = await probe(url);
  assert.deepEqual(streams.map(({ codec_name, width }) => [codec_name, width]), [['h264', 320], ['h264', 640], ['aac', undefined]]);
  for (const stream of ['0:v:0', '0:v:1']) {
    const decoded = await decode(url, stream);
    assert.deepEqual([decoded.frames, decoded.errors], [frames, '']);
  }
  assert.equal((await decode(url, '0:a:0')).errors, '');
});

test('segments are cached for good, answered in parts, and name nothing but themselves', async () => {
  const base = baseOf((await played('?format=dash')).text);
  const path = `${base}360p/1.m4s`;
  const whole = await request(daemon.url, 'GET', path);
  assert.match(whole.headers['cache-control'], /immutable/);
  const part = await request(daemon.url, 'GET', path, { headers: { range: 'bytes=10-19' } });
  assert.deepEqual([part.status, part.body.toString('hex')], [206, whole.body.subarray(10, 20).toString('hex')]);
  assert.equal((await request(daemon.url, 'GET', path, { headers: { 'if-none-match': whole.headers.etag } })).status, 304);
  for (const odd of ['360p/01.m4s', '360p/4.m4s', '360p/-1.m4s', '360p/1.ts', '720p/1.m4s', 'audio/init.mov', '360p/init.mp4.', '360p/99999999999999999999.m4s']) {
    assert.equal((await request(daemon.url, 'GET', base + odd)).status, 404, odd);
  }
  assert.equal((await request(daemon.url, 'GET', path.replace(/g\/[^/]+/, 'g/nonsense'))).status, 401);
  await daemon.stop();
  await daemon.start();
  const again = await request(daemon.url, 'GET', path);
  assert.deepEqual([again.status, again.headers.etag, Buffer.compare(again.body, whole.body)], [200, whole.headers.etag, 0]);
});

test('a title that grows: fragmented HLS plays its beginning, DASH says that it is too early', async () => {
  const grows = await creator.upload(clipBytes({ seconds: 40, size: '640x360' }));
  await until(async () => (await creator.video(grows)).playable, { what: 'its beginning plays', every: 20 });
  const early = await played('?format=dash', { video: grows });
  const { text } = await played('?format=hls-cmaf', { video: grows });
  if (early.status === 400) assert.equal(early.json.code, 'video-not-ready'); // else it was made meanwhile
  const index = await request(daemon.url, 'GET', parseMaster(text)[0].uri);
  assert.ok(parsePlaylist(index.text).segments.length >= 1);
  await creator.ready(grows, 180_000);
  const decoded = await decode(daemon.url + parseMaster((await played('?format=hls-cmaf', { video: grows })).text)[0].uri);
  assert.deepEqual([decoded.frames, decoded.errors], [1000, '']);
  assert.equal((await played('?format=dash', { video: grows })).status, 200);
});

test('sound alone, and pictures alone', async () => {
  const heard = await creator.upload(soundBytes({ seconds: 5 }));
  const seen = await creator.upload(clipBytes({ seconds: 5, size: '320x180', audio: false }));
  await creator.ready(heard);
  await creator.ready(seen);
  const sound = (await played('?format=hls-cmaf', { video: heard })).text;
  assert.deepEqual(parseMaster(sound).map(({ name, codecs }) => [name, codecs]), [['audio', 'mp4a.40.2']]);
  const packets = await packetsOf(daemon.url + parseMaster(sound)[0].uri, 'a');
  requireSteady(packets.map(({ pts }) => pts), 1024 / 48000, 'sound alone');
  const soundManifest = `${daemon.url}${baseOf((await played('?format=dash', { video: heard })).text)}manifest.mpd`;
  assert.deepEqual((await probe(soundManifest)).streams.map(({ codec_name }) => codec_name), ['aac']);
  const pictures = `${daemon.url}${baseOf((await played('?format=dash', { video: seen })).text)}manifest.mpd`;
  const decoded = await decode(pictures);
  assert.deepEqual([decoded.frames, decoded.errors], [125, '']);
});

test('a site that does not want it has none of it', async () => {
  const other = await Daemon.start({ set: [...set, 'packaging.formats=[hls-ts]'] });
  try {
    const here = await Client.person(other, 'CREATOR');
    const video = await here.upload(clipBytes({ seconds: 2, size: '320x180' }));
    await here.ready(video);
    const refused = await played('?format=dash', { video, by: here });
    assert.deepEqual([refused.status, refused.json.code], [400, 'format-unknown']);
    assert.equal((await played('', { video, by: here, headers: { accept: 'application/dash+xml' } })).headers['content-type'], 'application/vnd.apple.mpegurl');
    const { masterPath } = await here.play(video);
    assert.equal((await request(other.url, 'GET', masterPath.replace('/hls/', '/cmaf/'))).status, 404);
  } finally {
    await other.dispose();
  }
});

contractTest('cmaf');
