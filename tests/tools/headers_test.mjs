// Every header compiles alone, by itself or as the first include of another one: it includes what it uses, so the order of
// includes never matters. The headers of C++ itself are most of what that costs, so they are compiled before, once for
// all, and whether a header includes those that it needs is read from its names, of std alone. Names of C, macros, and
// types that must be complete are met by REELD_TEST_LONG, with which every header is compiled by itself, with nothing before.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { withTree } from './planted.mjs';
import { sourceFiles } from './sources.mjs';
import { standardHeaders, undeclared } from './std_names.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isC = (header) => header.startsWith('sdk/') && header.endsWith('.h');

/// What the compiler says, behind the header that it is about; "" if it is content.
function complaint(at, header, args) {
  const language = isC(header) ? ['gcc', '-x', 'c', '-std=c11'] : ['g++', '-x', 'c++', '-std=c++20', ...args];
  return new Promise((resolve, reject) => {
    const child = spawn(language[0], [...language.slice(1), '-isystem', '/usr/include/postgresql', '-I', 'core', '-I', 'sdk/include', '-fsyntax-only', header], { cwd: at, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data) => { said += data; });
    child.on('error', reject).on('close', (code) => resolve(code === 0 ? '' : `${said.match(/^([^\s:]+):\d+:\d+: (?:fatal )?error:/m)?.[1] ?? header}: ${said.slice(0, 500)}`));
  });
}

/// All headers of C++ in one precompiled header below `folder`; the arguments that bring it in.
function standard(folder) {
  const path = join(folder, 'standard.h');
  writeFileSync(path, standardHeaders.map((header) => `#include <${header}>\n`).join(''));
  execFileSync('g++', ['-x', 'c++-header', '-std=c++20', '-w', path, '-o', `${path}.gch`]);
  return ['-include', path, '-Winvalid-pch', '-Werror=invalid-pch'];
}

const includeLines = (at, header) => [...readFileSync(join(at, header), 'utf8').matchAll(/^\s*#\s*include\s+([<"])([^>"]+)[>"]/gm)];
const ownHeader = (at, header, name) => [join('core', name), join('sdk/include', name), join(dirname(header), name)].find((path) => existsSync(join(at, path)));

/// The standard headers that a header of `at` names, or one that it includes.
function includesOf(at, header, known = new Map()) {
  if (known.has(header)) return known.get(header);
  const found = new Set();
  known.set(header, found);
  for (const [, open, name] of includeLines(at, header)) {
    const own = ownHeader(at, header, name);
    if (own) for (const standardHeader of includesOf(at, own, known)) found.add(standardHeader);
    else if (open === '<') found.add(name);
  }
  return found;
}

/// Those of the headers with which all are compiled: one that another has as its first include, but for standard ones,
/// has nothing before it there either. C is not compiled as C++.
function enough(at, headers) {
  const first = new Map(headers.map((header) => {
    const line = includeLines(at, header).find(([, open, name]) => open === '"' || !standardHeaders.includes(name));
    return [header, line && ownHeader(at, header, line[2])];
  }));
  const needed = new Set(headers.filter(isC));
  const met = new Set(needed);
  const meet = (header) => {
    for (let next = header; next && !met.has(next); next = first.get(next)) met.add(next);
  };
  const firsts = new Set(first.values());
  // Then those that are left: the ones that include each other in a ring.
  for (const header of [...headers.filter((one) => !firsts.has(one)), ...headers]) {
    if (met.has(header)) continue;
    needed.add(header);
    meet(header);
  }
  return [...needed];
}

async function complaints(at, headers, { alone = Boolean(process.env.REELD_TEST_LONG) } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'reeld-headers-'));
  const found = [];
  const known = new Map();
  try {
    const before = alone ? [] : standard(folder);
    const queue = alone ? [...headers] : enough(at, headers);
    await Promise.all(Array.from({ length: availableParallelism() }, async () => {
      for (let header = queue.pop(); header; header = queue.pop()) {
        const said = await complaint(at, header, before);
        // One that several have as their first include is complained about in each.
        if (said && !found.some((sentence) => sentence.split(':')[0] === said.split(':')[0])) found.push(said);
      }
    }));
    for (const header of alone ? [] : headers.filter((one) => !isC(one))) {
      for (const sentence of undeclared(readFileSync(join(at, header), 'utf8'), includesOf(at, header, known))) found.push(`${header}: ${sentence}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return found.sort();
}

test('every header of core and of the SDK compiles alone', { timeout: 1_200_000 }, async () => {
  const headers = sourceFiles(root, ['core', 'sdk']).filter((path) => /\.(h|hpp)$/.test(path));
  assert.ok(headers.length > 20);
  assert.deepEqual(await complaints(root, headers), []);
});

const leaning = {
  'core/x.h': '// x\n#pragma once\nstd::string name();\n',
  'core/y.h': '// y\n#pragma once\n#include <string>\nnamespace y { struct Y { std::string name; }; }\n',
  'core/z.h': '// z\n#pragma once\ny::Y make();\n',
  'core/v.h': '// v\n#pragma once\n#include "z.h"\n',
  'core/good.h': '// good\n#pragma once\n#include "y.h"\ny::Y make(std::string name);\n',
};
for (const alone of [true, false]) {
  test(`a header that leans on another one is found, ${alone ? 'compiled by itself' : 'with the headers of C++ before it'}`, async () => {
    const found = await withTree(leaning, (at) => complaints(at, Object.keys(leaning), { alone }));
    assert.deepEqual(found.map((sentence) => sentence.split(':')[0]), ['core/x.h', 'core/z.h'], found.join('\n'));
  });
}

test('a name of std that nobody knows is asked for', async () => {
  const found = await withTree({ 'core/x.h': '// x\n#pragma once\n#include <string>\nstd::u8string name();\n' }, (at) => complaints(at, ['core/x.h'], { alone: false }));
  assert.match(found.join('\n'), /std::u8string is not in the table/);
});
