// How a bench compares: its sides run in turn, several times, and the median of the ratios counts. Prints
// "reached" or "missed" with both figures, "inconclusive" where what is known of that median does not tell.
import { execFile } from 'node:child_process';

/// tests/run --all: large tables, as many pairs as it takes, and what is unsure is measured again. What the short form of
/// every day's run leaves open is `inconclusive` (../README.md).
export const thorough = Boolean(process.env.REELD_TEST_LONG);

/// CPU seconds (user and system, all its children) and wall seconds of a bash script.
export function measure(script, env = {}) {
  return new Promise((resolve, reject) => {
    const timed = `TIMEFORMAT='%U %S %R'; time { ${script}\n} 2>/dev/null`;
    execFile('bash', ['-c', `set -e; ${timed}`], { env: { ...process.env, ...env }, maxBuffer: 64 << 20 }, (error, out, err) => {
      const [user, system, wall] = (err.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      if (error || !Number.isFinite(wall)) reject(new Error(`${script}: ${error?.message ?? err}`));
      else resolve({ cpu: user + system, wall });
    });
  });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/// Runs the sides in turn, `rounds` times: { ours: script, peer: script, ... } -> { ours: [{cpu, wall}], ... }.
export async function alternate(sides, rounds, say = console.log) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    const line = [];
    for (const [name, script] of Object.entries(sides)) {
      const result = await measure(script);
      results[name].push(result);
      line.push(`${name} ${result.cpu.toFixed(2)} s CPU, ${result.wall.toFixed(1)} s wall`);
    }
    say(`  round ${round} of ${rounds}: ${line.join('; ')}`);
  }
  return results;
}

/// Between which of the values their median lies, with 95 of 100 (of five to eight values: between the smallest
/// and the largest; of fifteen: the fourth and the twelfth). By the sign test, so nothing is said of how they
/// are distributed, and a single disturbed pair among many moves it by one place.
export function medianInterval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  let beyond = 0.5 ** sorted.length; // the chance that the median is beyond the first of them, then the second, ...
  let term = beyond;
  let place = 0;
  for (let next = 1; next < sorted.length / 2; ++next) {
    term *= (sorted.length - next + 1) / next;
    beyond += term;
    if (beyond > 0.025) break;
    place = next;
  }
  return { low: sorted[place], high: sorted.at(-1 - place) };
}

/// One figure of several values against its target. unsure: the target is where the median may be, or nobody knows, as
/// of fewer than five.
export function judge(values, target) {
  const { low, high } = medianInterval(values);
  return { median: median(values), low, high, unsure: values.length < 5 || (low <= target && target <= high) };
}

/// Measures two sides in turn, each first as often as the other; if thorough again, three rounds in all, while
/// `found` is unsure. `figure` makes a value of a pair (by default the ratio of its `cpu`).
/// Returns judge()'s answer, the pairs' values and the samples of either side.
export async function inTurn(ours, peer, { target, pairs = 5, rounds = thorough ? 3 : 1, figure = (mine, theirs) => mine.cpu / theirs.cpu }) {
  const mine = [];
  const theirs = [];
  for (let round = 1; ; round++) {
    for (let i = 0; i < pairs; i++) {
      if (i % 2 === 0) mine.push(await ours());
      theirs.push(await peer());
      if (i % 2 === 1) mine.push(await ours());
    }
    const values = mine.map((one, i) => figure(one, theirs[i]));
    const found = judge(values, target);
    if (!found.unsure || round >= rounds) return { ...found, values, mine, theirs };
  }
}

/// "between 0.97 and 1.04 of 5 pairs"
export const shownInterval = ({ low, high, values }) => `between ${low.toFixed(2)} and ${high.toFixed(2)} by ${values.length} pairs`;
export const medianCpu = (samples) => median(samples.map((one) => one.cpu));

/// One line per figure. unsure: neither reached nor missed can be said. Only a miss by more than half fails a run:
/// the hardware is shared. Returns whether it fails.
export function verdict(name, { reached, fails, text, unsure = false }) {
  console.log(`${unsure ? 'inconclusive' : reached ? 'reached' : 'missed'}: ${name}: ${text}`);
  return fails;
}
