// Story: a real file goes in and a stream comes out that independent players decode frame by frame.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { fetchStream, probe } from '../harness/media.mjs';
import { cutsAgree, everyFrameDecodes, segmentsStandAlone } from '../harness/stream.mjs';

const seconds = 10;
const frames = seconds * 25;
const page = 'https://www.example.org';
let daemon, creator, id, stream, played;
before(async () => {
  daemon = await Daemon.start({ set: [`http.cors_origins=['${page}']`] });
  creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(clipBytes({ seconds, size: '1280x720' }));
  await creator.ready(id);
  played = await creator.play(id);
  stream = await fetchStream(daemon.url, played.masterPath);
});
after(() => daemon.dispose());

test('the master has a rung per short side and never upscales', () => {
  assert.deepEqual(stream.renditions.map(({ resolution }) => resolution).sort(), ['1280x720', '854x480']);
});

test('the master tells the truth about bandwidth, codecs and frame rate', () => {
  for (const { name, bandwidth, average, codecs, fps, segments } of stream.renditions) {
    const rates = segments.map(({ bytes, duration }) => bytes.length * 8 / duration);
    assert.ok(bandwidth >= Math.max(...rates) * 0.999, `${name}: BANDWIDTH ${bandwidth}, peak ${Math.max(...rates)}`);
    const mean = segments.reduce((sum, { bytes }) => sum + bytes.length * 8, 0) / segments.reduce((sum, { duration }) => sum + duration, 0);
    assert.ok(Math.abs(average - mean) <= mean * 0.02, `${name}: AVERAGE-BANDWIDTH ${average}, measured ${mean}`);
    assert.match(codecs, /^avc1\.[0-9a-f]{6},mp4a\.40\.2$/i);
    assert.equal(fps, 25);
  }
});

test('the playlists are complete and their durations add up', () => {
  for (const { ended, segments, target, type } of stream.renditions) {
    assert.ok(ended);
    assert.equal(type, 'VOD');
    const total = segments.reduce((sum, { duration }) => sum + duration, 0);
    assert.ok(Math.abs(total - seconds) < 0.05, `${total}`);
    for (const { duration } of segments) assert.ok(Math.round(duration) <= target);
  }
});

test('ffprobe sees the stream through the granted master without header or cookie', async () => {
  const { streams } = await probe(daemon.url + played.masterPath);
  const video = streams.filter(({ codec_type }) => codec_type === 'video');
  assert.equal(video.length, 2);
  for (const { codec_name, pix_fmt } of video) assert.deepEqual([codec_name, pix_fmt], ['h264', 'yuv420p']);
  for (const { codec_name, channels } of streams.filter(({ codec_type }) => codec_type === 'audio')) assert.deepEqual([codec_name, channels], ['aac', 2]);
});

test('every frame of every rung decodes, in order, without a complaint', () => everyFrameDecodes(daemon.url, stream, frames));

test('each segment stands alone: it starts on a key frame and decodes by itself', () => segmentsStandAlone(stream));

test('cuts are at the same times in every rung', () => cutsAgree(stream));

test('segments carry whole transport packets and long lives in caches', () => {
  for (const { segments } of stream.renditions) {
    for (const { bytes, headers } of segments) {
      assert.equal(bytes.length % 188, 0);
      assert.match(headers['cache-control'], /immutable/);
      assert.match(headers.etag, /^"/);
    }
  }
});

test('playlists have the type that players want', () => {
  for (const { headers } of [...stream.renditions, stream.master]) {
    assert.equal(headers['content-type'].split(';')[0], 'application/vnd.apple.mpegurl');
  }
});

test('the poster is a JPEG that anybody may see', async () => {
  const guest = new Client(daemon);
  const video = await creator.video(id);
  const answer = ok(await guest.get(`/media/thumbnails/video_${id}.jpg`));
  assert.equal(answer.headers['content-type'], 'image/jpeg');
  assert.deepEqual([...answer.body.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  assert.equal(answer.headers['cross-origin-resource-policy'], 'cross-origin');
  if (video.thumbnail_url) assert.ok(video.thumbnail_url.endsWith(`/media/thumbnails/video_${id}.jpg`));
});

test('a page of a named origin may read what plays, another one may not', async () => {
  const allowed = async (origin) => ok(await new Client(daemon).get(played.masterPath, { headers: { origin } })).headers['access-control-allow-origin'];
  assert.equal(await allowed(page), page);
  assert.equal(await allowed('https://elsewhere.example.org'), undefined);
});

test('HEAD of a segment says its size', async () => {
  const { path, bytes } = stream.renditions[0].segments[0];
  const head = ok(await new Client(daemon).ask('HEAD', path));
  assert.equal(Number(head.headers['content-length']), bytes.length);
});

test('what plays still plays after a restart', async () => {
  await daemon.stop();
  await daemon.start();
  const again = await fetchStream(daemon.url, played.masterPath);
  for (const [index, { segments }] of again.renditions.entries()) {
    segments.forEach(({ bytes }, at) => assert.ok(bytes.equals(stream.renditions[index].segments[at].bytes)));
  }
});

contractTest('playback');
