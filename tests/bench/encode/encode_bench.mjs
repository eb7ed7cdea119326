#!/usr/bin/env node
// What encoding costs: a 1080p clip to 480, 720 and 1080, CPU against (a) three ffmpeg runs at their
// defaults, one per rung, with the quality of each rung held against theirs, and (b) one ffmpeg process that
// splits, at our preset, CRF, caps and segment grid; and (c) with the top rung copied, against the same three runs.
// The clip's beginning, with REELD_TEST_LONG (tests/run --all) the whole of it.
// usage: tests/bench/encode/encode_bench.mjs [--rounds N] [--build DIR] [--clip FILE]
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { beginningOf, benchClip } from './clip.mjs';
import { alternate, judge, medianCpu, thorough, verdict } from '../pairs.mjs';

const top = new URL('../../..', import.meta.url).pathname;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, build: { type: 'string' }, clip: { type: 'string' } } });
const build = values.build ?? process.env.REELD_TEST_BUILD ?? join(top, 'build/release');
const runFile = promisify(execFile);
const ffmpeg = 'ffmpeg -nostdin -v error -y';
const sizes = { 480: [854, 480], 720: [1280, 720], 1080: [1920, 1080] };
const caps = { 480: [1600, 'main'], 720: [3300, 'high'], 1080: [6000, 'high'] };
const segmentSeconds = 4;

const folder = mkdtempSync(join(tmpdir(), 'reeld-encode-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const ours = (clip, out, more = '') => `rm -rf ${out}; ${build}/tests/encode_once run ${build}/plugins/encoder-libav.so '${clip}' ${out} --segment-seconds ${segmentSeconds} ${more} >/dev/null`;

/// What somebody types who wants three qualities: one run per rung, nothing but size and format said.
const sequential = (clip, out) => Object.keys(sizes)
  .map((side) => `mkdir -p ${out}/${side}p; ${ffmpeg} -i '${clip}' -vf scale=-2:${side} -c:v libx264 -crf 23 -c:a aac -f hls -hls_time 6 -hls_playlist_type vod ${out}/${side}p/index.m3u8`)
  .join('; ');

/// The best of one process: decode once, our own settings on every rung.
function split(clip, out) {
  const sides = Object.keys(sizes);
  const graph = `[0:v]split=3${sides.map((s) => `[i${s}]`).join('')}` + sides
    .map((s) => (s === '1080' ? `;[i${s}]null[o${s}]` : `;[i${s}]scale=${sizes[s].join(':')}[o${s}]`)).join('');
  const outputs = sides.map((s) => `-map '[o${s}]' -map 0:a -c:v libx264 -preset veryfast -crf 20 -profile:v ${caps[s][1]} -maxrate ${caps[s][0]}k -bufsize ${2 * caps[s][0]}k -flags +cgop -g ${segmentSeconds * 25} -force_key_frames 'expr:gte(t,n_forced*${segmentSeconds})' -c:a aac -ac 2 -b:a 128k -f hls -hls_time ${segmentSeconds} -hls_playlist_type vod ${out}/${s}p/index.m3u8`);
  return `mkdir -p ${sides.map((s) => `${out}/${s}p`).join(' ')}; ${ffmpeg} -i '${clip}' -filter_complex '${graph}' ${outputs.join(' ')}`;
}

const videoPackets = async (path) => Number((await runFile('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'default=nw=1:nk=1', path])).stdout.trim().split('\n')[0]);

/// SSIM of a rung against the source scaled to its size. Frames are matched by number; a rung with more of
/// them than the source has begun by showing the first one twice (its picture starts after its sound).
async function ssim(clip, playlist, [width, height]) {
  const doubled = Math.max(0, await videoPackets(playlist) - await videoPackets(clip));
  const { stderr } = await runFile('ffmpeg', ['-nostdin', '-v', 'info', '-i', playlist, '-i', clip, '-filter_complex', `[0:v]trim=start_frame=${doubled},setpts=N[a];[1:v]scale=${width}:${height}:flags=bicubic,setpts=N[b];[a][b]ssim=shortest=1`, '-f', 'null', '-'], { maxBuffer: 64 << 20 });
  return Number(stderr.match(/All:([\d.]+)/)[1]);
}

const whole = await benchClip(folder, values.clip);
const clip = thorough || values.clip ? whole : await beginningOf(whole, 4, folder);
const out = (name) => join(folder, name);
const sides = { reeld: ours(clip, out('reeld')), copied: ours(clip, out('copied'), '--copy'), sequential: sequential(clip, out('sequential')), split: split(clip, out('split')) };
console.log(`encode ${clip} to ${Object.keys(sizes).join(', ')}`);
// Which of our sides is held against which peer.
const figures = {
  sequential: { mine: 'reeld', peer: 'sequential', target: 0.50, name: 'encode CPU against three ffmpeg runs at their defaults' },
  split: { mine: 'reeld', peer: 'split', target: 1.05, name: 'encode CPU against one ffmpeg process with split, same preset, CRF and grid' },
  copied: { mine: 'copied', peer: 'sequential', target: 0.3, name: 'encode CPU with the top rung copied, against three ffmpeg runs at their defaults' },
};
let failed = false;

/// What is undecided is measured once more if thorough, and only that: a peer takes half a minute.
const ratios = Object.fromEntries(Object.keys(figures).map((figure) => [figure, []]));
const samples = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
let undecided = Object.keys(figures);
const found = {};
for (let round = 1; round <= (thorough ? 2 : 1) && undecided.length > 0; round++) {
  if (round > 1) console.log(`undecided: ${undecided.join(', ')}; measuring again`);
  const wanted = [...new Set(undecided.flatMap((figure) => [figures[figure].mine, figures[figure].peer]))];
  const results = await alternate(Object.fromEntries(wanted.map((side) => [side, sides[side]])), Number(values.rounds));
  for (const side of wanted) samples[side].push(...results[side]);
  for (const figure of undecided) {
    const { mine, peer, target } = figures[figure];
    ratios[figure].push(...results[peer].map((theirs, i) => results[mine][i].cpu / theirs.cpu));
    found[figure] = judge(ratios[figure], target);
  }
  undecided = undecided.filter((figure) => found[figure].unsure);
}
for (const [figure, { mine, peer, target, name }] of Object.entries(figures)) {
  const { median, low, high, unsure } = found[figure];
  failed = verdict(name, {
    reached: median <= target, fails: median > 1.5 * target, unsure,
    text: `${medianCpu(samples[mine]).toFixed(2)} s against ${medianCpu(samples[peer]).toFixed(2)} s = ${median.toFixed(3)} ` +
      `(between ${low.toFixed(3)} and ${high.toFixed(3)} by ${ratios[figure].length} pairs), target ${target}`,
  }) || failed;
}
for (const [side, size] of Object.entries(sizes)) {
  const mine = await ssim(clip, out(`reeld/${side}p/index.m3u8`), size);
  const theirs = await ssim(clip, out(`sequential/${side}p/index.m3u8`), size);
  failed = verdict(`SSIM of ${side}p against ffmpeg's defaults`, {
    reached: mine >= theirs - 0.0005, fails: mine < theirs - 0.00075,
    text: `${mine.toFixed(5)} against ${theirs.toFixed(5)}, target no less than 0.0005 below`,
  }) || failed;
}
process.exitCode = failed ? 1 : 0;
