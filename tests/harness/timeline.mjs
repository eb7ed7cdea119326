// The stored packets of a stream as ffprobe finds them, by kind, without decoding any: how many, and at what times.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const probed = async (target, ...what) => (await promisify(execFile)('ffprobe', ['-v', 'error', ...what, '-of', 'csv=p=0', target], { maxBuffer: 256 << 20 })).stdout.split('\n').filter(Boolean);

/// Of each stream of pictures or sound { kind, shown, decoded }: times in seconds, rising. Each is read by itself: of a manifest ffprobe
/// reads none any further once the first is at its end.
export async function timelinesOf(target) {
  // A stream of a program is named twice.
  const streams = new Map((await probed(target, '-show_entries', 'stream=index,codec_type')).map((line) => line.split(',')).filter(([, kind]) => ['video', 'audio'].includes(kind)));
  return Promise.all([...streams].map(async ([index, kind]) => {
    const packets = (await probed(target, '-select_streams', index, '-show_entries', 'packet=pts_time,dts_time')).map((line) => line.split(',').map(Number));
    const [shown, decoded] = [0, 1].map((column) => packets.map((times) => times[column]).sort((a, b) => a - b));
    return { kind, shown, decoded };
  }));
}

/// Times rise by a step, with no gap and none twice.
export function requireSteady(times, step, what) {
  const sorted = [...times].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; ++i) assert.ok(Math.abs(sorted[i] - sorted[i - 1] - step) < step / 20 + 2e-5, `${what}: ${sorted[i - 1]} then ${sorted[i]}`);
}
