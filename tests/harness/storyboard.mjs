// A storyboard as a player reads it, and its tiles held against what ffmpeg takes out of a file by itself.
import { execFileSync } from 'node:child_process';
import { parseVtt } from './talk_clip.mjs';

/// The cues of a storyboard's WebVTT: [{ from, to, sheet, box: [x, y, width, height] }].
export function parseStoryboard(text) {
  return parseVtt(text).map(([from, to, line]) => {
    const [sheet, box] = line.split('#xywh=');
    return { from, to, sheet, box: box.split(',').map(Number) };
  });
}

const raw = (args, input) => execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { input, maxBuffer: 64 << 20 });

/// Width and height of a JPEG, as ffprobe says.
export function sizeOf(jpeg) {
  const text = execFileSync('ffprobe', ['-v', 'error', '-f', 'image2pipe', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', '-'], { input: jpeg });
  return text.toString().trim().split(',').map(Number);
}

/// The pixels of one tile of a sheet.
export const tilePixels = (jpeg, [x, y, width, height]) => raw(['-f', 'image2pipe', '-i', '-', '-vf', `crop=${width}:${height}:${x}:${y}`], jpeg);

/// The pixels of the frame that a file shows at that second, at the size of a tile.
export const framePixels = (file, at, [, , width, height]) => raw(['-ss', String(at), '-i', file, '-frames:v', '1', '-vf', `scale=${width}:${height}:flags=bicubic`]);

/// In decibels; pictures of different things have less than 15.
export function psnr(a, b) {
  let squares = 0;
  for (let i = 0; i < a.length; ++i) squares += (a[i] - b[i]) ** 2;
  return squares === 0 ? 99 : 10 * Math.log10((255 * 255 * a.length) / squares);
}
