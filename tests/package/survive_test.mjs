// Story: the daemon is killed, hangs, and is told nonsense. It comes back by itself, or the old one keeps
// serving, or it stays down with one clear reason - and what played plays.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { figure } from '../harness/figure.mjs';
import { request } from '../harness/http.mjs';
import { Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';

let site;
before(async () => { site = await Site.playing('survive'); });
after(() => site.dispose());
beforeEach(() => site.answers());

/// Milliseconds until another process than before serves the clip.
async function backWithin(limit, harm) {
  const before = await site.mainPid();
  const began = performance.now();
  await harm(before);
  const { path } = site.stream.renditions[0].segments[0];
  await until(async () => {
    // One that is being ended may still answer what it was asked before it stopped, with no process behind it.
    const now = await site.mainPid();
    if (now === before || now === 0) return false;
    const answer = await request(site.url, 'GET', path, { timeout: 1000 }).catch(() => undefined);
    return answer?.status === 200;
  }, { what: 'another process serves the clip', within: limit, every: 20 });
  return performance.now() - began;
}

test('a killed daemon is back within seconds and plays', async () => {
  const took = await backWithin(15_000, () => site.does('systemctl kill --signal=KILL --kill-who=main reeld'));
  figure('from SIGKILL to a served segment', took / 1000, 4, 's');
  await site.plays();
  assert.equal((await site.unit()).NRestarts, '1');
});

test('a daemon that hangs is ended by the watchdog and is back', async () => {
  const cursor = await site.cursor();
  // Ten seconds of silence are allowed, then it is ended; systemd waits two before it starts it again.
  const took = await backWithin(40_000, () => site.does('systemctl kill --signal=STOP --kill-who=main reeld'));
  console.log(`from SIGSTOP to a served segment: ${(took / 1000).toFixed(1)} s`);
  assert.match(await site.journalSince(cursor), /Watchdog timeout/);
  await site.plays();
});

const nonsense = 'http:\n  lissten: "127.0.0.1:8470"\nupload:\n  max_bytes: many\n';

test('a broken configuration is refused at reload, by file and line, and the old one serves', async () => {
  site.write('/etc/reeld/conf.d/broken.yaml', nonsense);
  const before = await site.mainPid();
  const cursor = await site.cursor();
  const { code } = await site.sh('systemctl reload reeld');
  assert.notEqual(code, 0);
  const said = await site.journalSince(cursor);
  assert.match(said, /broken\.yaml:2.*lissten.*listen/s);
  assert.match(said, /broken\.yaml:4/);
  assert.equal(await site.mainPid(), before);
  await site.plays();
});

test('a start with a broken configuration ends with 78 and is not tried again', async () => {
  site.write('/etc/reeld/conf.d/broken.yaml', nonsense);
  const restart = await site.sh('systemctl restart reeld');
  assert.notEqual(restart.code, 0);
  // "auto-restart" would be the state of a service that is about to be started again.
  const { SubState, ExecMainStatus, NRestarts } = await site.unit();
  assert.deepEqual([SubState, ExecMainStatus, NRestarts], ['failed', '78', '0']);
  await site.does('rm /etc/reeld/conf.d/broken.yaml && systemctl start reeld');
  await site.answers();
  await site.plays();
});

test('a good change is taken over by reload without an interruption', async () => {
  site.write('/etc/reeld/conf.d/page.yaml', 'http: {cors_origins: ["https://www.example.org"]}\n');
  const before = await site.mainPid();
  await site.does('systemctl reload reeld');
  await until(async () => (await request(site.url, 'GET', '/api/v1/health', { headers: { origin: 'https://www.example.org' } })).headers['access-control-allow-origin'],
    { what: 'the new origin is allowed', within: 5000 });
  assert.equal(await site.mainPid(), before);
});

test('a clean stop is clean', async () => {
  await site.does('systemctl stop reeld');
  const { ActiveState, Result, ExecMainStatus } = await site.unit();
  assert.deepEqual([ActiveState, Result, ExecMainStatus], ['inactive', 'success', '0']);
  await site.does('systemctl start reeld');
});
