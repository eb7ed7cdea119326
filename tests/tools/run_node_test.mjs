// Who runs the tests notices what judged nothing: a file without a test, a suite without its tools.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('.', import.meta.url));
let folder;
before(() => { folder = mkdtempSync(join(tmpdir(), 'reeld-runner-')); });
after(() => rmSync(folder, { recursive: true, force: true }));

/// { status, verdicts } of a program of ours that writes verdicts.
function ran(program, args = []) {
  const results = join(folder, 'results.tsv');
  writeFileSync(results, '');
  // A test that runs tests: the inner one must not believe that it reports to the outer one.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { status } = spawnSync(program, args, { env: { ...env, REELD_TEST_RESULTS: results, REELD_TEST_SUITE: 'inner', REELD_TEST_OUT: folder } });
  return { status, verdicts: readFileSync(results, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t').slice(0, 3)) };
}

test('a file without tests fails, one with a test passes, one that dies has a line', () => {
  const file = (name, text) => { writeFileSync(join(folder, name), text); return join(folder, name); };
  const run = (path) => ran(join(tools, 'run_node'), [path]);
  assert.deepEqual(run(file('none_test.mjs', '// nothing\n')), { status: 1, verdicts: [['fail', 'inner', 'none_test.mjs holds no test']] });
  assert.deepEqual(run(file('one_test.mjs', "import { test } from 'node:test';\ntest('it holds', () => {});\n")), { status: 0, verdicts: [['pass', 'inner', 'it holds']] });
  assert.deepEqual(run(file('dies_test.mjs', 'process.exit(3);\n')), { status: 1, verdicts: [['fail', 'inner', 'dies_test.mjs ended with status 3']] });
});

for (const suite of ['package', 'bare']) {
  test(`the ${suite} suite without its tools fails, without namespaces it is one counted skip`, () => {
    const top = mkdtempSync(join(folder, 'top-'));
    const script = (path, text) => {
      mkdirSync(join(top, path, '..'), { recursive: true });
      writeFileSync(join(top, path), text);
      chmodSync(join(top, path), 0o755);
    };
    script('tests/tools/suites/x', '');
    copyFileSync(join(tools, 'suites', suite), join(top, 'tests/tools/suites', suite));
    // Root is played: what is asked of the machine is answered by programs of this test.
    script('bin/id', '#!/bin/sh\necho 0\n');
    script('tests/tools/isolated', '#!/bin/sh\nexit 1\n');
    const run = (install) => {
      script('packaging/install-dependencies', `#!/bin/sh\nexit ${install}\n`);
      return ran('env', [`PATH=${join(top, 'bin')}:${process.env.PATH}`, join(top, 'tests/tools/suites', suite)]);
    };
    const lacking = run(1);
    assert.equal(lacking.status, 1);
    assert.deepEqual(lacking.verdicts, [['fail', suite, `the tools of the ${suite} suite can be installed`]]);
    const locked = run(0);
    assert.equal(locked.status, 0);
    assert.deepEqual(locked.verdicts, [['skip', suite, `the ${suite} suite (this machine gives no namespaces)`]]);
  });
}
