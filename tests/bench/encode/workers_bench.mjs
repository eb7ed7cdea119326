#!/usr/bin/env node
// What a second worker is worth: a title of more than two minutes made by one daemon with the role worker, then by
// two, on one PostgreSQL and one storage. Judged by CPU, of the daemon and its encoding children: the larger share of
// two against one alone, and what the two need together.
// usage: tests/tools/postgres run tests/bench/encode/workers_bench.mjs [--clip FILE] [--rounds N]
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Client } from '../../harness/client.mjs';
import { Daemon, top } from '../../harness/daemon.mjs';
import { judge, verdict } from '../pairs.mjs';

const { values } = parseArgs({ options: { clip: { type: 'string' }, rounds: { type: 'string', default: '5' } } });
const media = process.env.REELD_TEST_MEDIA ?? join(top, '../shared/media');
const runFile = promisify(execFile);
const most = { larger: 0.56, sum: 1.05 };

const folder = mkdtempSync(join(tmpdir(), 'reeld-workers-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/// 480 lines, so that a round takes half a minute of CPU and not three.
async function theTitle() {
  const real = values.clip ?? join(media, 'bbb_1080p25_h264_aac51_17s.mp4');
  const made = join(folder, 'title.mp4');
  const input = existsSync(real) ? ['-stream_loop', '7', '-i', real] : ['-f', 'lavfi', '-i', 'mandelbrot=size=854x480:rate=25:end_scale=0.01', '-f', 'lavfi', '-i', 'sine=sample_rate=48000'];
  await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...input, '-t', '132', '-vf', 'scale=854:480', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-g', '50', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-ac', '2', made]);
  return readFileSync(made);
}

/// CPU seconds of the process and of the children it has waited for.
function cpuOf({ pid }) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/// One title from upload to READY: the CPU seconds of each worker.
async function round(count, title) {
  const api = await Daemon.prepare({ database: 'postgres', set: ['roles=[api]'] });
  const shared = join(api.dataDir, 'shared');
  mkdirSync(shared);
  api.settings.push(`plugins.disk.config.path=${shared}`);
  const workers = [];
  try {
    await api.start();
    for (let i = 0; i < count; ++i) workers.push(await Daemon.start({ database: api.database.shared(), set: ['roles=[worker]', 'processing.concurrency=1', 'processing.copy=off', `plugins.disk.config.path=${shared}`] }));
    const creator = await Client.person(api, 'CREATOR');
    const before = workers.map(cpuOf);
    const began = Date.now();
    await creator.ready(await creator.upload(title), 600_000);
    const cpu = workers.map((worker, i) => cpuOf(worker) - before[i]);
    console.log(`  ${count} worker${count > 1 ? 's' : ''}: ${cpu.map((one) => one.toFixed(1)).join(' and ')} s CPU, ${((Date.now() - began) / 1000).toFixed(1)} s wall`);
    return cpu;
  } finally {
    for (const worker of workers) await worker.dispose();
    await api.dispose();
  }
}

const title = await theTitle();
const larger = [];
const sums = [];
for (let i = 0; i < Number(values.rounds); ++i) {
  const [alone] = await round(1, title);
  const both = await round(2, title);
  larger.push(Math.max(...both) / alone);
  sums.push((both[0] + both[1]) / alone);
}
const against = (name, ratios, target) => {
  const { median, low, high, unsure } = judge(ratios, target);
  return verdict(name, { reached: median <= target, fails: median > target * 1.5, unsure, text: `${median.toFixed(2)} of one alone, target ${target} (between ${low.toFixed(2)} and ${high.toFixed(2)} by ${ratios.length} rounds)` });
};
const failed = [
  against('a title of 132 s by two workers, CPU of the one that did more', larger, most.larger),
  against('the same, CPU of both together', sums, most.sum),
];
process.exitCode = failed.some(Boolean) ? 1 : 0;
