#!/usr/bin/env node
// How long somebody who uploads waits until it plays: from the last byte of the upload to the last byte of the
// first segment, as a client sees it, over play token, master and playlist. For a clip whose pictures can be
// copied, the same one made twenty times as long, and one that must be encoded. Judged by the clock, the best of
// several: these are seconds that somebody waits.
// usage: tests/bench/encode/playable_bench.mjs [--rounds N] [--clip FILE]
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Client } from '../../harness/client.mjs';
import { Daemon } from '../../harness/daemon.mjs';
import { request } from '../../harness/http.mjs';
import { parseMaster, parsePlaylist, resolveUri } from '../../harness/media.mjs';
import { SlowUpload } from '../../harness/slow_upload.mjs';
import { until } from '../../harness/until.mjs';
import { thorough, verdict } from '../pairs.mjs';
import { benchClip } from './clip.mjs';

const { values } = parseArgs({ options: { clip: { type: 'string' }, rounds: { type: 'string', default: thorough ? '5' : '2' } } });
const rounds = Number(values.rounds);
const most = { copied: 2, ratio: 1.5, encoded: 6 };
const runFile = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'reeld-playable-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ffmpeg = (...args) => runFile('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);

/// The daemon is a new one each time, so that nothing of the round before is under way.
async function secondsToPlay(bytes, set) {
  const daemon = await Daemon.start({ set });
  try {
    const creator = await Client.person(daemon, 'CREATOR');
    const { id } = (await creator.post('/api/v1/videos/', { json: { title: 'a clip' } })).json;
    const upload = await SlowUpload.begin(creator, id, bytes.length);
    upload.send(bytes.subarray(0, -1));
    await until(() => upload.socket.writableLength === 0, { what: 'all but the last byte is sent', within: 60_000, every: 1 });
    const began = performance.now();
    upload.send(bytes.subarray(-1));
    await until(async () => (await creator.video(id)).playable, { what: 'it plays', within: 60_000, every: 10 });
    const { master, masterPath } = await creator.play(id);
    const index = resolveUri(masterPath, parseMaster(master)[0].uri);
    const [first] = parsePlaylist((await request(daemon.url, 'GET', index)).text).segments;
    const segment = await request(daemon.url, 'GET', resolveUri(index, first.uri));
    if (segment.status !== 200) throw new Error(`the first segment: ${segment.status}`);
    return (performance.now() - began) / 1000;
  } finally {
    await daemon.dispose();
  }
}

const short = await benchClip(folder, values.clip);
const long = join(folder, 'long.mp4');
await ffmpeg('-stream_loop', '20', '-i', short, '-c', 'copy', long);
const cases = {
  'a clip that is copied': [readFileSync(short), []],
  'one of six minutes that is copied': [readFileSync(long), []],
  'a clip that is encoded': [readFileSync(short), ['processing.copy=off']],
};
const found = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 1; round <= rounds; ++round) {
  for (const [name, [bytes, set]] of Object.entries(cases)) found[name].push(await secondsToPlay(bytes, set));
  console.log(`  round ${round} of ${rounds}: ${Object.entries(found).map(([name, all]) => `${name} ${all.at(-1).toFixed(2)} s`).join('; ')}`);
}
const [copied, lengthy, encoded] = Object.values(found).map((all) => Math.min(...all));
const shown = (all) => `best of ${all.length}, all: ${all.map((one) => one.toFixed(2)).join(' ')}`;
let failed = false;
for (const [name, seconds, target] of [['a clip that is copied', copied, most.copied], ['one of six minutes that is copied', lengthy, most.copied], ['a clip that is encoded', encoded, most.encoded]]) {
  failed = verdict(`from the last byte to the first segment, ${name}`, {
    reached: seconds <= target, fails: seconds > 1.5 * target,
    text: `${seconds.toFixed(2)} s (${shown(found[name])}), target ${target} s`,
  }) || failed;
}
const ratio = lengthy / copied;
failed = verdict('the same, six minutes against the clip they are made of', {
  reached: ratio <= most.ratio, fails: ratio > 1.5 * most.ratio, text: `${ratio.toFixed(2)}, target ${most.ratio}`,
}) || failed;
process.exitCode = failed ? 1 : 0;
