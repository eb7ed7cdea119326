// The packages say the same as the tree; and the checks see when they do not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkAbi, checkBuildDepends, checkVersions } from './packaging.mjs';
import { withTree } from './planted.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('CMakeLists.txt and the changelog have one version', () => assert.deepEqual(checkVersions(root), []));
test('the build depends on the same packages here and in the .deb', () => assert.deepEqual(checkBuildDepends(root), []));
test('the package provides the plugin ABI that plugins export', () => assert.deepEqual(checkAbi(root), []));

const files = ['CMakeLists.txt', 'packaging/debian/changelog', 'packaging/debian/control', 'packaging/debian/rules', 'packaging/dependencies', 'sdk/cmake/plugin.map'];
/// What a check says of this tree with one file changed.
function changed(file, from, to, check) {
  const tree = Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  assert.match(tree[file], from);
  return withTree({ ...tree, [file]: tree[file].replace(from, to) }, check);
}

test('another version in the changelog is found', () => {
  assert.equal(changed('packaging/debian/changelog', /^reeld \([^)]+\)/, 'reeld (99.0.0)', checkVersions).length, 1);
});
test('a version that is no number is found', () => {
  assert.equal(changed('CMakeLists.txt', /reeld VERSION [0-9.]+/, 'reeld VERSION next', checkVersions).length, 2);
});
test('a library that one of the two lists lacks is found', () => {
  assert.equal(changed('packaging/debian/control', / libpq-dev,\n/, '\n', checkBuildDepends).length, 1);
  assert.equal(changed('packaging/dependencies', /^build +libpq-dev.*\n/m, '', checkBuildDepends).length, 1);
});
test('another ABI is found', () => {
  assert.equal(changed('packaging/debian/rules', /abi-1\n/, 'abi-2\n', checkAbi).length, 1);
});

const release = (tree, ...args) => spawnSync(join(tree, 'packaging/release'), args, { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: '1800000000' } });
function released(changes, version, look) {
  const tree = Object.fromEntries([...files, 'packaging/release'].map((name) => [name, readFileSync(join(root, name), 'utf8')]));
  const named = Object.fromEntries(Object.entries(changes).map(([name, text]) => [`packaging/changes/${name}`, text]));
  return withTree({ ...tree, 'packaging/changes/README': 'says what this is for\n', ...named }, (at) => {
    chmodSync(join(at, 'packaging/release'), 0o755);
    return look(release(at, version), (file) => readFileSync(join(at, file), 'utf8'), at);
  });
}

test('a release gathers the changes into one entry and sets the version', () => {
  const long = 'Sessions can be listed\nand ended one by one, which takes more than one line of a changelog to say.';
  released({ sessions: `${long}\n`, mail: 'Mail is queued.\n' }, '77.0.1', (run, read, at) => {
    assert.equal(run.status, 0, run.stderr);
    const [entry] = read('packaging/debian/changelog').split(/^(?= -- )/m);
    assert.equal(entry, `reeld (77.0.1) bookworm; urgency=medium

  * Mail is queued.
  * Sessions can be listed and ended one by one, which takes more than one
    line of a changelog to say.

`);
    assert.deepEqual(checkVersions(at), []);
    assert.deepEqual(readdirSync(join(at, 'packaging/changes')), ['README']);
    assert.match(read('packaging/debian/changelog'), /^ -- .* <.*> {2}Fri, 15 Jan 2027 08:00:00 \+0000\n\nreeld \(/m);
  });
});
test('a release without changes, or of an older version, changes nothing', () => {
  for (const [changes, version] of [[{}, '77.0.1'], [{ mail: 'Mail.\n' }, '0.0.1'], [{ mail: 'Mail.\n' }, 'next']]) {
    released(changes, version, (run, read) => {
      assert.notEqual(run.status, 0);
      assert.equal(read('packaging/debian/changelog'), readFileSync(join(root, 'packaging/debian/changelog'), 'utf8'));
    });
  }
});
