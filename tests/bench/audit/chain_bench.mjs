#!/usr/bin/env node
// What audit trail and limits add to a request on its way: CPU of the server's threads, the plugins' own aside, on
// a route that both cover, with the chain of the box and without. To reach: at most 0.10 of what GET /api/v1/health
// costs without. What the thread that stores the records takes is printed, for nobody waits for it.
// The difference is a tenth of what a sample of either side varies by: many short pairs tell it, few long ones do not.
// usage: tests/bench/audit/chain_bench.mjs [--pairs N] [--seconds S]
import { readFileSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Daemon } from '../../harness/daemon.mjs';
import { load } from '../http/load.mjs';
import { inTurn, median, shownInterval, verdict } from '../pairs.mjs';

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '31' }, seconds: { type: 'string', default: '0.3' } } });
const target = 0.1;
/// Answered by the event loop with the least there is to do.
const path = '/nowhere';

/// CPU microseconds of the threads of a process whose names the filter lets through (the kernel counts nanoseconds).
function cpuOf(pid, isMeant) {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
    if (isMeant(name)) sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  }
  return sum;
}
const ofPlugins = (name) => name.startsWith('plug-');

/// A caller of its own for each sample: one alone reaches the highest limit there is.
let callers = 0;

/// A sample: microseconds for each request, of the server's threads and of the plugins'.
async function cost(daemon, what, status = 200) {
  const before = [cpuOf(daemon.pid, (name) => !ofPlugins(name)), cpuOf(daemon.pid, ofPlugins)];
  const { requests } = await load(daemon, what, { seconds: Number(values.seconds), status, from: `127.1.0.${1 + callers++ % 250}` });
  return { cpu: (cpuOf(daemon.pid, (name) => !ofPlugins(name)) - before[0]) / requests, beside: (cpuOf(daemon.pid, ofPlugins) - before[1]) / requests };
}

// Limits that nobody reaches are counted all the same.
const high = 'plugins.rate-limit.config={auth: 1000000, stream: 1000000, upload: 1000000, default: 1000000}';
const bare = await Daemon.start({ set: ['interceptors=[]', 'analytics=[]'] });
const full = await Daemon.start({ set: [high] });
let failed;
try {
  const base = [];
  for (let i = 0; i < 15; ++i) base.push((await cost(bare, '/api/v1/health')).cpu);
  const health = median(base);
  const found = await inTurn(() => cost(full, path, 404), () => cost(bare, path, 404), { target, pairs: Math.max(5, Number(values.pairs)), figure: (mine, theirs) => (mine.cpu - theirs.cpu) / health });
  failed = verdict('audit trail and limits, CPU added to a request', {
    reached: found.median <= target, fails: found.median > target * 1.5, unsure: found.unsure,
    text: `${found.median.toFixed(3)} of a GET of health (${health.toFixed(2)} µs), target ${target} (${shownInterval(found)}); beside it ${median(found.mine.map(({ beside }) => beside)).toFixed(2)} µs a request to store records`,
  });
} finally {
  await bare.dispose();
  await full.dispose();
}
process.exitCode = failed ? 1 : 0;
