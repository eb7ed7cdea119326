// Every C and C++ file looks as .clang-format says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withTree } from './planted.mjs';
import { sourceFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/// The files that clang-format would change, below a tree that has a .clang-format.
function unformatted(at) {
  const files = sourceFiles(at, ['core', 'plugins', 'sdk', 'tests']).filter((path) => /\.(c|h|cpp|hpp)$/.test(path));
  assert.ok(files.length > 0);
  const run = spawnSync('clang-format', ['--dry-run', ...files], { cwd: at, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.error, undefined);
  return [...new Set([...run.stderr.matchAll(/^([^:\n]+):\d+:\d+: warning:/gm)].map((match) => match[1]))];
}

test('every file is formatted (clang-format -i FILE puts it right)', () => assert.deepEqual(unformatted(root), []));

test('a file that is not formatted is found', async () => {
  const found = await withTree({ 'core/x.h': '// x\n#pragma once\nint  a ;\n' }, (at) => {
    cpSync(join(root, '.clang-format'), join(at, '.clang-format'));
    for (const folder of ['plugins', 'sdk', 'tests']) cpSync(join(at, 'core/x.h'), join(at, folder, 'x.h'));
    return unformatted(at);
  });
  assert.equal(found.length, 4);
});
