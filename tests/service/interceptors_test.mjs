// Story: an integrator writes interceptors outside of this tree, an administrator puts them into the chain by
// YAML alone, changes the chain while the daemon runs, and keeps a daemon that one of them brings down.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { build, Daemon, run, top } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let folder, plugins;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-interceptors-'));
  chmodSync(folder, 0o755);
  plugins = join(folder, 'plugins');
  mkdirSync(plugins, { mode: 0o755 });
  // Copied out and built with the flags that sdk/README.md gives for a machine without the package.
  const flags = [`-I${join(top, 'sdk/include')}`, `-Wl,--version-script=${join(top, 'sdk/cmake/plugin.map')},-z,defs,-z,nodelete,-z,now`];
  for (const [compiler, source, name] of [[['c++', '-std=c++20'], 'maintenance.cpp', 'maintenance'], [['cc', '-std=c11'], 'header_rule.c', 'header-rule']]) {
    copyFileSync(join(top, 'sdk/examples', source), join(folder, source));
    const [program, standard] = compiler;
    execFileSync(program, [standard, '-shared', '-fPIC', source, '-o', join(plugins, `${name}.so`), ...flags], { cwd: folder });
    chmodSync(join(plugins, `${name}.so`), 0o644);
  }
  copyFileSync(join(build, 'tests/plugins/passer.so'), join(plugins, 'passer.so'));
  chmodSync(join(plugins, 'passer.so'), 0o644);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/// A daemon that is configured by its file alone: plugins are instances, then the chain.
async function prepare(yaml) {
  const daemon = await Daemon.prepare();
  daemon.settings.push(`plugin_dirs=['${plugins}', '${join(build, 'plugins')}']`);
  writeFileSync(daemon.config, yaml, { mode: 0o600 });
  return daemon;
}
async function start(yaml) {
  const daemon = await prepare(yaml);
  await daemon.start();
  return daemon;
}
const both = `
plugins:
  frames: {use: header-rule, config: "X-Frame-Options: DENY"}
  closed: {use: maintenance, config: ""}
`;
const health = (daemon) => request(daemon.url, 'GET', '/api/v1/health');
async function reload(daemon, yaml) {
  writeFileSync(daemon.config, yaml);
  const reads = () => (daemon.log.match(/configuration read again|was not taken over/g) ?? []).length;
  const before = reads();
  daemon.child.kill('SIGHUP');
  await until(() => reads() > before, { what: 'the configuration is read again' });
}
async function chain(daemon, ...route) {
  const { code, output } = await daemon.ctl(['plugins', 'chain', ...route, '--json']);
  assert.equal(code, 0, output);
  return JSON.parse(output);
}

test('each of the two examples has fewer than 45 lines', () => {
  for (const name of ['maintenance.cpp', 'header_rule.c']) {
    const lines = readFileSync(join(top, 'sdk/examples', name), 'utf8').split('\n').length - 1;
    assert.ok(lines < 45, `${name}: ${lines}`);
  }
});

test('foreign interceptors are loaded by YAML alone, in C and in C++, and run in the configured order', async () => {
  const daemon = await start(`${both}interceptors: [frames, {name: closed, exclude: [health]}]\n`);
  try {
    const open = ok(await health(daemon));
    assert.equal(open.headers['x-frame-options'], 'DENY');
    for (const path of ['/api/v1/videos/', '/nowhere', '/openapi.json']) {
      const closed = refused(await request(daemon.url, 'GET', path), 503, 'maintenance');
      assert.equal(closed.headers['retry-after'], '60');
      assert.equal(closed.headers['x-frame-options'], 'DENY');
      assert.equal(closed.headers['content-type'], 'application/problem+json');
    }
    const pages = await request(daemon.url, 'POST', '/api/login/', { headers: { 'content-type': 'application/json' }, body: '{}' });
    assert.equal(pages.status, 503);
    assert.deepEqual(Object.keys(pages.json), ['detail']);

    assert.deepEqual(await chain(daemon, '/api/v1/health'), [{ method: 'GET', route: '/api/v1/health', group: 'health', interceptors: ['frames'] }]);
    const [videos] = await chain(daemon, '/api/v1/videos/7/');
    assert.deepEqual([videos.route, videos.interceptors], ['/api/v1/videos/{id}', ['frames', 'closed']]);
    const all = await chain(daemon);
    assert.ok(all.length > 30, `${all.length}`);
    assert.deepEqual(all.at(-1), { method: 'any', route: '', group: 'unmatched', interceptors: ['frames', 'closed'] });
    const page = await daemon.ctl(['plugins', 'chain', '/api/v1/stream/{id}']);
    assert.match(page.output, /^METHOD +ROUTE +GROUP +INTERCEPTORS, OUTERMOST FIRST\nGET +\/api\/v1\/stream\/\{id\} +stream +frames > closed\n$/);
    const unknown = await daemon.ctl(['plugins', 'chain', '/no/such']);
    assert.deepEqual([unknown.code, /there is no route \/no\/such/.test(unknown.output)], [1, true]);
    const list = JSON.parse((await daemon.ctl(['plugins', 'list', '--json'])).output);
    assert.ok(list.find(({ name }) => name === 'closed').calls >= 4);
  } finally {
    await daemon.dispose();
  }
});

test('a reload closes the site and opens it again, and a request under way keeps its chain', async () => {
  const daemon = await start(`${both}interceptors: [frames]\n`);
  try {
    const admin = await Client.admin(daemon);
    ok(await admin.get('/api/v1/videos/'));
    await reload(daemon, `${both}interceptors: [{name: closed, include: [api]}, frames]\n`);
    refused(await admin.get('/api/v1/videos/'), 503, 'maintenance');
    assert.equal((await health(daemon)).headers['x-frame-options'], 'DENY');
    await reload(daemon, `${both}interceptors: []\n`);
    ok(await admin.get('/api/v1/videos/'));
    assert.equal((await health(daemon)).headers['x-frame-options'], undefined);
    // An instance that does not run cannot come in without a restart; the rest stays in force.
    await reload(daemon, `${both}  late: {use: header-rule, config: "X-Late: 1"}\ninterceptors: [frames, late]\n`);
    assert.match(daemon.log, /some changes wait for a restart keys="?interceptors plugins\.late/);
    assert.equal((await health(daemon)).headers['x-frame-options'], undefined);
    // Nor can one that is no interceptor, then or later.
    await reload(daemon, `${both}interceptors: [disk]\n`);
    assert.match(daemon.log, /"disk" \(storage-disk\.so\): does not offer reeld\.interceptor\/1/);
  } finally {
    await daemon.dispose();
  }
});

test('a chain that cannot be is refused before the start, with the place and what to do', async () => {
  const cases = [
    [`interceptors: [nobody]\n`, /reeld\.yaml:1:\d+: \/interceptors\/0: names the plugin instance "nobody"/],
    [`${both}interceptors: [frames, frames]\n`, /\/interceptors\/1: names frames twice/],
    [`${both}interceptors: [{name: frames, exclude: [medai]}]\n`, /\/interceptors\/0: is no group of routes \(got "medai"\) \(did you mean "media"\?\)/],
    [`${both}interceptors: [{exclude: [media]}]\n`, /must name an instance/],
    [`${both}interceptors: [{name: frames, exlude: [media]}]\n`, /unknown key "exlude" \(did you mean "exclude"\?\)/],
    [`interceptors: [disk]\n`, /does not offer reeld\.interceptor\/1.*name an instance that does under "interceptors"/s],
    [`plugins: {frames: {use: header-rule, config: "no header"}}\ninterceptors: [frames]\n`, /header-rule\.so.*correct plugins\.frames\.config/s],
  ];
  for (const [yaml, words] of cases) {
    const daemon = await prepare(yaml);
    for (const args of [['--check-config', ...daemon.arguments], daemon.arguments]) {
      const { code, output } = await run(join(build, 'bin/reeld'), args);
      assert.equal(code, 78, output);
      assert.match(output, words);
    }
    await daemon.dispose();
  }
});

test('an interceptor that crashes is told by name; after three crashes it is left out and the site is served', async () => {
  const crashing = (required) => `plugins: {trouble: {use: passer, required: ${required}}}\ninterceptors: [trouble]\n`;
  const daemon = await start(crashing(false));
  try {
    for (let crash = 1; crash <= 3; ++crash) {
      assert.equal((await health(daemon)).headers['x-method'], 'GET');
      await request(daemon.url, 'GET', '/api/v1/health', { headers: { 'x-do': 'crash', 'x-request-id': `crash-number-${crash}` } }).catch(() => undefined);
      assert.deepEqual(await daemon.exited, { code: null, signal: 'SIGABRT' });
      assert.match(daemon.log, new RegExp(`reeld: plugin "trouble" crashed in on_request\\(\\), SIGABRT, request crash-number-${crash}\n`));
      await daemon.start();
    }
    assert.match(daemon.log, /an instance is left out instance=trouble reason="plugin \\?"trouble\\?" \(passer\.so\): is quarantined: it crashed 3 times within ten minutes/);
    const survived = ok(await request(daemon.url, 'GET', '/api/v1/health', { headers: { 'x-do': 'crash' } }));
    assert.equal(survived.headers['x-method'], undefined);
    const ready = await request(daemon.adminUrl, 'GET', '/readyz');
    assert.equal(ready.json.status, 'degraded');
    const { message } = ready.json.checks['plugin trouble'];
    assert.match(message, /quarantined.* -> install another version of it, or rm \S+trouble\.crashes, and restart reeld/);
    assert.equal((await daemon.stop()).code, 0);

    // One that is required is never left out: a site that must have it is down rather than without it.
    writeFileSync(daemon.config, crashing(true));
    await daemon.start();
    assert.equal((await health(daemon)).headers['x-method'], 'GET');
    assert.equal((await daemon.stop()).code, 0);

    writeFileSync(daemon.config, crashing(false));
    rmSync(message.match(/rm (\S+trouble\.crashes)/)[1]);
    await daemon.start();
    assert.equal((await health(daemon)).headers['x-method'], 'GET');
  } finally {
    await daemon.dispose();
  }
});
