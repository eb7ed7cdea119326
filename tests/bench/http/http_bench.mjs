#!/usr/bin/env node
// What HTTP costs: CPU per JSON request and per GB of segments against the best-tuned nginx, segments by cookie
// against those by grant, memory of ten thousand idle connections. Measures a real reeld, its grant checked on every request; --engine measures
// http-echo instead, --port with --pid, --health and --segment a server that runs already.
// usage: tests/bench/http/http_bench.mjs [--pairs N] [--seconds S] [--engine] [--port P --pid P --segment PATH]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inTurn, medianCpu, shownInterval, thorough, verdict } from '../pairs.mjs';
import { cpuOf, rssOf, startNginx } from './processes.mjs';
import { echoSubject, givenSubject, reeldSubject } from './subjects.mjs';

const { values } = parseArgs({ options: {
  pairs: { type: 'string', default: '5' }, seconds: { type: 'string', default: thorough ? '3' : '1.5' }, engine: { type: 'boolean', default: false },
  port: { type: 'string' }, pid: { type: 'string' }, health: { type: 'string', default: '/api/v1/health' }, segment: { type: 'string' },
} });
const pairs = Math.max(5, Number(values.pairs));
const top = fileURLToPath(new URL('../../..', import.meta.url));
const load = join(process.env.REELD_TEST_BUILD ?? join(top, 'build/dev'), 'tests/http-load');
const connections = 64;

function client(port, path, count, how, field) {
  const child = spawn(load, ['127.0.0.1', String(port), path, String(count), String(how), ...(field ? ['--header', field] : [])], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.totals = new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => reject(new Error(`http-load ended with ${code}`)));
    child.stdout.once('data', (data) => resolve(JSON.parse(String(data))));
  });
  return child;
}

/// CPU of the server per unit of what the client got, as a sample of ../pairs.mjs.
async function cost(server, path, per, field) {
  const before = cpuOf(server.pids);
  const totals = await client(server.port, path, connections, values.seconds, field).totals;
  if (totals.failed > 0 || totals.requests === 0) throw new Error(`${path}: ${JSON.stringify(totals)}`);
  return { cpu: (cpuOf(server.pids) - before) / per(totals) };
}

async function against(name, unit, target, ours, peer, peerName = 'nginx') {
  const found = await inTurn(ours, peer, { target, pairs });
  return verdict(name, {
    reached: found.median <= target, fails: found.median > target * 1.5, unsure: found.unsure,
    text: `${found.median.toFixed(2)} of ${peerName}, target ${target} (${shownInterval(found)}; ours ${medianCpu(found.mine).toFixed(2)} ${unit}, ${peerName} ${medianCpu(found.theirs).toFixed(2)} ${unit})`,
  });
}

async function idle(subject) {
  const target = 30;
  await client(subject.port, subject.health, connections, 0.2).totals;
  const before = rssOf(subject.pids[0]);
  const held = client(subject.port, subject.health, 10_000, 'hold');
  const totals = await held.totals;
  const grown = (rssOf(subject.pids[0]) - before) / 1e6;
  const beside = await client(subject.port, subject.health, connections, 1).totals;
  held.stdin.end();
  const answers = totals.requests === 10_000 && totals.failed === 0 && beside.requests > 0 && beside.failed === 0;
  return verdict('10 000 idle connections', {
    reached: answers && grown <= target, fails: !answers || grown > target * 1.5,
    text: `${grown.toFixed(1)} MB more, target ${target} (${beside.requests} requests answered beside them in a second)`,
  });
}

const folder = mkdtempSync(join(tmpdir(), 'reeld-bench-'));
let subject;
let nginx;
let failed = false;
try {
  subject = values.port ? await givenSubject(values) : values.engine ? await echoSubject(folder) : await reeldSubject(folder);
  writeFileSync(join(folder, 'segment.ts'), subject.bytes);
  nginx = await startNginx(join(folder, 'nginx'), folder);
  console.log(`${subject.what}, a segment of ${(subject.bytes.length / 1e6).toFixed(2)} MB, ${connections} connections`);
  failed = await against('health, CPU per request', 'µs', 1.3,
    () => cost(subject, subject.health, (totals) => totals.requests), () => cost(nginx, '/health', (totals) => totals.requests)) || failed;
  failed = await against('segments with a grant per request, CPU per GB', 'ms', 1.3,
    () => cost(subject, subject.segment, (totals) => totals.bytes / 1e6), () => cost(nginx, '/segment.ts', (totals) => totals.bytes / 1e6)) || failed;
  if (subject.byCookie) {
    const perGb = (totals) => totals.bytes / 1e6;
    failed = await against('segments by cookie, CPU per GB', 'ms', 1.2,
      () => cost(subject, subject.byCookie.path, perGb, subject.byCookie.field), () => cost(subject, subject.segment, perGb), 'the grant path') || failed;
  }
  failed = await idle(subject) || failed;
} finally {
  await subject?.stop();
  await nginx?.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
