// Story: a plugin is missing, untrusted, of another ABI or broken. The daemon says so in one clear line
// and ends with 78, or goes on without the instance if it is not required.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { admin, build, Daemon, run, top } from '../harness/daemon.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Client } from '../harness/client.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-plugins-'));
  chmodSync(folder, 0o755);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/// Compiles C text into a plugin of that name in a folder of its own; returns the folder.
function plugin(name, source) {
  const place = mkdtempSync(join(folder, 'dir-'));
  chmodSync(place, 0o755);
  const file = join(place, `${name}.c`);
  writeFileSync(file, source);
  execFileSync('cc', ['-std=c11', '-shared', '-fPIC', '-fvisibility=hidden', '-I', join(top, 'sdk/include'), '-o', join(place, `${name}.so`), file]);
  rmSync(file);
  chmodSync(join(place, `${name}.so`), 0o755);
  return place;
}
const descriptor = (fields) => `
#include <reeld/plugin.h>
static reeld_status create(const reeld_host *h, reeld_str c, void **self, reeld_error *e) { (void)h; (void)c; (void)e; *self = 0; return REELD_OK; }
static void destroy(void *self) { (void)self; }
static const reeld_interface interfaces[] = {{0, 0}};
static const reeld_plugin plugin = {.struct_size = sizeof(reeld_plugin), .abi_major = REELD_ABI_MAJOR, .id = "org.example.test", .version = "1.0.0",
  .interfaces = interfaces, .create = create, .destroy = destroy, ${fields}};
const reeld_plugin *reeld_plugin_abi1(void) { return &plugin; }
`;

/// The daemon's end and its last words, started with one more plugin instance.
async function startWith({ use, dirs = [], required = true }) {
  const daemon = await Daemon.prepare();
  const places = [...dirs, join(build, 'plugins')].map((dir) => `'${dir}'`).join(', ');
  daemon.settings.push(`plugin_dirs=[${places}]`, `plugins.extra={use: ${use}, required: ${required}}`);
  return daemon;
}
async function refusal(options) {
  const daemon = await startWith(options);
  daemon.launch();
  const timer = setTimeout(() => daemon.child.kill('SIGKILL'), 20_000);
  const { code } = await daemon.exited;
  clearTimeout(timer);
  const { log } = daemon;
  // The line that names what is wrong may have a second one below it that says what to do.
  const lines = log.replace(/\n\s+-> /g, ' -> ').split('\n').filter((line) => line.startsWith('reeld: ') && line.includes(options.use));
  await daemon.dispose();
  return { code, lines, log };
}
async function refusedWith(options, words) {
  const { code, lines, log } = await refusal(options);
  assert.equal(code, 78, log.slice(-2000));
  assert.equal(lines.length, 1, log.slice(-2000));
  assert.match(lines[0], words);
}

test('a plugin that is nowhere is named with the folders that were searched', () =>
  refusedWith({ use: 'no-such-plugin' }, /no-such-plugin.*plugins/));

test('a plugin that others may write is refused with the command that mends it', async () => {
  const place = mkdtempSync(join(folder, 'dir-'));
  chmodSync(place, 0o755);
  copyFileSync(join(build, 'plugins/auth-password.so'), join(place, 'open-door.so'));
  chmodSync(join(place, 'open-door.so'), 0o777);
  await refusedWith({ use: 'open-door', dirs: [place] }, /chmod/);
});

test('a plugin in a folder that others may write is refused with the command that mends it', async () => {
  const place = mkdtempSync(join(folder, 'dir-'));
  copyFileSync(join(build, 'plugins/auth-password.so'), join(place, 'open-house.so'));
  chmodSync(join(place, 'open-house.so'), 0o755);
  chmodSync(place, 0o777);
  await refusedWith({ use: 'open-house', dirs: [place] }, /chmod/);
});

test('a plugin of another ABI is refused by both numbers', async () => {
  const other = descriptor('').replace('reeld_plugin_abi1(void)', 'reeld_plugin_abi9(void)');
  await refusedWith({ use: 'other-symbol', dirs: [plugin('other-symbol', `${other.replace('#include <reeld/plugin.h>', '#include <reeld/plugin.h>\nREELD_EXPORT const reeld_plugin *reeld_plugin_abi9(void);')}`)] }, /abi|ABI/);
  await refusedWith({ use: 'other-major', dirs: [plugin('other-major', descriptor('').replace('.abi_major = REELD_ABI_MAJOR', '.abi_major = 9'))] }, /9/);
});

test('a file that is no plugin is refused', async () => {
  const place = mkdtempSync(join(folder, 'dir-'));
  chmodSync(place, 0o755);
  writeFileSync(join(place, 'no-plugin.so'), 'this is text', { mode: 0o755 });
  await refusedWith({ use: 'no-plugin', dirs: [place] }, /no-plugin/);
});

test('a plugin that crashes when it is opened takes nobody with it', () =>
  refusedWith({ use: 'crashes', dirs: [plugin('crashes', `${descriptor('')}\n#include <stdlib.h>\n__attribute__((constructor)) static void boom(void) { abort(); }\n`)] }, /SIGABRT|signal 6|abort/i));

test('a plugin that hangs when it is opened is given up after seconds', { timeout: 40_000 }, () =>
  refusedWith({ use: 'hangs', dirs: [plugin('hangs', `${descriptor('')}\n#include <unistd.h>\n__attribute__((constructor)) static void stuck(void) { for (;;) pause(); }\n`)] }, /no answer after \d+ s/));

test('a plugin whose create refuses is named with its reason', async () => {
  const says = `
#include <reeld/plugin.h>
#include <string.h>
static reeld_status create(const reeld_host *h, reeld_str c, void **self, reeld_error *e) { (void)h; (void)c; (void)self; (void)e; return REELD_UNAVAILABLE; }
static void destroy(void *self) { (void)self; }
static const reeld_interface interfaces[] = {{0, 0}};
static const reeld_plugin plugin = {.struct_size = sizeof(reeld_plugin), .abi_major = REELD_ABI_MAJOR, .id = "org.example.test", .version = "1.0.0", .interfaces = interfaces, .create = create, .destroy = destroy};
const reeld_plugin *reeld_plugin_abi1(void) { return &plugin; }
`;
  await refusedWith({ use: 'refuses', dirs: [plugin('refuses', says)] }, /extra|refuses/);
});

test('an instance that is not required leaves a degraded daemon that serves', async () => {
  const daemon = await startWith({ use: 'no-such-plugin', required: false });
  try {
    await daemon.start();
    const health = await request(daemon.url, 'GET', '/api/v1/health');
    assert.equal(health.status, 200);
    assert.match(daemon.log, /no-such-plugin/);
    const { output } = await daemon.ctl(['plugins', 'list', '--json']);
    const extra = JSON.parse(output).find(({ name }) => name === 'extra');
    assert.notEqual(extra.state, 'running');
    assert.match(JSON.stringify(extra), /none of the plugin folders/);
  } finally {
    await daemon.dispose();
  }
});

const ask = (daemon, path) => request(daemon.adminUrl, 'GET', path);
const isUp = async (daemon, name) => Number((await ask(daemon, '/metrics')).text.match(new RegExp(`^reeld_plugin_up\\{plugin="${name}"\\} (\\d)$`, 'm'))?.[1]);

/// A daemon one of whose own instances is missing; it answers, ready or not.
async function startWithout(instance) {
  const daemon = await Daemon.prepare();
  daemon.settings.push(`plugins.${instance}={use: no-such-plugin, required: false}`);
  daemon.launch();
  await until(async () => {
    assert.equal(daemon.ended, undefined, `reeld ended:\n${daemon.log.slice(-3000)}`);
    return (await request(daemon.url, 'GET', '/api/v1/health').catch(() => undefined))?.status === 200;
  }, { what: 'reeld answers', within: 30_000, every: 20 });
  return daemon;
}
/// The answer of /readyz, which names the instance and why it is missing.
async function missing(daemon, instance) {
  const { status, json } = await ask(daemon, '/readyz');
  assert.equal(json.checks[`plugin ${instance}`].ok, false, JSON.stringify(json));
  assert.match(json.checks[`plugin ${instance}`].message, /no-such-plugin.*none of the plugin folders/);
  for (const name of ['disk', 'libav', 'password']) assert.equal(await isUp(daemon, name), name === instance ? 0 : 1, name);
  return { status, json };
}
function unavailable(answer) {
  assert.equal(answer.status, 503, answer.text);
  assert.ok(Number(answer.headers['retry-after']) > 0, JSON.stringify(answer.headers));
  assert.doesNotMatch(answer.text, /no-such-plugin/);
}

test('without an encoder that is not required uploads are taken and their jobs wait for one', { timeout: 120_000 }, async () => {
  const daemon = await startWithout('libav');
  try {
    const { status, json } = await missing(daemon, 'libav');
    assert.equal(status, 200);
    assert.equal(json.status, 'degraded');
    assert.match(daemon.log, /there is no encoder/);
    const creator = await Client.person(daemon, 'CREATOR');
    const id = await creator.upload(clipBytes({ seconds: 1 }));
    const { jobs } = JSON.parse((await daemon.ctl(['status', '--json'])).output);
    assert.deepEqual(jobs, { available: 1 });
    assert.deepEqual({ code: (await daemon.stop()).code }, { code: 0 });

    daemon.settings.push('plugins.libav={use: encoder-libav}');
    await daemon.start();
    await creator.ready(id);
    assert.equal(await isUp(daemon, 'libav'), 1);
  } finally {
    await daemon.dispose();
  }
});

test('without a provider that is not required logins wait, and the administrator is made later', async () => {
  const daemon = await startWithout('password');
  try {
    const { status, json } = await missing(daemon, 'password');
    assert.equal(status, 200);
    assert.equal(json.status, 'degraded');
    assert.match(daemon.log, /the administrator of admin\.email is not made/);
    const { email, password } = admin;
    const nobody = new Client(daemon);
    unavailable(await nobody.post('/api/v1/auth/login', { form: { username: email, password } }));
    unavailable(await nobody.post('/api/v1/auth/register', { json: { email: 'a@example.org', password } }));
    ok(await nobody.get('/api/v1/health'));
    assert.deepEqual({ code: (await daemon.stop()).code }, { code: 0 });

    daemon.settings.push('plugins.password={use: auth-password}');
    await daemon.start();
    await Client.admin(daemon);
  } finally {
    await daemon.dispose();
  }
});

test('without a storage that is not required the daemon answers and is not ready', async () => {
  const daemon = await startWithout('disk');
  try {
    const { status, json } = await missing(daemon, 'disk');
    assert.equal(status, 503);
    assert.equal(json.checks.storage.ok, false);
    const creator = await Client.person(daemon, 'CREATOR');
    const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: 'x' } })).json;
    unavailable(await creator.put(`/api/v1/videos/${id}/upload`, { body: clipBytes({ seconds: 1 }), headers: { 'content-type': 'application/octet-stream' } }));
    assert.deepEqual({ code: (await daemon.stop()).code }, { code: 0 });
  } finally {
    await daemon.dispose();
  }
});

test('the encoder, a provider and the storage are required unless they say otherwise', async () => {
  for (const name of ['libav', 'password', 'disk']) {
    const daemon = await Daemon.prepare();
    const lacking = [...daemon.arguments, '--set', `plugins.${name}={use: no-such-plugin}`];
    const start = await run(join(build, 'bin/reeld'), lacking);
    assert.equal(start.code, 78, start.output);
    assert.match(start.output, /no-such-plugin/);
    assert.equal((await run(join(build, 'bin/reeld'), ['--check-config', ...lacking])).code, 78);
    const optional = [...daemon.arguments, '--set', `plugins.${name}={use: no-such-plugin, required: false}`];
    const check = await run(join(build, 'bin/reeld'), ['--check-config', ...optional]);
    assert.equal(check.code, 0, check.output);
    assert.match(check.output, new RegExp(`plugin ${name}: failed`));
    await daemon.dispose();
  }
});

test('an instance name or a use that is a path is refused as configuration', async () => {
  for (const use of ['../evil', '/tmp/evil', 'Evil', 'a.so']) {
    const daemon = await Daemon.prepare();
    const { code, output } = await run(join(build, 'bin/reeld'), ['--check-config', ...daemon.arguments, '--set', `plugins.extra={use: "${use}"}`]);
    await daemon.dispose();
    assert.equal(code, 78, output);
  }
});

test('the bundled plugins are all there and nothing else is', () => {
  assert.deepEqual(readdirSync(join(build, 'plugins')).filter((name) => name.endsWith('.so')).sort(), ['analytics-rollup.so', 'audit-trail.so', 'auth-password.so', 'encoder-libav.so', 'notifier-outbox.so', 'notifier-smtp.so', 'payment-sandbox.so', 'rate-limit.so', 'storage-disk.so', 'subscription-plans.so']);
});
