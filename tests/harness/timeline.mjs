// The stored packets of a stream as ffprobe finds them, by kind, without decoding any: how many, and at what times.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/// Of each stream of pictures or sound { kind, times } in seconds, rising.
export async function timelinesOf(target) {
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', '-show_entries', 'stream=index,codec_type:packet=stream_index,pts_time', '-of', 'csv', target], { maxBuffer: 256 << 20 });
  const streams = new Map();
  const lines = stdout.split('\n').map((line) => line.split(','));
  for (const [section, index, kind] of lines) if (section === 'stream' && ['video', 'audio'].includes(kind)) streams.set(index, { kind, times: [] });
  for (const [section, index, time] of lines) if (section === 'packet') streams.get(index)?.times.push(Number(time));
  for (const { times } of streams.values()) times.sort((a, b) => a - b);
  return [...streams.values()];
}

/// Times rise by a step, with no gap and none twice.
export function requireSteady(times, step, what) {
  const sorted = [...times].sort((a, b) => a - b);
  for (let i = 1; i < sorted.length; ++i) assert.ok(Math.abs(sorted[i] - sorted[i - 1] - step) < step / 20 + 2e-5, `${what}: ${sorted[i - 1]} then ${sorted[i]}`);
}
