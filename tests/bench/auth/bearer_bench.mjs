#!/usr/bin/env node
// What a credential costs on the way in: CPU of the daemon per request with a bearer token against the same
// request without one, in turn, on a route that answers both from the event loop. What is read there is the
// longer head, signature, expiry and claims; letting the viewer in besides is bench_guard's.
// usage: tests/bench/auth/bearer_bench.mjs [--pairs N] [--seconds S]
import { parseArgs } from 'node:util';
import { median, verdict } from '../pairs.mjs';
import { cpuOfThreads } from '../../harness/threads.mjs';
import { load } from '../http/load.mjs';
import { startSite } from './site.mjs';

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '7' }, seconds: { type: 'string', default: '2' } } });
const pairs = Math.max(5, Number(values.pairs));
const target = 3;
const rounds = 3;

const site = await startSite({ people: 0 });
try {
  const { daemon, root } = site;
  const cost = async (headers) => {
    const before = cpuOfThreads(daemon.pid);
    const { requests } = await load(daemon, '/api/v1/health', { seconds: Number(values.seconds), headers });
    return (cpuOfThreads(daemon.pid) - before) / requests;
  };
  const bearer = () => cost({ authorization: `Bearer ${root.token}` });
  const nobody = () => cost({});
  await bearer();
  const sides = [];
  for (let round = 1; ; round++) {
    for (let i = 0; i < pairs; i++) {
      const side = {};
      if (i % 2 === 0) side.bearer = await bearer();
      side.nobody = await nobody();
      side.bearer ??= await bearer();
      sides.push(side);
    }
    const more = sides.map((side) => side.bearer - side.nobody);
    const middle = median(more);
    // Half of the pairs lie this far apart: a single disturbed one says nothing.
    const sorted = [...more].sort((a, b) => a - b);
    const spread = sorted[Math.floor(more.length * 0.75)] - sorted[Math.floor(more.length * 0.25)];
    const unsure = spread / 2 > Math.abs(middle - target);
    if (unsure && round < rounds) continue;
    const failed = verdict('a bearer read on the loop, CPU beyond the same request without', {
      reached: middle <= target, fails: middle > target * 1.5, unsure,
      text: `${middle.toFixed(2)} us, target ${target} (with ${median(sides.map((side) => side.bearer)).toFixed(2)} us, without ` +
        `${median(sides.map((side) => side.nobody)).toFixed(2)} us; ${more.length} pairs: ${more.map((one) => one.toFixed(2)).join(' ')})`,
    });
    process.exitCode = failed ? 1 : 0;
    break;
  }
} finally {
  await site.daemon.dispose();
}
