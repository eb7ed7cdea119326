// Tones that ffmpeg makes, and which is heard when: sound as it decodes it, and the energy of single frequencies in
// it (Goertzel).
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const runFile = promisify(execFile);
const rate = 16_000;

/// Arguments of ffmpeg: a tone as an input, a twenty-fifth of it noise. Of one without any its AAC encoder makes five times
/// the work that speech is.
export const toneInput = (seconds, { hertz = 440, sampleRate = 48_000 } = {}) =>
  ['-f', 'lavfi', '-i', `aevalsrc=exprs=0.125*sin(2*PI*${hertz}*t)+0.01*(random(0)-0.5):s=${sampleRate}:d=${seconds}`];

/// The decoded sound of a stream: one channel, 16 kHz.
export async function decodedSound(target, select = '0:a:0', input = []) {
  const { stdout, stderr } = await runFile('ffmpeg', ['-nostdin', '-v', 'error', ...input, '-i', target, '-map', select, '-ac', '1', '-ar', String(rate), '-f', 's16le', '-'],
    { encoding: 'buffer', maxBuffer: 256 << 20 });
  const samples = new Int16Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + (stdout.byteLength & ~1)));
  return { samples, seconds: samples.length / rate, errors: stderr.toString() };
}

function energy(samples, hertz) {
  const turn = 2 * Math.cos(2 * Math.PI * hertz / rate);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample / 32768 + turn * last - before, last];
  return (last * last + before * before - turn * last * before) / (samples.length * samples.length / 4);
}

/// Of these tones the one that is heard between two times (seconds); null in silence.
export function toneOf({ samples }, tones, from, to) {
  const part = samples.subarray(Math.round(from * rate), Math.round(to * rate));
  const heard = tones.map((hertz) => [energy(part, hertz), hertz]).sort(([a], [b]) => b - a)[0];
  return heard[0] > 1e-4 ? heard[1] : null;
}

/// When a tone begins and ends, within a hundredth of a second; undefined if it is not heard.
export function spanOf(sound, hertz) {
  const step = 0.02;
  const heard = Array.from({ length: Math.floor(sound.seconds / step) }, (_, i) => toneOf(sound, [hertz], i * step, (i + 1) * step) !== null);
  return heard.includes(true) ? [heard.indexOf(true) * step, (heard.lastIndexOf(true) + 1) * step] : undefined;
}
