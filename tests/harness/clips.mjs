// Clips for tests, made once by ffmpeg and kept in tests/out/clips: a moving picture with a counter and a
// tone, so that frames differ and audio is audible.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { keptPath } from './kept.mjs';
import { toneInput } from './tones.mjs';

/// Path of an MP4: H.264 4:2:0 and, unless audio is false, AAC.
export function clip({ seconds = 3, size = '640x360', fps = 25, audio = true, gop = 50 } = {}) {
  const path = keptPath('clips', `${seconds}s_${size}_${String(fps).replace('/', '-')}fps${audio ? '' : '_silent'}.mp4`, [gop, toneInput(seconds)]);
  if (existsSync(path)) return path;
  const part = `${path}.${process.pid}.part`;
  execFileSync('ffmpeg', [
    '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`,
    ...(audio ? [...toneInput(seconds), '-c:a', 'aac'] : []),
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', String(gop), '-pix_fmt', 'yuv420p', '-movflags', '+faststart', '-f', 'mp4', part,
  ]);
  renameSync(part, path);
  return path;
}

/// Path of an MP4 of the same moving picture that ffmpeg makes with arguments of your own, kept under `name`.
export function ownClip(name, { seconds, size = '640x360', fps = 25, audio = true, video, filter = 'null', after = [] }) {
  const path = keptPath('clips', `${name}.mp4`, [seconds, size, fps, audio && toneInput(seconds), video, filter, after.map(String)]);
  if (existsSync(path)) return path;
  const part = `${path}.${process.pid}.part`;
  const ffmpeg = (args) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, '-f', 'mp4', part]);
  ffmpeg(['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`,
    ...(audio ? [...toneInput(seconds), '-c:a', 'aac'] : []),
    '-vf', filter, '-c:v', 'libx264', '-preset', 'ultrafast', ...video]);
  for (const args of after) {
    renameSync(part, `${part}.before`);
    ffmpeg([...args(`${part}.before`)]);
    rmSync(`${part}.before`);
  }
  renameSync(part, path);
  return path;
}

/// Sound alone, as AAC in an MP4.
export function soundBytes({ seconds = 2 } = {}) {
  const path = keptPath('clips', `${seconds}s_sound.m4a`, toneInput(seconds));
  const part = `${path}.${process.pid}.part`;
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...toneInput(seconds), '-c:a', 'aac', '-f', 'mp4', part]);
  renameSync(part, path);
  return readFileSync(path);
}

export const clipBytes = (options) => readFileSync(clip(options));
