// Story: a newcomer with a Debian that has git and nothing else clones reeld and types the one command. What it
// prints is played from outside, every frame of it; the second start takes seconds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clip } from '../harness/clips.mjs';
import { freePorts, outDir, top } from '../harness/daemon.mjs';
import { command, container, leaderOf } from '../harness/machine.mjs';
import { fetchStream, probe } from '../harness/media.mjs';
import { cutsAgree, everyFrameDecodes, segmentsStandAlone } from '../harness/stream.mjs';
import { until } from '../harness/until.mjs';
import { Visitor } from '../harness/visitor.mjs';

const seconds = 10;
const root = join(outDir, 'bare');
const log = join(outDir, 'bare.log');
let machine, port, where;

async function succeeds(program, args) {
  const { code, output } = await command(program, args, { timeout: 300_000 });
  assert.equal(code, 0, `${program} ${args.join(' ')}\n${output}`);
}

before(async () => {
  [port] = await freePorts(1);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  await succeeds('cp', ['--archive', '--reflink=auto', process.env.REELD_TEST_BARE_ROOT, root]);
  await succeeds('git', ['clone', '--quiet', top, join(root, 'srv/reeld')]);
  // What is not committed yet is tried as well.
  await succeeds('bash', ['-euo', 'pipefail', '-c', `cd '${top}' && git ls-files -z --cached --others --exclude-standard | tar --create --null --ignore-failed-read --files-from=- | tar --extract --directory '${root}/srv/reeld'`]);
  for (const name of ['resolv.conf', 'hosts']) {
    rmSync(join(root, 'etc', name), { force: true });
    copyFileSync(join('/etc', name), join(root, 'etc', name));
  }
  // Certificate authorities of this machine's own, if it reaches the network through them.
  const own = '/usr/local/share/ca-certificates';
  if (existsSync(own)) {
    mkdirSync(join(root, own), { recursive: true });
    await succeeds('cp', ['--archive', `${own}/.`, join(root, own)]);
  }
  copyFileSync(clip({ seconds, size: '1280x720' }), join(root, 'srv/clip.mp4'));
});
after(async () => {
  await switchOff();
  rmSync(root, { recursive: true, force: true });
});

/// As a power cut would; with the container's first process everything in it ends.
async function switchOff() {
  if (!machine) return;
  if (machine.status === undefined) process.kill(Number(leaderOf(machine.child)), 'SIGKILL');
  await machine.ended;
}

/// Runs quickstart in the bare system, on this machine's network; what it prints last, as an object.
async function quickstart(...more) {
  await switchOff();
  rmSync(join(root, 'srv/where'), { force: true });
  const out = openSync(log, 'a');
  const child = spawn('systemd-nspawn', [
    ...container(root), '--as-pid2', '--pipe', '--machine=reeld-bare', 'bash', '-euc',
    `cd /srv/reeld && packaging/quickstart --detach --port ${port} --data /srv/data ${more.join(' ')} >/srv/where.part && mv /srv/where.part /srv/where && exec sleep infinity`,
  ], { stdio: ['ignore', out, out] });
  closeSync(out);
  machine = { child };
  machine.ended = new Promise((resolve) => child.on('exit', (code, signal) => { machine.status = code ?? signal; resolve(); }));
  await until(() => {
    assert.equal(machine.status, undefined, `quickstart ended with ${machine.status}:\n${readFileSync(log, 'utf8').slice(-4000)}`);
    return existsSync(join(root, 'srv/where'));
  }, { what: 'quickstart says where it plays', within: 3_000_000, every: 200 });
  const last = readFileSync(join(root, 'srv/where'), 'utf8').trim().split('\n').at(-1);
  return Object.fromEntries(last.split(' ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

test('there is no compiler, no curl and no library of ours before', () => {
  for (const path of ['usr/bin/g++', 'usr/bin/cmake', 'usr/bin/curl', 'usr/bin/ffmpeg', 'usr/include/Poco', 'usr/bin/jq']) assert.ok(!existsSync(join(root, path)), path);
  assert.ok(existsSync(join(root, 'usr/bin/git')));
});

test('one command makes a playing video', async () => {
  const began = performance.now();
  where = await quickstart('/srv/clip.mp4');
  console.log(`took ${Math.round((performance.now() - began) / 1000)} s: quickstart on a bare Debian, compiler to playing video`);
  for (const key of ['url', 'admin_url', 'admin_email', 'admin_password', 'video_id', 'play_url', 'viewer_email', 'viewer_password', 'mail_dir']) assert.ok(where[key], `${key} is not in the last line`);
});

test('ffprobe sees the right rungs at the play URL, without header or cookie', async () => {
  const { streams } = await probe(where.play_url);
  assert.deepEqual(streams.filter(({ codec_type }) => codec_type === 'video').map(({ width, height }) => `${width}x${height}`).sort(), ['1280x720', '854x480']);
});

test('the viewer it names signs in on the pages and finds the video', async () => {
  const viewer = await Visitor.of({ email: where.viewer_email, password: where.viewer_password }, where);
  const { json } = await viewer.get('/api/video/');
  assert.deepEqual(json.map(({ id }) => String(id)), [where.video_id]);
  assert.equal((await viewer.fetch(`/api/video/${where.video_id}/1080p/segment_000.ts`)).status, 200);
});

test('every frame decodes, every segment starts on a key frame, the rungs are cut alike', async () => {
  const { origin, pathname } = new URL(where.play_url);
  const stream = await fetchStream(origin, pathname);
  assert.ok(stream.renditions.every(({ segments }) => segments.length >= 2));
  await everyFrameDecodes(origin, stream, seconds * 25);
  await segmentsStandAlone(stream);
  await cutsAgree(stream);
});

test('the second start takes seconds', async () => {
  const began = performance.now();
  const again = await quickstart('/srv/clip.mp4');
  const took = (performance.now() - began) / 1000;
  console.log(`took ${Math.round(took)} s: quickstart for the second time`);
  assert.ok(took < 120, `${took} s`);
  assert.equal(again.admin_password, where.admin_password);
  assert.equal(again.viewer_password, where.viewer_password);
  assert.notEqual(again.video_id, where.video_id);
});
