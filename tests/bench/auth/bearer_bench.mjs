#!/usr/bin/env node
// What a credential costs on the way in: CPU of the daemon per request with a bearer token against the same
// request without one, in turn, on a route that answers both from the event loop. What is read there is the
// longer head, signature, expiry and claims; letting the viewer in besides is bench_guard's. Many short pairs:
// what is looked for is a small part of either side, and the machine drifts.
// usage: tests/bench/auth/bearer_bench.mjs [--pairs N] [--seconds S]
import { parseArgs } from 'node:util';
import { inTurn, medianCpu, shownInterval, verdict } from '../pairs.mjs';
import { cpuOfThreads } from '../../harness/threads.mjs';
import { load } from '../http/load.mjs';
import { startSite } from './site.mjs';

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '25' }, seconds: { type: 'string', default: '0.5' } } });
const pairs = Math.max(5, Number(values.pairs));
const target = 3;

const site = await startSite({ people: 0 });
try {
  const { daemon, root } = site;
  const cost = async (headers) => {
    const before = cpuOfThreads(daemon.pid);
    const { requests } = await load(daemon, '/api/v1/health', { seconds: Number(values.seconds), headers });
    return { cpu: (cpuOfThreads(daemon.pid) - before) / requests };
  };
  const bearer = () => cost({ authorization: `Bearer ${root.token}` });
  const nobody = () => cost({});
  await bearer();
  const found = await inTurn(bearer, nobody, { target, pairs, figure: (mine, theirs) => mine.cpu - theirs.cpu });
  const failed = verdict('a bearer read on the loop, CPU beyond the same request without', {
    reached: found.median <= target, fails: found.median > target * 1.5, unsure: found.unsure,
    text: `${found.median.toFixed(2)} us, target ${target} (${shownInterval(found)}; with ${medianCpu(found.mine).toFixed(2)} us, without ${medianCpu(found.theirs).toFixed(2)} us)`,
  });
  process.exitCode = failed ? 1 : 0;
} finally {
  await site.daemon.dispose();
}
