#!/usr/bin/env node
// What is around an encoding: sandbox, journal and verification as a share of its CPU, on the 1080p clip from upload
// to READY. The daemon's own CPU stands for journal, publishing and verification; what the encoding children take
// more in their sandbox than without any is the sandbox. And the most memory an encoding child ever has.
// usage: tests/bench/encode/overhead_bench.mjs [--pairs N] [--clip FILE]
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '../../harness/client.mjs';
import { Daemon } from '../../harness/daemon.mjs';
import { benchClip } from './clip.mjs';
import { inTurn, median, verdict } from '../pairs.mjs';

const { values } = parseArgs({ options: { clip: { type: 'string' }, pairs: { type: 'string', default: '5' } } });
const most = { share: 0.04, megabytes: 600 };
const folder = mkdtempSync(join(tmpdir(), 'reeld-overhead-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/// CPU seconds of a process alone, and of the children it has waited for.
function cpuOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system, theirUser, theirSystem] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).map((ticks) => Number(ticks) / 100);
  return { own: user + system, children: theirUser + theirSystem };
}

/// The most memory each child of the process has had so far, in megabytes, by the kernel's own mark.
function marksOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ')).filter(Boolean).map((child) => {
    try {
      return Number(readFileSync(`/proc/${child}/status`, 'utf8').match(/^VmHWM:\s+(\d+)/m)?.[1] ?? 0) / 1024;
    } catch {
      return 0; // it ended in between
    }
  });
}

const clip = readFileSync(await benchClip(folder, values.clip));
let peak = 0;

/// One title, from before its upload to READY.
async function made(sandbox) {
  const daemon = await Daemon.start({ set: ['processing.copy=off', 'processing.concurrency=1', `processing.sandbox=${sandbox}`] });
  try {
    const creator = await Client.person(daemon, 'CREATOR');
    const before = cpuOf(daemon.pid);
    const look = setInterval(() => { peak = Math.max(peak, ...marksOf(daemon.pid)); }, 100);
    try {
      await creator.ready(await creator.upload(clip), 600_000);
    } finally {
      clearInterval(look);
    }
    const after = cpuOf(daemon.pid);
    const cpu = { own: after.own - before.own, children: after.children - before.children };
    console.log(`  sandbox ${sandbox}: children ${cpu.children.toFixed(2)} s CPU, the daemon ${cpu.own.toFixed(2)} s`);
    return cpu;
  } finally {
    await daemon.dispose();
  }
}

const found = await inTurn(() => made('required'), () => made('off'), {
  target: most.share, pairs: Number(values.pairs), rounds: 2, figure: (mine, theirs) => (mine.own + mine.children - theirs.children) / theirs.children,
});
const percent = (share) => `${(share * 100).toFixed(1)} %`;
const failed = [
  verdict('sandbox, journal and verification, share of the encoding\'s CPU', {
    reached: found.median <= most.share, fails: found.median > 1.5 * most.share, unsure: found.unsure,
    text: `${percent(found.median)}, target ${percent(most.share)} (between ${percent(found.low)} and ${percent(found.high)} by ${found.values.length} pairs; the daemon's own ${percent(median(found.mine.map(({ own, children }) => own / children)))})`,
  }),
  verdict('memory of an encoding child, 1080p to three rungs, at its most', {
    reached: peak <= most.megabytes, fails: peak > 1.5 * most.megabytes || peak === 0, text: `${peak.toFixed(0)} MB, target ${most.megabytes}`,
  }),
];
process.exitCode = failed.some(Boolean) ? 1 : 0;
