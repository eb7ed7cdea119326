// How benches judge: the interval of a median, and when they measure again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inTurn, judge, medianInterval } from '../bench/pairs.mjs';

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

test('the interval of a median is that of the sign test', () => {
  const places = Object.fromEntries([5, 8, 9, 15, 21].map((count) => [count, Object.values(medianInterval(upTo(count)))]));
  assert.deepEqual(places, { 5: [1, 5], 8: [1, 8], 9: [2, 8], 15: [4, 12], 21: [6, 16] });
});

test('one disturbed value among many hides nothing', () => {
  const values = [...Array(14).fill(1), 50];
  assert.deepEqual(judge(values, 1.3), { median: 1, low: 1, high: 1, unsure: false });
  assert.equal(judge([0.9, 1, 1.1, 1.2, 50], 1.3).unsure, true, 'of five it may');
  assert.equal(judge([0.9, 1, 1, 1], 1.3).unsure, true, 'of four nobody knows');
});

test('sides are measured in turn, and again only while the answer is hidden and more rounds are wanted', async () => {
  const order = [];
  const side = (name, costs) => () => { order.push(name); return { cpu: costs.shift() }; };
  const clear = await inTurn(side('a', [1, 1, 1, 1, 1]), side('b', [2, 2, 2, 2, 2]), { target: 1 });
  assert.deepEqual([clear.median, clear.unsure, order.join('')], [0.5, false, 'abbaabbaab']);
  const hidden = await inTurn(side('a', Array(15).fill(1)), side('b', Array(15).fill(1)), { target: 1, rounds: 3 });
  assert.deepEqual([hidden.values.length, hidden.unsure], [15, true]);
  const once = await inTurn(side('a', Array(15).fill(1)), side('b', Array(15).fill(1)), { target: 1, rounds: 1 });
  assert.deepEqual([once.values.length, once.unsure], [5, true]);
});
