// What must hold of any stream that fetchStream() brought: every frame decodes, each segment stands alone,
// the rungs are cut at the same times. ffmpeg and ffprobe judge.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, packets } from './media.mjs';

/// Every frame of every rung decodes over HTTP, in order, without a complaint.
export async function everyFrameDecodes(base, { renditions }, frames) {
  for (const { path, name } of renditions) {
    const { frames: count, errors, times } = await decode(base + path);
    assert.equal(errors, '', name);
    assert.equal(count, frames, name);
    assert.ok(times.every((time, index) => index === 0 || time > times[index - 1]), `${name}: times go back`);
  }
}

/// Calls `look(file, what)` with each segment of each rung as a file; the answers, one list per rung.
async function eachSegment({ renditions }, look) {
  const folder = mkdtempSync(join(tmpdir(), 'reeld-stream-'));
  const answers = [];
  try {
    for (const { name, segments } of renditions) {
      const ofRung = [];
      for (const [index, { bytes }] of segments.entries()) {
        const file = join(folder, `${name}_${index}.ts`);
        writeFileSync(file, bytes);
        ofRung.push(await look(file, `${name} ${index}`));
      }
      answers.push(ofRung);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return answers;
}

/// Each segment starts on a key frame and decodes by itself.
export function segmentsStandAlone(stream) {
  return eachSegment(stream, async (file, what) => {
    assert.ok((await packets(file))[0].key, `${what} does not start on a key frame`);
    assert.equal((await decode(file)).errors, '', what);
  });
}

/// All rungs are cut at the same times.
export async function cutsAgree(stream) {
  const starts = await eachSegment(stream, async (file) => (await packets(file))[0].pts.toFixed(3));
  for (const other of starts.slice(1)) assert.deepEqual(other, starts[0]);
}
