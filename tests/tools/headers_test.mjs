// Every header compiles alone: it includes what it uses, so the order of includes never matters.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withTree } from './planted.mjs';
import { sourceFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/// What the compiler says of the header compiled alone; "" if it is content. Compiled to an object, because
/// that is what ccache remembers, and by relative paths, so that it remembers for every checkout: the second
/// run costs a tenth.
function complaint(at, header, objects) {
  const language = header.startsWith('sdk/') && header.endsWith('.h') ? ['gcc', '-x', 'c', '-std=c11'] : ['g++', '-x', 'c++', '-std=c++20'];
  const object = join(objects, header.replaceAll('/', '_') + '.o');
  return new Promise((resolve, reject) => {
    const child = spawn('ccache', [...language, '-w', '-isystem', '/usr/include/postgresql', '-I', 'core', '-I', 'sdk/include', '-c', header, '-o', object], { cwd: at, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data) => { said += data; });
    child.on('error', reject).on('close', (code) => resolve(code === 0 ? '' : `${header}: ${said.slice(0, 500)}`));
  });
}

async function complaints(at, headers) {
  const objects = mkdtempSync(join(tmpdir(), 'reeld-headers-'));
  const found = [];
  const queue = [...headers];
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    for (let header = queue.pop(); header; header = queue.pop()) {
      const said = await complaint(at, header, objects);
      if (said) found.push(said);
    }
  }));
  rmSync(objects, { recursive: true });
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
