#!/usr/bin/env node
// What a start costs: CPU of the daemon and of the children it probes plugins with, from exec to READY, and
// its resident memory once it idles. Figures in milliseconds and bytes: there is no peer for either. The
// gate is the median of restarts; a first start, which also makes the schema and the administrator, is shown.
// usage: tests/bench/start/start_bench.mjs [--starts N]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Daemon } from '../../harness/daemon.mjs';
import { judge, thorough, verdict } from '../pairs.mjs';
import { rssOf } from '../http/processes.mjs';

const { values } = parseArgs({ options: { starts: { type: 'string', default: thorough ? '7' : '5' } } });
const starts = Math.max(5, Number(values.starts));
const most = { cpu: 250, rss: 50 };

/// CPU milliseconds of the process and of the children it has waited for.
function cpuWithChildren(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number);
  return fields.reduce((sum, ticks) => sum + ticks, 0) * 10;
}

/// A figure without a peer: the median of the starts against its number.
function against(name, values, target, unit, more = '') {
  const { median, low, high, unsure } = judge(values, target);
  const shown = (value) => value.toFixed(unit === 'ms' ? 0 : 1);
  return verdict(name, {
    reached: median <= target, fails: median > target * 1.5, unsure,
    text: `${shown(median)} ${unit}, target ${target} (between ${shown(low)} and ${shown(high)} by ${values.length} starts${more})`,
  });
}

/// Starts a daemon again and again: CPU and memory of each start, and the CPU of the very first.
async function measured(settings) {
  const daemon = await Daemon.prepare({ hashes: 'shipped' });
  // What the harness says of the limits would bring them back.
  if (settings.length > 0) daemon.settings = [...daemon.settings.filter((one) => !one.startsWith('plugins.rate-limit')), ...settings];
  try {
    await daemon.start();
    const first = cpuWithChildren(daemon.pid);
    await daemon.stop();
    const cpu = [];
    const rss = [];
    for (let i = 0; i < starts; i++) {
      await daemon.start();
      cpu.push(cpuWithChildren(daemon.pid));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      rss.push(rssOf(daemon.pid) / 1e6);
      await daemon.stop();
    }
    return { first, cpu, rss };
  } finally {
    await daemon.dispose();
  }
}

const few = await measured(['interceptors=[]', 'analytics=[]', 'plugins.audit=null', 'plugins.rollup=null', 'plugins.rate-limit=null', 'plugins.sandbox=null', 'payment=', 'plugins.plans=null', 'subscription=']);
const all = await measured([]);
const failed = [
  against('start to READY, CPU with the plugin probes of password, disk, libav and outbox', few.cpu, most.cpu, 'ms', `; the first start ${few.first} ms`),
  against('resident memory when idle, with these', few.rss, most.rss, 'MB'),
  against('resident memory when idle, with all that is on by default', all.rss, most.rss, 'MB'),
];
console.log(`start to READY with all that is on by default: ${judge(all.cpu, most.cpu).median.toFixed(0)} ms CPU`);
process.exitCode = failed.some(Boolean) ? 1 : 0;
