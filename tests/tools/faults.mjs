// tests/faults.tsv maps every fault of the two older backends to what guards reeld against it:
//   <id> TAB <suite>: <name of the test>      the test must have run and passed; of a fault with several
//                                             sides each has a test, with a TAB before it
//   <id> TAB later: <title of the issue>      its part is not built yet
//   <id> TAB cannot: <reason>                 the fault has nothing to apply to
export const allFaults = [...ids('F', 31), ...ids('B', 36)];

function ids(letter, last) {
  return Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
}

/// verdicts: text of results.tsv. A list of sentences; empty if every fault is guarded.
export function checkFaults(table, verdicts) {
  const wrong = [];
  const passed = new Set();
  const failed = new Set();
  for (const line of verdicts.split('\n').filter(Boolean)) {
    const [verdict, suite, name] = line.split('\t');
    const key = `${suite.split(':')[0]}: ${name}`;
    if (verdict === 'pass') passed.add(key);
    if (verdict === 'fail') failed.add(key);
  }
  const seen = new Set();
  for (const [index, line] of table.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const say = (what) => wrong.push(`tests/faults.tsv:${index + 1}: ${what}`);
    const [id, ...guards] = line.split('\t');
    if (!allFaults.includes(id)) say(`no fault is called ${id}`);
    if (guards.length === 0) say(`${id}: cannot read ""`);
    for (const guard of guards) {
      const [, kind, rest = ''] = guard.match(/^([a-z]+): (.+)$/) ?? [];
      if (!kind) say(`${id}: cannot read "${guard}"`);
      else if (kind === 'later' || kind === 'cannot') {
        if (rest.length < 10) say(`${id}: "${guard}" says nothing`);
        if (guards.length > 1) say(`${id}: an excuse beside a guard: "${guard}"`);
      } else if (failed.has(guard)) say(`${id}: its test failed: ${guard}`);
      else if (!passed.has(guard)) say(`${id}: its test did not run: ${guard}`);
    }
    seen.add(id);
  }
  for (const id of allFaults) if (!seen.has(id)) wrong.push(`tests/faults.tsv: ${id} is missing`);
  return wrong;
}
