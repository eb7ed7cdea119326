// The sample plugin of sdk/README.md is extracted and built with the very command the page gives, looked at
// with the one below it, and lets somebody in: what an integrator copies first must work.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { build, Daemon, top } from '../harness/daemon.mjs';

const runFile = promisify(execFile);
const page = readFileSync(join(top, 'sdk/README.md'), 'utf8');
/// The text of the first fenced block that begins so.
function block(start) {
  const found = page.match(new RegExp(`\`\`\`[a-z]*\\n(${start}[^]*?)\`\`\``));
  assert.ok(found, `sdk/README.md has no block that begins with ${start}`);
  return found[1];
}

let folder, plugin;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-sdk-'));
  chmodSync(folder, 0o755);
  symlinkSync(join(top, 'sdk'), join(folder, 'sdk'));
  plugin = join(folder, 'word-of-the-day.so');
});
after(() => rmSync(folder, { recursive: true, force: true }));

const shell = (command) => runFile('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env: { ...process.env, PATH: `${join(build, 'bin')}:${process.env.PATH}` } });

test('the sample of sdk/README.md is built by the command beside it, and is a plugin', { timeout: 120_000 }, async () => {
  writeFileSync(join(folder, 'word_of_the_day.cpp'), block('// Lets everybody in'));
  // Nothing is installed here: the flags the page gives for that, and the worker of the build.
  const [, flags] = page.match(/Without the package, `([^`]+)`/);
  const { stdout } = await shell(block('c\\+\\+ -std').replace(/\$\(pkg-config[^)]*\)/, flags).replace('/usr/lib/reeld/reeld-worker', 'reeld-worker'));
  assert.match(stdout, /org\.example\.word-of-the-day/);
  assert.match(stdout, /reeld\.auth\/1/);
});

test('the sample of sdk/README.md lets in whoever knows its word', { timeout: 60_000 }, async () => {
  const plugins = join(folder, 'plugins');
  mkdirSync(plugins, { mode: 0o755 });
  writeFileSync(join(plugins, 'word-of-the-day.so'), readFileSync(plugin), { mode: 0o644 });
  const daemon = await Daemon.start({
    set: [`plugin_dirs=['${plugins}', '${join(build, 'plugins')}']`, 'plugins.word={use: word-of-the-day, config: sesame}', 'auth_providers=[word]', 'admin.email=', 'admin.password_file='],
  });
  try {
    const guest = { email: 'guest@example.org', password: 'sesame' };
    const wrong = await new Client(daemon).post('/api/v1/auth/login', { json: { ...guest, password: 'not the word' } });
    assert.equal(wrong.status, 401, wrong.text);
    const client = await Client.signIn(daemon, guest);
    assert.equal((await client.get('/api/v1/auth/me')).json.email, guest.email);
  } finally {
    await daemon.dispose();
  }
});
