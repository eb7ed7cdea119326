// What the HTTP benches measure: a real reeld with a real segment behind a grant, or http-echo alone (the
// engine, with an HMAC grant checked per request), or whatever runs at --port. Each is a subject:
// { what, port, pids, health, segment (path), bytes (of the segment), stop() }; reeld also has byCookie, the
// { path, field } of the same segment as the Videoflix pages ask for it.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../../harness/client.mjs';
import { admin as administrator, Daemon } from '../../harness/daemon.mjs';
import { request } from '../../harness/http.mjs';
import { fetchStream } from '../../harness/media.mjs';
import { Visitor } from '../../harness/visitor.mjs';
import { Echo } from '../../http/echo.mjs';

const Wanted = 2 * 1024 * 1024;

export async function echoSubject(folder) {
  const bytes = randomBytes(Wanted);
  writeFileSync(join(folder, 'segment.ts'), bytes);
  const echo = await Echo.start(`dir=${folder}`);
  return { what: 'http-echo', port: echo.port, pids: [echo.pid], health: '/health', segment: `/file/${echo.grant}/segment.ts`, bytes, stop: () => echo.stop() };
}

/// A clip whose top rung, remuxed or encoded, has segments of about 2 MB: noise at a constant rate.
function noisyClip(folder) {
  const path = join(folder, 'noise.mp4');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=25:duration=8,noise=alls=40:allf=t',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', '4100k', '-minrate', '4100k', '-maxrate', '4100k', '-bufsize', '2M',
    '-g', '100', '-keyint_min', '100', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', path]);
  return path;
}

export async function reeldSubject(folder) {
  const daemon = await Daemon.start({ set: ['processing.ladder=[480, 720]'] });
  try {
    const admin = await Client.admin(daemon);
    const id = await admin.upload(readFileSync(noisyClip(folder)));
    await admin.ready(id, 240_000);
    const { masterPath } = await admin.play(id);
    const { renditions } = await fetchStream(daemon.url, masterPath);
    const distance = (segment) => Math.abs(segment.bytes.length - Wanted);
    const [segment] = renditions.flatMap((one) => one.segments).sort((a, b) => distance(a) - distance(b));
    const browser = await Visitor.of(administrator, daemon);
    const [rung, file] = segment.path.split('/').slice(-2);
    // As the playlist writes it.
    const playlist = await browser.fetch(`/api/video/${id}/${rung}/index.m3u8`);
    const uri = playlist.text.split('\n').find((line) => line.startsWith(file));
    const byCookie = { path: `/api/video/${id}/${rung}/${uri}`, field: `Cookie: ${browser.cookieHeader()}` };
    return { what: 'reeld', byCookie, port: daemon.port, pids: [daemon.pid], health: '/api/v1/health', segment: segment.path, bytes: segment.bytes, stop: () => daemon.dispose() };
  } catch (error) {
    await daemon.dispose();
    throw error;
  }
}

/// A server that runs already.
export async function givenSubject({ port, pid, health, segment }) {
  const answer = await request(`http://127.0.0.1:${port}`, 'GET', segment);
  if (answer.status !== 200) throw new Error(`${segment}: ${answer.status}`);
  return { what: `port ${port}`, port: Number(port), pids: [Number(pid)], health, segment, bytes: answer.body, stop: () => {} };
}
