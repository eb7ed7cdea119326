// How a bench compares: its sides run in turn, several times, and the median of the ratios counts. Prints
// "reached" or "missed" with both figures, "inconclusive" where the spread hides the answer.
import { execFile } from 'node:child_process';

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

/// Ratios of CPU, pair by pair. unsure: the spread of the pairs is wider than the distance to the target.
export function compare(ours, peer, target) {
  const ratios = ours.map((one, i) => one.cpu / peer[i].cpu);
  const ratio = median(ratios);
  const spread = Math.max(...ratios) - Math.min(...ratios);
  return { ratio, spread, ours: median(ours.map((r) => r.cpu)), peer: median(peer.map((r) => r.cpu)), unsure: spread / 2 > Math.abs(ratio - target) };
}

/// One line per figure. unsure: the spread hides the answer, which is then neither reached nor missed. Only a
/// miss by more than half fails a run: the hardware is shared. Returns whether it fails.
export function verdict(name, { reached, fails, text, unsure = false }) {
  console.log(`${unsure ? 'inconclusive' : reached ? 'reached' : 'missed'}: ${name}: ${text}`);
  return fails;
}
