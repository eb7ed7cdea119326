// The shell blocks of README.md are extracted and run as they stand, from the top of the checkout, so that
// what a newcomer copies works. Names in capitals that the page introduces come from the environment.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clip } from '../harness/clips.mjs';
import { freePorts, top } from '../harness/daemon.mjs';

/// [{ title, text }] of the ```sh blocks; title is the heading above.
export function shellBlocks(markdown) {
  const blocks = [];
  let title = '';
  let open;
  for (const line of markdown.split('\n')) {
    if (open) {
      if (line.startsWith('```')) { blocks.push(open); open = undefined; } else open.text += line + '\n';
    } else if (line.startsWith('```sh')) open = { title, text: '' };
    else if (line.startsWith('#')) title = line.replace(/^#+\s*/, '');
  }
  return blocks;
}

const blocks = shellBlocks(readFileSync(join(top, 'README.md'), 'utf8'));
let home, port;
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'reeld-docs-'));
  [port] = await freePorts(1);
});
after(() => rmSync(home, { recursive: true, force: true }));

function shell(text) {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
      cwd: top, stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), PORT: String(port), VIDEO: clip({ seconds: 3 }) },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output += data; });
    child.on('close', (code) => resolve({ code, output }));
  });
}

test('README.md has shell blocks', () => assert.ok(blocks.length >= 2, `${blocks.length}`));

for (const [index, { title, text }] of blocks.entries()) {
  // What starts all tests would start this one again; that it exists and knows its options is enough here.
  const runnable = text.replace(/^(\s*)tests\/run\b.*$/gm, '$1tests/run --help').replace(/^git clone.*$|^cd reeld.*$/gm, ':');
  test(`README.md, "${title}", block ${index + 1} runs`, { timeout: 600_000 }, async () => {
    const { code, output } = await shell(runnable);
    assert.equal(code, 0, `${runnable}\n${output.slice(-3000)}`);
  });
}
