// Every header compiles alone: it includes what it uses, so the order of includes never matters.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withTree } from './planted.mjs';
import { sourceFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/// What the compiler says of the header compiled alone; "" if it is content.
function complaint(at, header) {
  const cpp = !header.endsWith('.h') || !header.startsWith('sdk/');
  const language = cpp ? ['-x', 'c++-header', '-std=c++20'] : ['-x', 'c-header', '-std=c11'];
  return new Promise((resolve, reject) => {
    const child = spawn('g++', [...language, '-fsyntax-only', '-w', '-isystem', '/usr/include/postgresql', '-I', join(at, 'core'), '-I', join(at, 'sdk/include'), join(at, header)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data) => { said += data; });
    child.on('error', reject).on('close', (code) => resolve(code === 0 ? '' : `${header}: ${said.slice(0, 500)}`));
  });
}

async function complaints(at, headers) {
  const found = [];
  const queue = [...headers];
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let header = queue.pop(); header; header = queue.pop()) {
      const said = await complaint(at, header);
      if (said) found.push(said);
    }
  }));
  return found.sort();
}

test('every header of core and of the SDK compiles alone', { timeout: 600_000 }, async () => {
  const headers = sourceFiles(root, ['core', 'sdk']).filter((path) => /\.(h|hpp)$/.test(path));
  assert.ok(headers.length > 20);
  assert.deepEqual(await complaints(root, headers), []);
});

test('a header that leans on another one is found', async () => {
  const found = await withTree({ 'core/x.h': '// x\n#pragma once\nstd::string name();\n' }, (at) => complaints(at, ['core/x.h']));
  assert.match(found[0], /core\/x\.h/);
});
