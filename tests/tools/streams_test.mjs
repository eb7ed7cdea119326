// Tests run side by side keep their verdicts, their output and their ports apart.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../harness/until.mjs';

const streams = fileURLToPath(new URL('streams', import.meta.url));
const judged = fileURLToPath(new URL('judged', import.meta.url));
let folder;
before(() => { folder = mkdtempSync(join(tmpdir(), 'reeld-streams-')); });
after(() => rmSync(folder, { recursive: true, force: true }));

/// Says its name, waits until the other has come, and says its name again.
const meeting = 'echo "$0 begins"; touch "$FOLDER/$0"; until [ -e "$FOLDER/one" ] && [ -e "$FOLDER/two" ]; do sleep 0.01; done; echo "$0 ends on $REELD_TEST_PORTS"';
const environment = () => ({ ...process.env, FOLDER: folder, REELD_TEST_OUT: folder, REELD_TEST_PORTS: '1000-1099', REELD_TEST_RESULTS: join(folder, 'results.tsv'), REELD_TEST_SUITE: 'inner' });
const met = (count, script, ...args) => spawnSync(streams, [String(count), 'timeout', '20', 'bash', '-c', script, '--', ...args], { encoding: 'utf8', env: environment() });

test('two run at once, each with its own ports, and the output of either stays together', () => {
  const { status, stdout } = met(2, meeting, 'one', 'two');
  assert.equal(status, 0, stdout);
  const lines = stdout.trim().split('\n').filter((line) => !line.startsWith('begun: '));
  assert.deepEqual(lines.map((line) => line.split(' ')[0]), lines[0].startsWith('one') ? ['one', 'one', 'two', 'two'] : ['two', 'two', 'one', 'one']);
  assert.deepEqual(lines.filter((line) => line.includes('ends')).map((line) => line.split(' ').at(-1)).sort(), ['1000-1049', '1050-1099']);
});

for (const count of [1, 2]) {
  test(`of ${count} at once, one that fails fails them all, and the others run`, () => {
    const { status, stdout } = met(count, 'echo "$0"; [ "$0" != two ]', 'one', 'two', 'three');
    assert.notEqual(status, 0);
    const lines = stdout.trim().split('\n');
    for (const name of ['one', 'two', 'three']) assert.ok(lines.includes(name), stdout);
    if (count > 1) assert.deepEqual(lines.slice(-2), ['== what failed, once more', 'two']);
  });
}

const verdicts = () => readFileSync(join(folder, 'results.tsv'), 'utf8').trim().split('\n').map((line) => line.split('\t').slice(0, 3).join(' ')).sort();

test('verdicts of those beside each other are all there, and so is one that took too long', () => {
  writeFileSync(join(folder, 'results.tsv'), '');
  const program = 'echo "-- $0"; [ "$0" != slow ] || exec sleep 30; printf "pass\\tinner\\t%s\\t0\\n" "$0" >>"$REELD_TEST_RESULTS"';
  const { status } = spawnSync(streams, ['2', judged, 'a program', 'bash', '-c', program, '--', 'quick', 'slow', 'last'], { env: { ...environment(), REELD_TEST_FILE_TIMEOUT: '1' } });
  assert.notEqual(status, 0);
  assert.deepEqual(verdicts(), ['fail inner a program ended with status 124', 'pass inner last', 'pass inner quick']);
});

test('one that is killed from outside leaves a verdict that not all was run', () => {
  writeFileSync(join(folder, 'results.tsv'), '');
  const { status } = spawnSync(streams, ['2', 'bash', '-c', 'kill -KILL $PPID', '--', 'one', 'two', 'three', 'four'], { env: environment() });
  assert.notEqual(status, 0);
  assert.deepEqual(verdicts(), ['fail inner not all of it was run']);
});

test('ended from outside, nothing below it lives on', async () => {
  const marker = join(folder, 'pid');
  const group = spawn(streams, ['2', judged, 'a program', 'bash', '-c', `echo $$ >${marker}; sleep 60; true`, '--', 'one'], { detached: true, stdio: 'ignore', env: environment() });
  await until(() => existsSync(marker) && readFileSync(marker, 'utf8').trim(), { what: 'the program runs' });
  const program = Number(readFileSync(marker, 'utf8'));
  process.kill(-group.pid, 'SIGTERM');
  const lives = () => { try { process.kill(program, 0); return true; } catch { return false; } };
  await until(() => !lives(), { what: 'the program ended', within: 5000 });
});

test('without anything to run it says so', () => {
  assert.throws(() => execFileSync(streams, ['2', 'true', '--'], { stdio: 'pipe' }));
});
