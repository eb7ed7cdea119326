// How a figure is judged: alternated pairs of ours and the peer's, the median of their ratios against the
// target. Missing the target is printed; only half as much again fails, because machines are shared. A
// spread that could turn the verdict is inconclusive and measured again.

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

export function verdictOf(ratios, target) {
  const value = median(ratios);
  const spread = quantile(ratios, 0.75) - quantile(ratios, 0.25);
  const limit = target * 1.5;
  return { value, spread, reached: value <= target, failed: value > limit, inconclusive: spread > Math.abs(limit - value) };
}

/// Runs `ours` and `peer` (each gives a cost per unit) in alternation and prints the verdict, which it returns.
export async function compare({ name, unit, target, pairs, ours, peer }) {
  const mine = [];
  const theirs = [];
  for (let round = 1; ; round++) {
    for (let i = 0; i < pairs; i++) {
      const first = i % 2 === 0;
      if (first) mine.push(await ours());
      theirs.push(await peer());
      if (!first) mine.push(await ours());
    }
    const verdict = verdictOf(mine.map((value, i) => value / theirs[i]), target);
    const word = verdict.inconclusive ? 'inconclusive' : verdict.reached ? 'reached' : 'missed';
    console.log(`${word}: ${name}: ${verdict.value.toFixed(2)} of the peer, target ${target} ` +
      `(ours ${median(mine).toFixed(2)} ${unit}, peer ${median(theirs).toFixed(2)} ${unit}; ` +
      `${mine.length} pairs, ratios ${mine.map((value, i) => (value / theirs[i]).toFixed(2)).join(' ')})`);
    if (!verdict.inconclusive || round === 3) return verdict;
  }
}
