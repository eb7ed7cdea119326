// Clips with several tracks of sound, each a tone of its own, kept in tests/out/clips.
import { execFileSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keptPath } from './kept.mjs';
import { toneInput } from './tones.mjs';

/// Path of a clip; `tracks` are { hertz, seconds, late, language, title, disposition, codec }, `video` the arguments of its encoder.
export function clipOfVoices(name, { seconds, size = '320x180', fps = 25, tracks, picture = true, video = ['-g', '50'] }) {
  const path = keptPath('clips', name, [seconds, size, fps, tracks, picture, video, toneInput(seconds)]);
  if (existsSync(path)) return path;
  const part = join(dirname(path), `${process.pid}.part.${name}`);
  const first = picture ? 1 : 0;
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y',
    ...(picture ? ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`] : []),
    ...tracks.flatMap((track) => ['-itsoffset', String(track.late ?? 0), ...toneInput(track.seconds ?? seconds, track)]),
    ...Array.from({ length: first + tracks.length }, (_, i) => ['-map', String(i)]).flat(),
    ...(picture ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', ...video] : []),
    ...tracks.flatMap((track, i) => [`-c:a:${i}`, track.codec ?? 'aac', `-disposition:a:${i}`, track.disposition ?? '0', `-ac:a:${i}`, String(track.channels ?? 2),
      ...(track.language ? [`-metadata:s:a:${i}`, `language=${track.language}`] : []), ...(track.title ? [`-metadata:s:a:${i}`, `title=${track.title}`] : [])]),
    part]);
  renameSync(part, path);
  return path;
}

/// Path of the same clip as Matroska, which keeps titles of tracks.
export function remuxed(path, tracks) {
  const matroska = path.replace(/\.\w+$/, '.mkv');
  if (existsSync(matroska)) return matroska;
  const part = `${matroska}.${process.pid}.part`;
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', path, '-map', '0', '-c', 'copy',
    ...tracks.flatMap(({ title, disposition }, i) => [`-disposition:a:${i}`, disposition ?? '0', ...(title ? [`-metadata:s:a:${i}`, `title=${title}`] : [])]), '-f', 'matroska', part]);
  renameSync(part, matroska);
  return matroska;
}

/// Path of the same clip in which the packets of the n-th track of sound are noise.
export function withBrokenTrack(path, track) {
  const broken = path.replace(/(\.\w+)$/, '_broken$1');
  if (existsSync(broken)) return broken;
  const part = `${broken}.${process.pid}.part`;
  copyFileSync(path, part);
  const lines = execFileSync('ffprobe', ['-v', 'error', '-select_streams', `a:${track}`, '-show_entries', 'packet=pos,size', '-of', 'csv=p=0', path], { encoding: 'utf8' });
  const file = openSync(part, 'r+');
  let seed = 1;
  for (const line of lines.split('\n').filter(Boolean)) {
    const [size, pos] = line.split(',').map(Number);
    const noise = Buffer.alloc(size);
    for (let i = 0; i < size; ++i) noise[i] = (seed = (seed * 1103515245 + 12345) % 2147483648) >> 16;
    writeSync(file, noise, 0, size, pos);
  }
  closeSync(file);
  renameSync(part, broken);
  return broken;
}
