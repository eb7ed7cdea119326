// A figure that is promised in seconds or bytes: printed with its verdict, and a failure beyond 1.5 times the
// promise, because machines are shared and noisy.
import assert from 'node:assert/strict';

export function figure(name, value, promised, unit) {
  console.log(`${name}: ${value.toFixed(2)} ${unit}, promised ${promised} ${unit}: ${value <= promised ? 'reached' : 'missed'}`);
  assert.ok(value <= 1.5 * promised, `${name}: ${value} ${unit} instead of ${promised}`);
}
