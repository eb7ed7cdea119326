// What HTTP costs: CPU per JSON request and per GB of segments against the best-tuned nginx, memory of ten
// thousand idle connections. By default over http-echo, whose file route checks an HMAC grant per request;
// REELD_BENCH_PORT with REELD_BENCH_PID, _HEALTH, _SEGMENT and _SEGMENT_FILE point it at a running reeld.
// REELD_BENCH_PAIRS (5) and REELD_BENCH_SECONDS (3) say how much is measured.
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { Echo } from '../../http/echo.mjs';
import { compare } from './judge.mjs';
import { cpuOf, rssOf, startNginx } from './processes.mjs';

const top = fileURLToPath(new URL('../../..', import.meta.url));
const load = join(process.env.REELD_TEST_BUILD ?? join(top, 'build/release'), 'tests/http-load');
const pairs = Math.max(5, Number(process.env.REELD_BENCH_PAIRS ?? 5));
const seconds = Number(process.env.REELD_BENCH_SECONDS ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'reeld-bench-'));

let ours;
let peer;
before(async () => {
  const segment = join(folder, 'segment.ts');
  const env = process.env;
  if (env.REELD_BENCH_SEGMENT_FILE) copyFileSync(env.REELD_BENCH_SEGMENT_FILE, segment);
  else writeFileSync(segment, randomBytes(2 * 1024 * 1024));
  if (env.REELD_BENCH_PORT) {
    ours = { port: Number(env.REELD_BENCH_PORT), pids: [Number(env.REELD_BENCH_PID)], health: env.REELD_BENCH_HEALTH ?? '/api/v1/health', segment: env.REELD_BENCH_SEGMENT, stop: () => {} };
  } else {
    const echo = await Echo.start(`dir=${folder}`);
    ours = { port: echo.port, pids: [echo.pid], health: '/health', segment: `/file/${echo.grant}/segment.ts`, stop: () => echo.stop() };
  }
  peer = await startNginx(join(folder, 'nginx'), folder);
});
after(async () => {
  await ours?.stop();
  await peer?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function client(port, path, connections, how) {
  const child = spawn(load, ['127.0.0.1', String(port), path, String(connections), String(how)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.totals = new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (code) => code === 0 || reject(new Error(`http-load ended with ${code}`)));
    child.stdout.once('data', (data) => resolve(JSON.parse(String(data))));
  });
  return child;
}

/// CPU microseconds of the server per unit of what the client got.
async function cost(server, path, connections, per) {
  const before = cpuOf(server.pids);
  const totals = await client(server.port, path, connections, seconds).totals;
  assert.equal(totals.failed, 0);
  assert.ok(totals.requests > 0);
  return (cpuOf(server.pids) - before) / per(totals);
}

test('a JSON health request costs at most 1.3 times the CPU of nginx return 200', async () => {
  const verdict = await compare({
    name: 'health, CPU per request, 64 connections', unit: 'µs', target: 1.3, pairs,
    ours: () => cost(ours, ours.health, 64, (totals) => totals.requests),
    peer: () => cost(peer, '/health', 64, (totals) => totals.requests),
  });
  assert.ok(!verdict.failed);
});

test('2 MB segments with a grant per request cost at most 1.3 times the CPU per GB of nginx without', async () => {
  const verdict = await compare({
    name: 'segments, CPU per GB, 64 connections', unit: 'ms/GB', target: 1.3, pairs,
    ours: () => cost(ours, ours.segment, 64, (totals) => totals.bytes / 1e6),
    peer: () => cost(peer, '/segment.ts', 64, (totals) => totals.bytes / 1e6),
  });
  assert.ok(!verdict.failed);
});

test('10 000 idle connections cost at most 30 MB, and the server still answers', async () => {
  const [pid] = ours.pids;
  await client(ours.port, ours.health, 64, 0.2).totals;
  const before = rssOf(pid);
  const idle = client(ours.port, ours.health, 10_000, 'hold');
  const totals = await idle.totals;
  assert.deepEqual([totals.requests, totals.failed], [10_000, 0]);
  const grown = (rssOf(pid) - before) / 1e6;
  const beside = await client(ours.port, ours.health, 64, 1).totals;
  console.log(`${grown <= 30 ? 'reached' : 'missed'}: 10 000 idle connections: ${grown.toFixed(1)} MB more, target 30 ` +
    `(${beside.requests} requests answered beside them in 1 s)`);
  assert.ok(grown <= 45);
  assert.ok(beside.requests > 100 && beside.failed === 0);
  idle.stdin.end();
});
