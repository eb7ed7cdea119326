// Clips with subtitles of every kind that can be told apart: text as SubRip, as a script (ASS), as timed
// text in MP4, broken and hostile text, and pictures of text, which ffmpeg cannot make and are put
// together here.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keptPath } from './kept.mjs';
import { toneInput } from './tones.mjs';

export const two = (n) => String(n).padStart(2, '0');
const srtTime = (s) => `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(Math.floor(s) % 60)},${String(Math.round(s * 1000) % 1000).padStart(3, '0')}`;
const assTime = (s) => `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(Math.floor(s) % 60)}.${two(Math.round(s * 100) % 100)}`;

/// Cues are [from, to, text] in seconds.
export const srt = (cues) => cues.map(([from, to, text], i) => `${i + 1}\n${srtTime(from)} --> ${srtTime(to)}\n${text}\n`).join('\n');
export const ass = (cues) => `[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,20\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n${
  cues.map(([from, to, text]) => `Dialogue: 0,${assTime(from)},${assTime(to)},Default,,0,0,0,,${text}\n`).join('')}`;

/// A Blu-ray stream of pictures with nothing on them: a composition and its end, at one second.
function pictures() {
  const segment = (type, payload) => {
    const head = Buffer.alloc(13);
    head.write('PG');
    head.writeUInt32BE(90_000, 2);
    head[10] = type;
    head.writeUInt16BE(payload.length, 11);
    return Buffer.concat([head, payload]);
  };
  return Buffer.concat([segment(0x16, Buffer.from([7, 128, 4, 56, 16, 0, 1, 128, 0, 0, 0])), segment(0x80, Buffer.alloc(0))]);
}

/// Path of a clip `name`, of a moving picture and a tone, with these tracks: [{ kind: 'srt' | 'ass' | 'sup', cues | bytes,
/// language, title, disposition }]. `more`: further arguments of ffmpeg for the output.
export function talkClip(name, { seconds = 10, tracks, codecs = 'copy', more = [], size = '640x360' }) {
  const path = keptPath('clips', name, [seconds, tracks, codecs, more, size, toneInput(seconds)]);
  if (existsSync(path)) return path;
  const folder = dirname(path);
  const made = tracks.map(({ kind, cues, bytes }, i) => {
    const file = join(folder, `${name}.${process.pid}.${i}.${kind}`);
    writeFileSync(file, bytes ?? (kind === 'srt' ? srt(cues) : kind === 'ass' ? ass(cues) : pictures()));
    return file;
  });
  const part = join(folder, `${process.pid}.part.${name}`);
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y',
    '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`, ...toneInput(seconds),
    ...made.flatMap((file) => ['-i', file]), '-map', '0:v', '-map', '1:a', ...made.flatMap((_, i) => ['-map', `${i + 2}:s`]),
    '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-c:s', codecs,
    ...tracks.flatMap(({ language, title, disposition }, i) => [`-metadata:s:s:${i}`, `language=${language ?? 'und'}`, ...(title ? [`-metadata:s:s:${i}`, `title=${title}`] : []), `-disposition:s:${i}`, disposition ?? '0']),
    ...more, part]);
  made.forEach((file) => rmSync(file));
  renameSync(part, path);
  return path;
}

export const talkBytes = (name, options) => readFileSync(talkClip(name, options));

/// A WebVTT file as [[from, to, text], ...] in seconds.
export function parseVtt(text) {
  const seconds = (stamp) => stamp.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return text.split('\n\n').slice(1).map((block) => {
    const [times, ...lines] = block.trimEnd().split('\n');
    const [from, to] = times.split(' --> ');
    return [seconds(from), seconds(to.split(' ')[0]), lines.join('\n')];
  });
}
