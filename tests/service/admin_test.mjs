// Story: an administrator looks after a running daemon: health, metrics, reeldctl.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clip, clipBytes } from '../harness/clips.mjs';
import { Daemon, run, build } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';

let daemon, creator, id;
before(async () => {
  daemon = await Daemon.start();
  creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
});
after(() => daemon.dispose());

const ask = (path) => request(daemon.adminUrl, 'GET', path);
const ctl = async (...args) => {
  const { code, output } = await daemon.ctl(args);
  assert.equal(code, 0, `reeldctl ${args.join(' ')}: ${output}`);
  return output;
};
const json = async (...args) => JSON.parse(await ctl(...args, '--json'));

test('healthz, readyz, version and metrics answer on the admin listener', async () => {
  for (const path of ['/healthz', '/readyz', '/version', '/metrics']) assert.equal((await ask(path)).status, 200, path);
  assert.equal((await ask('/nothing')).status, 404);
  const ready = (await ask('/readyz')).json;
  assert.ok(typeof ready === 'object');
});

test('readyz names the layers of the sandbox that encoders run in, or says that there is none', async () => {
  const { ok: holds, mode, layers, refused } = (await ask('/readyz')).json.checks.sandbox;
  assert.deepEqual([holds, mode, layers.seccomp, layers.no_new_privileges, layers.limits], [true, 'required', true, true, true]);
  assert.deepEqual([typeof layers.landlock, Array.isArray(layers.namespaces), typeof layers.chroot, typeof layers.no_capabilities], ['number', true, 'boolean', 'boolean']);
  // Of each that is not there the reason.
  const absent = Object.keys(layers).filter((name) => !layers[name] || (name === 'namespaces' && layers.namespaces.length < 4));
  assert.deepEqual(Object.keys(refused).sort(), absent.sort());
  const bare = await Daemon.start({ set: ['processing.sandbox=off'] });
  try {
    const { took_ms: took, ...said } = (await request(bare.adminUrl, 'GET', '/readyz')).json.checks.sandbox;
    assert.deepEqual([said, Number.isInteger(took)], [{ ok: true, mode: 'off' }, true]);
  } finally {
    await bare.dispose();
  }
});

test('what is for administrators is not on the public listener', async () => {
  for (const path of ['/healthz', '/readyz', '/version', '/metrics']) assert.equal((await request(daemon.url, 'GET', path)).status, 404, path);
  assert.equal((await ask('/api/v1/health')).status, 404);
});

test('metrics are what Prometheus reads, with routes as templates', async () => {
  const { text, headers } = await ask('/metrics');
  assert.match(headers['content-type'], /text\/plain.*version=0\.0\.4/);
  assert.match(text, /^reeld_build_info\{.*version="\d/m);
  assert.match(text, /^reeld_http_requests_total\{.*route="\/api\/v1\/videos\/\{id\}".*\} \d/m);
  assert.ok(!/\/api\/v1\/videos\/\d/.test(text));
  for (const line of text.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) .*|[a-z_:][a-zA-Z0-9_:]*(\{.*\})? [-+0-9.eInfNa]+)$/, line);
});

test('metrics show a backlog of jobs, what storage did, and who tries to sign in', async () => {
  // Without the role of a worker the job waits.
  const taker = await Daemon.start({ set: ['roles=[api]', 'auth.throttle.account_failures=1'] });
  try {
    const value = async (series) => Number((await request(taker.adminUrl, 'GET', '/metrics')).text.split('\n').find((line) => line.startsWith(`${series} `))?.slice(series.length + 1));
    const waiting = () => value('reeld_jobs{queue="encode",state="available"}');
    assert.equal(await waiting(), 0);
    const boss = await Client.admin(taker);
    const video = await boss.upload(clipBytes({ seconds: 1 }));
    assert.equal(await waiting(), 1);
    assert.equal(await value('reeld_jobs{queue="encode",state="running"}'), 0);
    assert.equal(await value('reeld_storage_operations_total{backend="disk",op="adopt",outcome="ok"}'), 1);
    assert.equal((await boss.get(`/api/v1/videos/${video}`)).status, 200);
    const attempt = () => new Client(taker).post('/api/v1/auth/login', { json: { email: 'nobody@example.org', password: 'a wrong password' } });
    assert.equal((await attempt()).status, 401);
    assert.equal((await attempt()).status, 429);
    for (const [outcome, count] of [['ok', 1], ['refused', 1], ['throttled', 1]]) {
      assert.equal(await value(`reeld_auth_attempts_total{method="password",outcome="${outcome}"}`), count, outcome);
    }
  } finally {
    await taker.dispose();
  }
});

test('a daemon that only works says that it listens for no client', async () => {
  const worker = await Daemon.start({ set: ['roles=[worker]'] });
  try {
    assert.match(worker.log, / ready +listen=none admin_listen=/);
    await assert.rejects(request(worker.url, 'GET', '/api/v1/health'), /ECONNREFUSED/);
  } finally {
    await worker.dispose();
  }
});

test('reeldctl status says that all is well', async () => {
  assert.match(await ctl('status'), /ready|ok/i);
  assert.equal(typeof await json('status'), 'object');
});

test('reeldctl makes, lists and raises users', async () => {
  const passwordFile = join(daemon.dataDir, 'ctl-password');
  writeFileSync(passwordFile, 'a password by file', { mode: 0o600 });
  await ctl('user', 'create', 'by-ctl@example.org', '--password-file', passwordFile);
  const list = await json('user', 'list');
  const made = list.find(({ email }) => email === 'by-ctl@example.org');
  assert.equal(made.role, 'VIEWER');
  await ctl('user', 'role', 'by-ctl@example.org', 'CREATOR');
  assert.equal((await json('user', 'list')).find(({ email }) => email === 'by-ctl@example.org').role, 'CREATOR');
  await Client.signIn(daemon, { email: 'by-ctl@example.org', password: 'a password by file' });
});

test('reeldctl adds a video from a file and says why it is what it is', async () => {
  const added = await json('video', 'add', clip({ seconds: 1 }), '--title', 'by reeldctl');
  assert.equal(typeof added.id, 'number');
  await (await Client.admin(daemon)).ready(added.id);
  assert.ok((await json('video', 'list')).some((video) => video.id === added.id));
  assert.match(await ctl('video', 'why', String(id)), /READY/);
  await ctl('video', 'verify', String(id));
});

test('reeldctl verify reads every byte: one that changed in storage is named', async () => {
  const media = join(daemon.dataDir, 'instances/disk/media');
  const segment = readdirSync(media, { recursive: true }).find((name) => name.includes(`videos/${id}/`) && name.endsWith('segment_000.ts'));
  const path = join(media, segment);
  const bytes = readFileSync(path);
  const spoiled = Buffer.from(bytes);
  spoiled[bytes.length >> 1] ^= 0x10;
  writeFileSync(path, spoiled);
  const { code, output } = await daemon.ctl(['video', 'verify', String(id)]);
  assert.notEqual(code, 0);
  assert.match(output, /rendition \d+p: segment 0 in storage is not what was published/);
  writeFileSync(path, bytes);
  await ctl('video', 'verify', String(id));
});

test('reeldctl verify --full decodes every segment: one that was published as it is and does not play is named', async () => {
  const whole = await json('video', 'verify', String(id), '--full');
  assert.deepEqual([whole.ok, whole.decoded, whole.problems], [true, true, []]);
  assert.ok(whole.segments > 0);
  assert.equal((await json('video', 'verify', String(id))).decoded, false);
  const [key, sum] = daemon.database.query(`SELECT s.storage_key, s.sha256 FROM segments s JOIN renditions r ON r.id = s.rendition_id
    JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${id} ORDER BY s.id LIMIT 1`)[0];
  const path = join(daemon.dataDir, 'instances/disk/media', key);
  const bytes = readFileSync(path);
  // Within packets, so that their framing stays; the checksum is made to fit. In many, for a decoder takes some of
  // what it is given for a picture that nobody drew.
  const spoiled = Buffer.from(bytes);
  for (let packet = 188 * 10; packet + 188 <= bytes.length; packet += 188 * 5) {
    for (let at = packet + 60; at < packet + 180; ++at) spoiled[at] ^= 0xff;
  }
  const store = (content, sha256) => {
    writeFileSync(path, content);
    daemon.database.query(`UPDATE segments SET sha256 = '${sha256}' WHERE storage_key = '${key}'`);
  };
  store(spoiled, createHash('sha256').update(spoiled).digest('hex'));
  await ctl('video', 'verify', String(id));
  const { code, output } = await daemon.ctl(['video', 'verify', '--full', String(id)]);
  assert.equal(code, 1, output);
  assert.match(output, /^video \d+: rendition \d+p: segment 0 has (\d+ frames that decode, not \d+|\d+ places that do not decode|\d+ ms of sound)/);
  store(bytes, sum);
  assert.match(await ctl('video', 'verify', '--full', String(id)), /every frame of them decodes/);
});

test('reeldctl lists jobs and plugins', async () => {
  assert.ok(Array.isArray(await json('job', 'list')));
  const names = (await json('plugins', 'list')).map(({ name }) => name).sort();
  assert.deepEqual(names, ['audit', 'disk', 'libav', 'outbox', 'password', 'plans', 'rate-limit', 'rollup', 'sandbox']);
  await ctl('plugins', 'check');
});

test('reeldctl checks and prints the configuration', async () => {
  await ctl('config', 'check');
  assert.match(await ctl('config', 'print'), /processing/);
});

test('reeldctl says what is wrong and ends with a status of its own', async () => {
  for (const args of [['video', 'why', '999999'], ['user', 'role', 'nobody@example.org', 'CREATOR'], ['no-such-command'], ['job', 'retry', 'x'], ['video', 'add', '/no/such/file']]) {
    const { code, output } = await daemon.ctl(args);
    assert.ok(code > 0 && code < 126, `${args.join(' ')}: ${code}`);
    assert.ok(output.trim().length > 0);
  }
  const { code, output } = await run(join(build, 'bin/reeldctl'), ['--socket', join(daemon.dataDir, 'nothing.sock'), 'status']);
  assert.ok(code > 0);
  assert.match(output, /nothing\.sock/);
});
