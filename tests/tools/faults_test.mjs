// The table of faults is complete, and the check notices a missing id, a test that did not run or failed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allFaults, checkFaults } from './faults.mjs';

const table = readFileSync(new URL('../faults.tsv', import.meta.url), 'utf8');
const all = (guard) => allFaults.map((id) => `${id}\t${guard}\n`).join('');

test('every fault of both contracts has a row, and each row can be read', () => {
  assert.equal(allFaults.length, 67);
  const about = checkFaults(table, '').filter((sentence) => !/did not run/.test(sentence));
  assert.deepEqual(about, []);
});
test('a missing and an unknown id are found', () => {
  assert.match(checkFaults('', '')[0], /F1 is missing/);
  assert.match(checkFaults(all('later: a title of an issue') + 'F99\tlater: a title of an issue\n', '')[0], /no fault is called F99/);
});
test('a guard must have run and passed, on every database it ran on', () => {
  const guarded = all('service: it holds');
  assert.equal(checkFaults(guarded, '').length, 67);
  assert.deepEqual(checkFaults(guarded, 'pass\tservice:sqlite\tit holds\t1\n'), []);
  assert.match(checkFaults(guarded, 'pass\tservice:sqlite\tit holds\t1\nfail\tservice:postgres\tit holds\t1\n')[0], /failed/);
});
test('of a fault with several sides each guard must have passed, and none is an excuse', () => {
  const sides = all('service: one side\tservice: the other');
  const ran = (...names) => names.map((name) => `pass\tservice:sqlite\t${name}\t1\n`).join('');
  assert.deepEqual(checkFaults(sides, ran('one side', 'the other')), []);
  assert.match(checkFaults(sides, ran('one side'))[0], /did not run: service: the other/);
  assert.match(checkFaults(sides, ran('the other'))[0], /did not run: service: one side/);
  assert.match(checkFaults(all('service: one side\tlater: a title of an issue'), ran('one side'))[0], /excuse beside a guard/);
  assert.match(checkFaults(all('service: one side\t'), ran('one side'))[0], /cannot read ""/);
  assert.match(checkFaults(allFaults.join('\n'), '')[0], /cannot read ""/);
});
test('an empty excuse is none', () => assert.equal(checkFaults(all('cannot: no'), '').length, 67));
