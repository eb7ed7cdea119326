// Story: people upload what they have: no sound, no picture, portrait, a blink, damaged, no video at all.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, parseMaster, probe, resolveUri } from '../harness/media.mjs';
import { toneInput } from '../harness/tones.mjs';

let daemon, creator, guest, folder;
before(async () => {
  daemon = await Daemon.start();
  creator = await Client.person(daemon, 'CREATOR');
  guest = new Client(daemon);
  folder = mkdtempSync(join(tmpdir(), 'reeld-sources-'));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon.dispose();
});

function made(name, ...options) {
  const path = join(folder, name);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...options, path]);
  return readFileSync(path);
}
const picture = (size, seconds, fps = 25) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`];
const tone = (seconds) => toneInput(seconds, { sampleRate: 44_100 });
const poster = async (id) => ok(await guest.get(`/media/thumbnails/video_${id}.jpg`)).body.subarray(0, 2).toString('hex');

/// Uploads, waits for READY, and gives the first rendition as ffprobe sees it, with its frame count.
async function played(bytes) {
  const id = await creator.upload(bytes);
  const video = await creator.ready(id);
  const { master, masterPath } = await creator.play(id);
  const renditions = parseMaster(master);
  const url = daemon.url + resolveUri(masterPath, renditions[0].uri);
  return { id, video, renditions, url, streams: (await probe(url)).streams };
}
const failed = async (bytes) => {
  const id = await creator.upload(bytes);
  const video = await creator.settled(id, 15_000);
  assert.equal(video.status, 'FAILED');
  return { id, video };
};

test('a clip without sound plays without sound', async () => {
  const { url, streams, renditions } = await played(clipBytes({ seconds: 2, audio: false }));
  assert.deepEqual(streams.map(({ codec_type }) => codec_type), ['video']);
  assert.ok(!/mp4a/.test(renditions[0].codecs));
  assert.deepEqual(await decode(url).then(({ frames, errors }) => [frames, errors]), [50, '']);
});

test('sound without a picture plays and has a poster', async () => {
  const { id, streams } = await played(made('tone.m4a', ...tone(3), '-c:a', 'aac'));
  assert.deepEqual(streams.map(({ codec_type }) => codec_type), ['audio']);
  assert.equal(await poster(id), 'ffd8');
});

test('a clip of a fifth of a second has a poster', async () => {
  const { id, url } = await played(clipBytes({ seconds: 0.2 }));
  assert.equal((await decode(url)).frames, 5);
  assert.equal(await poster(id), 'ffd8');
});

test('a portrait clip keeps its shape', async () => {
  const { renditions } = await played(made('portrait.mp4', ...picture('540x960', 1), '-c:v', 'libx264', '-pix_fmt', 'yuv420p'));
  assert.deepEqual(renditions.map(({ resolution }) => resolution), ['480x854']);
  for (const { resolution } of renditions) {
    const [width, height] = resolution.split('x').map(Number);
    assert.ok(Math.abs(width / height - 9 / 16) < 0.01, resolution);
  }
});

test('a rotated clip is turned upright', async () => {
  made('flat.mp4', ...picture('640x360', 1), '-c:v', 'libx264', '-pix_fmt', 'yuv420p');
  const { renditions, streams } = await played(made('turned.mp4', '-i', join(folder, 'flat.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=90'));
  assert.equal(renditions[0].resolution, '360x640');
  assert.deepEqual([streams[0].width, streams[0].height], [360, 640]);
});

test('ten bits and full chroma become what every player shows', async () => {
  const { streams } = await played(made('deep.mkv', ...picture('640x360', 1), '-c:v', 'libx264', '-pix_fmt', 'yuv444p10le'));
  assert.equal(streams[0].pix_fmt, 'yuv420p');
});

test('a small source is never enlarged', async () => {
  const { renditions } = await played(made('small.mp4', ...picture('160x120', 1), '-c:v', 'libx264', '-pix_fmt', 'yuv420p'));
  assert.deepEqual(renditions.map(({ resolution }) => resolution), ['160x120']);
});

test('an odd frame rate is kept frame by frame', async () => {
  const { url, renditions } = await played(made('film.mp4', ...picture('320x180', 2, '24000/1001'), '-c:v', 'libx264', '-pix_fmt', 'yuv420p'));
  assert.ok(Math.abs(renditions[0].fps - 23.976) < 0.001);
  assert.equal((await decode(url)).frames, 48);
});

test('a file that is no video fails with a reason for its owner and no path of ours', async () => {
  for (const bytes of [Buffer.from('this is a text, not a video\n'.repeat(100)), Buffer.alloc(100_000, 0x41), Buffer.from('<html><body>x</body></html>'), clipBytes({ seconds: 2 }).subarray(0, 40)]) {
    const { video } = await failed(bytes);
    const told = JSON.stringify(video);
    assert.ok(/fail|reason|hint|cause/i.test(told), told);
    for (const secret of [daemon.dataDir, '/usr/', 'ffmpeg', 'libav']) assert.ok(!told.includes(secret), told);
  }
});

test('a playlist and a concat script dressed as video read no file of ours', async () => {
  for (const text of ['#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n', "ffconcat version 1.0\nfile '/etc/passwd'\nduration 1\n"]) {
    await failed(Buffer.from(text));
  }
});

test('a clip cut short is FAILED or READY marked damaged, and the daemon lives', async () => {
  const whole = clipBytes({ seconds: 6 });
  const id = await creator.upload(whole.subarray(0, Math.floor(whole.length / 2)));
  const video = await creator.settled(id, 20_000);
  assert.ok(video.status === 'FAILED' || video.damaged === true, JSON.stringify(video));
  ok(await guest.get('/api/v1/health'));
});

test('an empty file is refused or fails', async () => {
  const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: 'empty' } })).json;
  const answer = await creator.put(`/api/v1/videos/${id}/upload`, { body: Buffer.alloc(0), headers: { 'content-type': 'application/octet-stream', 'content-length': 0 } });
  if (answer.status < 300) assert.equal((await creator.settled(id, 15_000)).status, 'FAILED');
  else assert.ok([400, 411, 422].includes(answer.status), answer.text);
});

test('media is served to grants alone', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const { masterPath } = await creator.play(id);
  const [, , , grant, encoding] = masterPath.split('/');
  ok(await guest.get(masterPath));
  for (const path of [`/media/${encoding}/hls/master.m3u8`, `/media/videos/${id}/`, `/media/g/${encoding}/hls/master.m3u8`, `/media/g//${encoding}/hls/master.m3u8`, masterPath.replace(grant, 'null')]) {
    assert.ok([400, 401, 403, 404].includes((await guest.get(path)).status), path);
    assert.ok([400, 401, 403, 404].includes((await creator.get(path)).status), path);
  }
});

contractTest('sources');
