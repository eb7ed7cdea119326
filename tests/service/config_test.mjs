// Story: an administrator writes the configuration. What is wrong is said at once, all of it, with file
// and line; what is right is taken over without a restart where that is possible.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { build, Daemon, run, top } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

const reeld = join(build, 'bin/reeld');
const daemonKind = process.env.REELD_TEST_DATABASE ?? 'sqlite';
let daemon;
before(async () => { daemon = await Daemon.prepare(); });
afterEach(async () => { if (daemon.child && !daemon.ended) await daemon.stop(); });
after(() => daemon.dispose());

const check = (text, more = []) => {
  writeFileSync(daemon.config, text);
  return run(reeld, ['--check-config', ...daemon.arguments, ...more], { env: daemon.env });
};

test('the shipped file says the same as no file', async () => {
  const shipped = readFileSync(join(top, 'etc/reeld.yaml'), 'utf8');
  const effective = async (text) => {
    writeFileSync(daemon.config, text);
    const { code, output } = await run(reeld, ['--print-config', '--config', daemon.config]);
    assert.equal(code, 0, output);
    return output.split('\n').map((line) => line.replace(/\s*#.*/, '')).filter((line) => line.trim() !== '').join('\n');
  };
  assert.equal(await effective(shipped), await effective('{}\n'));
});

test('every mistake is named at once with file and line, and the exit status is 78', async () => {
  const { code, output } = await check('http:\n  lisen: "x"\ndatabase:\n  pool: many\nprocessing:\n  crf: -3\nnothing: 1\n');
  assert.equal(code, 78, output);
  for (const words of [/reeld\.yaml:2.*lisen.*listen/, /reeld\.yaml:4.*pool/, /reeld\.yaml:6.*crf/, /reeld\.yaml:7.*nothing/]) assert.match(output, words);
});

test('what is no YAML and a key twice are refused', async () => {
  for (const text of ['http: [', 'a: 1\na: 2\n', '- list\n', '\tx: 1\n', 'x: &a [*a]\n']) {
    const { code, output } = await check(text);
    assert.equal(code, 78, text + output);
    assert.match(output, /reeld\.yaml/);
  }
});

test('a file that everybody may write is refused with the command that mends it', async () => {
  writeFileSync(daemon.config, '{}\n');
  chmodSync(daemon.config, 0o666);
  const careless = await check('{}\n');
  chmodSync(daemon.config, 0o600);
  assert.equal(careless.code, 78, careless.output);
  assert.ok(careless.output.includes(`chmod o-w ${daemon.config}`), careless.output);
  const mended = await check('{}\n');
  assert.equal(mended.code, 0, mended.output);
});

test('a drop-in whose name ends with .yml is not read, and that is said', async () => {
  const drop = join(daemon.dataDir, 'conf.d');
  mkdirSync(drop, { recursive: true });
  writeFileSync(join(drop, '60-x.yml'), 'processing: {crf: 30}\n');
  try {
    const { code, output } = await check('{}\n');
    assert.equal(code, 0, output);
    assert.match(output, /mind: \S+60-x\.yml is not read/);
    await daemon.start();
    assert.match(daemon.log, / warning .*60-x\.yml is not read/);
  } finally {
    rmSync(join(drop, '60-x.yml'));
  }
});

test('keys of what does not exist yet are refused as unknown', async () => {
  for (const key of ['money: {tax: 19}', 'webhooks: []', 'console: {}']) {
    assert.equal((await check(`${key}\n`)).code, 78, key);
  }
});

test('a good file is good', async () => {
  const { code, output } = await check('processing: {ladder: [480], crf: 23}\nlog: {level: debug}\n');
  assert.equal(code, 0, output);
});

test('the effective configuration says where each value came from and hides secrets', async () => {
  writeFileSync(daemon.config, 'log: {level: debug}\n');
  const { code, output } = await run(reeld, ['--print-config', ...daemon.arguments], { env: { ...daemon.env, REELD__PROCESSING__CRF: '23' } });
  assert.equal(code, 0, output);
  assert.match(output, /level:.*debug.*reeld\.yaml:1/);
  assert.match(output, /crf:.*23.*REELD__PROCESSING__CRF/);
  assert.match(output, /preset:.*veryfast.*default/);
});

test('file, drop-in, environment and --set win in that order', async () => {
  writeFileSync(daemon.config, 'processing: {crf: 21, preset: fast}\n');
  const drop = join(daemon.dataDir, 'conf.d');
  mkdirSync(drop, { recursive: true });
  writeFileSync(join(drop, '10-x.yaml'), 'processing: {crf: 22}\n');
  const valueOf = async (env, more) => {
    const { output } = await run(reeld, ['--print-config', ...daemon.arguments, ...more], { env: { ...daemon.env, ...env } });
    return [output.match(/crf:\s*([\d.]+)/)[1], output.match(/preset:\s*(\w+)/)[1]];
  };
  assert.deepEqual(await valueOf({}, []), ['22', 'fast']);
  assert.deepEqual(await valueOf({ REELD__PROCESSING__CRF: '23' }, []), ['23', 'fast']);
  assert.deepEqual(await valueOf({ REELD__PROCESSING__CRF: '23' }, ['--set', 'processing.crf=24']), ['24', 'fast']);
  writeFileSync(join(drop, '10-x.yaml'), '{}\n');
});

test('an unknown option is 2, --help and --version are 0', async () => {
  assert.equal((await run(reeld, ['--no-such-option'])).code, 2);
  assert.equal((await run(reeld, ['--help'])).code, 0);
  const { code, output } = await run(reeld, ['--version']);
  assert.equal(code, 0);
  assert.match(output, /\d+\.\d+\.\d+/);
});

test('a start with a broken configuration ends with 78', async () => {
  writeFileSync(daemon.config, 'http: {lisen: x}\n');
  daemon.launch();
  assert.equal((await daemon.exited).code, 78);
  writeFileSync(daemon.config, '{}\n');
});

test('a port that is taken is one clear line', async () => {
  await daemon.start();
  const second = await Daemon.prepare({ set: [`http.listen=127.0.0.1:${daemon.port}`] });
  second.launch();
  const { code } = await second.exited;
  assert.equal(code, 75);
  assert.match(second.log, new RegExp(`127\\.0\\.0\\.1:${daemon.port}.*in use`, 'i'));
  await second.dispose();
});

// Several daemons may share a PostgreSQL; a SQLite file belongs to one.
if (daemonKind !== 'postgres') test('a second daemon on the same data directory is refused', async () => {
  await daemon.start();
  const second = await Daemon.prepare();
  second.settings.push(`data_dir=${daemon.dataDir}`);
  second.launch();
  const timer = setTimeout(() => second.child.kill('SIGKILL'), 10_000);
  const { code } = await second.exited;
  clearTimeout(timer);
  assert.ok(code > 0, `${code}`);
  await second.dispose();
});

test('SIGHUP takes over what can change and names what cannot', async () => {
  writeFileSync(daemon.config, '{}\n');
  await daemon.start();
  writeFileSync(daemon.config, 'log: {level: debug}\ndatabase: {pool: 5}\n');
  daemon.child.kill('SIGHUP');
  await until(() => /database\.pool/.test(daemon.log), { what: 'the log names database.pool', within: 5000 });
  assert.match(daemon.log, /restart/);
  assert.equal((await request(daemon.url, 'GET', '/api/v1/health')).status, 200);
});

test('SIGHUP compares plugins by what they mean, and what cannot change while it runs waits', async () => {
  const drop = join(daemon.dataDir, 'conf.d');
  mkdirSync(drop, { recursive: true });
  const file = join(drop, '50-plugins.yaml');
  writeFileSync(daemon.config, '{}\n');
  writeFileSync(file, '{}\n');
  await daemon.start();
  const reload = async (text, words) => {
    const { length } = daemon.log;
    writeFileSync(file, text);
    daemon.child.kill('SIGHUP');
    return until(() => words.test(daemon.log.slice(length)) && daemon.log.slice(length), { what: `the log says ${words}`, within: 5000 });
  };
  try {
    const same = await reload('plugins: {outbox: {use: notifier-outbox, config: {}}}\nlog: {level: debug}\n', /configuration read again.*log\.level/);
    assert.doesNotMatch(same, /plugins\.outbox|not taken over/);
    const defaults = await reload('plugins: {outbox: {use: notifier-outbox, config: {path: ""}}}\n', /configuration read again/);
    assert.doesNotMatch(defaults, /plugins\.outbox/);
    const other = await reload(`plugins: {outbox: {config: {path: "${daemon.dataDir}/letters"}}}\nlog: {level: debug}\n`, /wait for a restart.*plugins\.outbox/);
    assert.match(other, /configuration read again.*log\.level/);
    const wrong = await reload('plugins: {outbox: {config: {pth: x}}}\n', /was not taken over/);
    assert.match(wrong, /"outbox".*pth.*-> correct plugins\.outbox\.config/);
    assert.doesNotMatch(wrong, /\\x0a/);
  } finally {
    rmSync(file);
  }
});

test('SIGHUP with a broken file keeps the old configuration and says why', async () => {
  writeFileSync(daemon.config, '{}\n');
  await daemon.start();
  const { length } = daemon.log;
  writeFileSync(daemon.config, 'http: {lisen: x}\n');
  daemon.child.kill('SIGHUP');
  await until(() => /lisen/.test(daemon.log.slice(length)), { what: 'the log names the mistake', within: 5000 });
  assert.equal((await request(daemon.url, 'GET', '/api/v1/health')).status, 200);
  assert.match((await request(daemon.adminUrl, 'GET', '/metrics')).text, /reeld_config_last_reload_successful 0/);
  writeFileSync(daemon.config, '{}\n');
  daemon.child.kill('SIGHUP');
  await until(async () => /reeld_config_last_reload_successful 1/.test((await request(daemon.adminUrl, 'GET', '/metrics')).text), { what: 'the next reload is good', within: 5000 });
});

test('a secret that others may read is refused with the command that mends it', async () => {
  const secret = join(daemon.dataDir, 'open-secret');
  writeFileSync(secret, 'x'.repeat(64));
  chmodSync(secret, 0o644);
  const careless = await Daemon.prepare({ set: [`auth.secret_file=${secret}`] });
  careless.launch();
  const timer = setTimeout(() => careless.child.kill('SIGKILL'), 10_000);
  assert.equal((await careless.exited).code, 78);
  clearTimeout(timer);
  assert.match(careless.log, /chmod/);
  await careless.dispose();
});
