// House rules that a machine can hold: length, opening lines, words, names; and that the checks see.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkNames, checkOpenings, checkSizes, checkWords, MaxLines } from './hygiene.mjs';
import { withTree } from './planted.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('no file is longer than 500 lines', () => assert.deepEqual(checkSizes(root), []));
test('every source file opens by saying what it is for', () => assert.deepEqual(checkOpenings(root), []));
test('no word that does not belong is left in a file', () => assert.deepEqual(checkWords(root), []));
test('files and the top level are named as the house wants it', () => assert.deepEqual(checkNames(root), []));

test('a file that is too long is found, a table of data is not', () => {
  const long = '// x\n'.repeat(MaxLines + 1);
  assert.equal(withTree({ 'core/base/x.h': long, 'tests/faults.tsv': long }, checkSizes).length, 1);
});
test('a header without opening lines is found', () => {
  assert.equal(withTree({ 'core/base/x.h': '#pragma once\n', 'core/base/y.h': 'int x;\n', 'core/base/z.h': '// z\n' }, checkOpenings).length, 2);
});
test('unfinished work and machine paths are found', () => {
  const found = withTree({ 'core/base/x.h': `// ${'TO'}DO later\nauto a = "${'/wo'}rk/x";\nint b; \n` }, checkWords);
  assert.equal(found.length, 3);
});
test('a folder of leftovers and a stray top-level entry are found', () => {
  const found = withTree({ 'core/utils/x.h': '// x\n', 'notes.txt': 'x' }, checkNames);
  assert.deepEqual(found, ['notes.txt: does not belong at the top level', 'core/utils/x.h: a name that says nothing']);
});
