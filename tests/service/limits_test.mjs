// Story: a site as it comes out of the box is flooded. Each caller is held to his share, whatever he says of
// himself, and nobody else notices.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';
import { WallClock } from '../harness/wall_clock.mjs';

/// A daemon with the limits of the box, which other stories switch off.
async function prepare() {
  const site = await Daemon.prepare();
  site.settings = site.settings.filter((setting) => !setting.startsWith('plugins.rate-limit'));
  return site;
}
let daemon, person;
before(async () => {
  daemon = await prepare();
  await daemon.start();
});
after(() => daemon.dispose());

const get = (path, headers = {}, base = daemon) => request(base.url, 'GET', path, { headers });
const login = (headers = {}, email = 'nobody@example.org') => request(daemon.url, 'POST', '/api/v1/auth/login', {
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams({ username: email, password: 'a wrong password' }).toString(),
});

/// The first answer that refuses: as time goes by one or the other is let through.
const held = (ask) => until(async () => {
  const answer = await ask();
  return answer.status === 429 && answer;
}, { what: 'one is refused', every: 1 });

test('of 100 sign-ins at once 20 are looked at, and spoofing an address helps nobody', async () => {
  const spoofed = (i) => ({ 'x-forwarded-for': `198.51.100.${i}`, 'x-real-ip': `198.51.100.${i}`, forwarded: `for=198.51.100.${i}` });
  const began = Date.now();
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => login(spoofed(i), `nobody${i}@example.org`)));
  const late = answers.filter(({ status }) => status === 429);
  // Every 3 s one more is let through.
  assert.ok(late.length <= 80 && late.length >= 80 - (Date.now() - began) / 3000, `${late.length}`);
  for (const answer of late) {
    refused(answer, 429, 'rate-limited');
    assert.match(answer.headers['retry-after'], /^[1-3]$/);
    assert.equal(answer.headers['ratelimit-policy'], '"auth";q=20;w=60');
    assert.match(answer.headers.ratelimit, /^"auth";r=0;t=[1-3]$/);
  }
  // The pages are told in their own shape.
  const pages = await held(() => request(daemon.url, 'POST', '/api/login/', { headers: { 'content-type': 'application/json' }, body: '{"email":"a@example.org","password":"x"}' }));
  assert.equal(pages.headers['content-type'], 'application/json');
  assert.deepEqual(pages.json, { detail: 'too many requests: wait before the next one' });
  // Each kind is counted by itself.
  ok(await get('/api/v1/health'));
});

test('who waits as he was told is let in again', async () => {
  const { headers } = refused(await held(() => login()), 429, 'rate-limited');
  await pause(Number(headers['retry-after']) * 1000);
  refused(await login(), 401, 'invalid-credentials');
});

test('everything else has 300 a minute, at every path, and a user is counted apart from his address', async () => {
  person = await signedIn();
  const began = Date.now();
  const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => get(['/api/v1/health', '/nowhere', '/%zz', '/openapi.json', '/api/v1/healthy/health'][i % 5])));
  const passed = answers.filter(({ status }) => status !== 429).length;
  // Every 200 ms one more; some of the 300 went to the tests above.
  assert.ok(passed >= 290 && passed <= 301 + (Date.now() - began) / 200, `${passed}`);
  const me = ok(await person.get('/api/v1/auth/me'));
  assert.match(me.headers.ratelimit, /^"default";r=\d+;t=\d+$/);
  // A token that is no good is no user.
  const forged = await Promise.all(Array.from({ length: 50 }, () => get('/api/v1/auth/me', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' })));
  assert.ok(forged.filter(({ status }) => status === 429).length >= 25, forged.map(({ status }) => status).join());
});

test('pictures and segments are never limited', async () => {
  const answers = await Promise.all(Array.from({ length: 400 }, () => get('/media/g/none/1/hls/master.m3u8')));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))].includes(429), false);
  assert.equal(answers[0].headers.ratelimit, undefined);
});

test('an administrator sees who is busiest', async () => {
  await Promise.all(Array.from({ length: 50 }, () => person.get('/api/v1/auth/me')));
  const { code, output } = await daemon.ctl(['plugins', 'report', 'rate-limit', '--json']);
  assert.equal(code, 0, output);
  const rows = JSON.parse(output);
  const busiest = rows.find(({ caller, bucket }) => caller === '127.0.0.1' && bucket === 'default');
  assert.ok(busiest.used > 250 && busiest.limit === 300, output);
  assert.ok(rows.some(({ caller }) => /^user \d+$/.test(caller)), output);
  assert.match((await daemon.ctl(['plugins', 'report', 'rate-limit'])).output, /^CALLER +BUCKET +USED +LIMIT\n/);
  for (const [args, words] of [[['nobody'], /no plugin instance "nobody"/], [['disk'], /does not offer reeld\.report\/1/], [['rate-limit', 'x'], /there is one report: busiest/]]) {
    const wrong = await daemon.ctl(['plugins', 'report', ...args]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, words);
  }
  const metrics = (await request(daemon.adminUrl, 'GET', '/metrics')).text;
  assert.ok(Number(metrics.match(/^reeld_plugin_refused_total\{instance="rate-limit"\} (\S+)$/m)[1]) > 100);
});

test('a proxy that is trusted names the caller, from all others X-Forwarded-For changes nothing', async () => {
  const behind = await Daemon.start({ set: ['plugins.rate-limit.config={default: 3}', 'http.trusted_proxies=127.0.0.1'] });
  try {
    const as = async (address) => (await get('/api/v1/health', { 'x-forwarded-for': address }, behind)).status;
    for (const address of ['198.51.100.1', '198.51.100.2', '2001:db8::1']) {
      for (let i = 0; i < 3; ++i) assert.equal(await as(address), 200);
      assert.equal(await as(address), 429);
    }
    assert.equal(await as('2001:db8::2'), 429);
    assert.equal(await as('2001:db8:0:1::1'), 200);
    // What a client wrote before the proxy did is not believed: the last address counts.
    assert.equal(await as('203.0.113.9, 198.51.100.1'), 429);
  } finally {
    await behind.dispose();
  }
});

test('limits are changed by a reload, and a wrong one is refused with its place', async () => {
  const site = await prepare();
  const configure = (yaml) => writeFileSync(site.config, `plugins: {rate-limit: {config: ${yaml}}}\n`, { mode: 0o600 });
  const reload = async (yaml, says) => {
    configure(yaml);
    site.child.kill('SIGHUP');
    await until(() => says.test(readFileSync(site.logPath, 'utf8')), { what: `the log says ${says}` });
  };
  configure('{default: 2}');
  await site.start();
  try {
    const health = async () => (await get('/api/v1/health', {}, site)).status;
    assert.deepEqual([await health(), await health(), await health()], [200, 200, 429]);
    await reload('{default: many}', /rate-limit\.so\): \/default: must be/);
    assert.equal(await health(), 429);
    await reload('{default: 0}', /configuration read again/);
    for (let i = 0; i < 10; ++i) assert.equal(await health(), 200);
  } finally {
    await site.dispose();
  }
});

test('a limit for a route that there is not is told in the log', async () => {
  const site = await prepare();
  const configure = (yaml) => writeFileSync(site.config, `plugins: {rate-limit: {config: ${yaml}}}\n`, { mode: 0o600 });
  configure('{routes: [{name: a, route: /api/v1/videso, per_minute: 9}, {name: b, route: /api/v1/videos/, method: GET, per_minute: 9}, {name: c, route: /api/v1/stream, method: POST, per_minute: 9}]}');
  await site.start();
  try {
    const told = () => [...readFileSync(site.logPath, 'utf8').matchAll(/a limit is for a route that there is not.* route=(.*)/g)].map(([, route]) => route);
    assert.deepEqual(told(), ['/api/v1/videso', '"POST /api/v1/stream"']);
    configure('{routes: [{name: a, route: /api/v1/audti, per_minute: 9}]}');
    site.child.kill('SIGHUP');
    await until(() => told().length === 3, { what: 'the log says so after a reload' });
    assert.equal(told()[2], '/api/v1/audti');
  } finally {
    await site.dispose();
  }
});

test('a step of the wall clock opens nothing and closes nothing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeld-limits-'));
  const clock = new WallClock(dataDir);
  const site = await Daemon.start({ dataDir, env: clock.env, set: ['plugins.rate-limit.config={default: 3, auth: 2}'] });
  try {
    const health = async () => (await get('/api/v1/health', {}, site)).status;
    assert.deepEqual([await health(), await health(), await health(), await health()], [200, 200, 200, 429]);
    for (const seconds of [3600, -3600, 86400]) {
      clock.set(seconds);
      assert.equal(await health(), 429);
    }
    // Of another bucket nothing was taken.
    assert.equal((await request(site.url, 'POST', '/api/v1/auth/refresh', { headers: { 'content-type': 'application/json' }, body: '{}' })).status, 422);
  } finally {
    await site.dispose();
  }
});

contractTest('limits');

/// The administrator, whose sign-in takes from the same 20 as the flood before: he waits as he is told.
async function signedIn() {
  for (;;) {
    const client = new Client(daemon);
    const answer = await client.post('/api/v1/auth/login', { form: { username: admin.email, password: admin.password } });
    if (answer.status === 200) {
      client.token = answer.json.access_token;
      return client;
    }
    refused(answer, 429, 'rate-limited');
    await pause(Number(answer.headers['retry-after']) * 1000);
  }
}
