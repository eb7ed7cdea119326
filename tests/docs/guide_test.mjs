// packaging/README.md and the man pages against the programs: every key, command and path they name is there,
// every configuration they show is accepted, and the man pages lack nothing the programs say of themselves.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { versions } from '../tools/packaging.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Client } from '../harness/client.mjs';
import { build, Daemon, run, top } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { guideBlocks, guideText } from './guide.mjs';

let folder, daemon;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-guide-'));
  daemon = await Daemon.start({ database: 'sqlite' });
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon?.dispose();
});

async function output(program, ...args) {
  const { code, output: text } = await run(join(build, 'bin', program), args);
  assert.equal(code, 0, text);
  return text;
}
const allKeys = async () => JSON.parse(await output('reeldctl', 'config', 'print', '--json', '--data-dir', daemon.dataDir)).map(({ key }) => key);
const commandsOf = (help) => [...help.matchAll(/^ {2}([a-z][a-z-]*(?: [a-z][a-z-]*)*)/gm)].map(([, name]) => name);
/// A route without the names of its parameters and the slash at its end.
const plain = (pattern) => pattern.replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '');
/// The page without its roff: what a reader sees, roughly.
const page = (name) => readFileSync(join(build, 'packaging/man', name), 'utf8').replace(/\\f[BIR]/g, '').replaceAll('\\-', '-').replaceAll('\\e', '\\').replaceAll('\\&', '');

test('every program and man page says the version of the tree', async () => {
  const version = versions(top)['CMakeLists.txt'];
  for (const program of ['reeld', 'reeldctl']) assert.equal(await output(program, '--version'), `${program} ${version}\n`);
  for (const name of ['reeld.8', 'reeldctl.1', 'reeld.yaml.5']) assert.match(page(name), new RegExp(`^\\.TH .*"reeld ${version}"`, 'm'));
});
test('every command of reeldctl --help is in reeldctl(1), with its options', async () => {
  const text = page('reeldctl.1');
  const commands = commandsOf(await output('reeldctl', '--help'));
  assert.ok(commands.length > 10, commands.join());
  for (const command of commands) {
    assert.match(text, new RegExp(`^\\.B reeldctl ${command}\\b`, 'm'), command);
    for (const [option] of (await output('reeldctl', ...command.split(' '), '--help')).matchAll(/--[a-z-]+/g)) assert.ok(text.includes(option), `${command} ${option}`);
  }
});
test('every option of reeld --help is in reeld(8)', async () => {
  const text = page('reeld.8');
  for (const [, option] of (await output('reeld', '--help')).matchAll(/^ {2}(--[a-z-]+)/gm)) assert.match(text, new RegExp(`^\\.B ${option}\\b`, 'm'));
});
test('every key of the configuration is in reeld.yaml(5)', async () => {
  const text = page('reeld.yaml.5');
  const keys = (await allKeys()).filter((key) => !key.startsWith('plugins.'));
  assert.ok(keys.length > 40, keys.join());
  for (const key of keys) assert.ok(text.includes(`\n.B ${key}\n`), key);
});

test('every configuration the guide shows is accepted', async () => {
  const shown = guideBlocks('yaml');
  assert.ok(shown.length >= 4);
  for (const { text } of shown) {
    const path = text.match(/^# \/etc\/reeld\/conf\.d\/(\S+\.yaml)$/m)?.[1];
    assert.ok(path, `says where it goes:\n${text}`);
    const at = join(folder, basename(path, '.yaml'));
    mkdirSync(join(at, 'conf.d'), { recursive: true });
    writeFileSync(join(at, 'reeld.yaml'), readFileSync(join(top, 'etc/reeld.yaml')));
    writeFileSync(join(at, 'conf.d', path), text);
    await output('reeld', '--config', join(at, 'reeld.yaml'), '--print-config');
  }
});
test('every key the guide names exists', async () => {
  const keys = await allKeys();
  const sections = new Set(keys.filter((key) => key.includes('.')).map((key) => key.split('.')[0]));
  const named = [...guideText.matchAll(/`([a-z_]+\.[a-z_.-]+)(?:: [^`]*)?`/g)].map(([, key]) => key).filter((key) => sections.has(key.split('.')[0]));
  assert.ok(named.length > 10, named.join());
  for (const key of named) assert.ok(keys.some((one) => one === key || one.startsWith(`${key}.`)), key);
});
test('every command the guide names exists', async () => {
  const commands = commandsOf(await output('reeldctl', '--help'));
  const named = [...guideText.matchAll(/reeldctl ([a-z]+(?: [a-z]+)?)/g)].map(([, name]) => name).filter((name) => !/^(needs|asks|talks|and|is)\b/.test(name));
  assert.ok(named.length > 5);
  for (const name of named) assert.ok(commands.some((command) => command === name || name.startsWith(`${command} `)), name);
});

test('every route the guide names exists', async () => {
  const routes = JSON.parse(await output('reeldctl', 'route', 'list', '--json', '--data-dir', daemon.dataDir)).routes.map(({ method, pattern }) => `${method} ${plain(pattern)}`);
  let named = 0;
  for (const [, base, table] of guideText.matchAll(/^\| its route below `(\/\S+)` \|.*\n((?:\|.*\n)+)/gm)) {
    for (const [, method, path] of table.matchAll(/`([A-Z]+) (\/[^`]+)`/g)) {
      named++;
      assert.ok(routes.includes(`${method} ${plain(base + path)}`), `${method} ${base}${path}`);
    }
  }
  assert.ok(named > 15, `${named}`);
});

test('what the guide says lies below /var/lib/reeld lies there', async () => {
  const client = await Client.admin(daemon);
  await client.ready(await client.upload(clipBytes({ seconds: 1 })));
  const named = [...guideText.matchAll(/^\| (`\/var\/lib\/reeld\/.*?) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`\/var\/lib\/reeld\/([^`]+)`/g)].map(([, path]) => path));
  assert.ok(named.length >= 4, named.join());
  for (const path of named) assert.ok(existsSync(join(daemon.dataDir, path)), path);
});

test('where a page with hls.js is promised, the origins that may read are said, and they are these', async () => {
  for (const name of ['README.md', 'packaging/README.md', 'packaging/quickstart']) {
    const text = readFileSync(join(top, name), 'utf8');
    const at = text.indexOf('hls.js');
    assert.ok(at > 0, name);
    const near = text.slice(at, at + 400);
    for (const word of ['http://127.0.0.1:5500', 'mail.frontend_url', 'http.cors_origins']) assert.ok(near.includes(word), `${name}: ${word}`);
    assert.doesNotMatch(text, /any page with hls\.js/);
  }
  const allowed = async (origin) => (await request(daemon.url, 'GET', '/media/g/none/1/hls/master.m3u8', { headers: { origin } })).headers['access-control-allow-origin'];
  assert.equal(await allowed('http://127.0.0.1:5500'), 'http://127.0.0.1:5500');
  assert.equal(await allowed('https://www.example.org'), undefined);
});

test('the first administrator is made over HTTP as the guide says', async () => {
  const fresh = await Daemon.start({ database: 'sqlite', set: ['admin.email=', 'admin.password_file='] });
  try {
    const command = guideBlocks('').find(({ title, text }) => title === 'The first administrator' && text.includes('setup-secret')).text;
    const told = command.replaceAll('http://127.0.0.1:8470', fresh.url).replaceAll('/var/lib/reeld', fresh.dataDir);
    const { code, output: text } = await run('sh', ['-c', told]);
    assert.equal(code, 0, text);
    const anna = await Client.signIn(fresh, { email: 'anna@example.org', password: 'a password of your choice' });
    assert.equal((await anna.get('/api/v1/users/')).status, 200);
    assert.ok(!existsSync(join(fresh.dataDir, 'setup-secret')));
  } finally {
    await fresh.dispose();
  }
});
test('the guide tells what 75 means as core/README.md does, and has no second word for a user', () => {
  const row = readFileSync(join(top, 'core/README.md'), 'utf8').match(/^\| 75 \|.*$/m)[0];
  const told = guideText.match(/^\| ended with status 75.*$/m)[0];
  for (const words of ['the database is away', 'the port is taken', 'the data folder in use', 'the disk is full']) {
    assert.ok(row.includes(words) && told.includes(words), words);
  }
  // What stands in code is a name, not a sentence.
  assert.doesNotMatch(guideText.replace(/`[^`]*`/g, ''), /\baccounts?\b/i);
  assert.match(guideText, /pg_restore .*--dbname=reeld/);
});
