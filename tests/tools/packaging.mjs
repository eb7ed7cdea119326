// What must be the same in several places of the tree for the packages to be right: the version, the plugin
// ABI's number, and what a build needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (root, file) => readFileSync(join(root, file), 'utf8');
const found = (text, pattern) => text.match(pattern)?.[1] ?? '(not found)';

/// The version where each file says it: { file: version }.
export function versions(root) {
  return {
    'CMakeLists.txt': found(read(root, 'CMakeLists.txt'), /^project\(reeld VERSION ([0-9.]+)/m),
    'packaging/debian/changelog': found(read(root, 'packaging/debian/changelog'), /^reeld \(([^)]+)\)/),
  };
}

export function checkVersions(root) {
  const all = Object.entries(versions(root));
  const [, wanted] = all[0];
  return all.filter(([, version]) => version !== wanted || !/^\d+\.\d+\.\d+$/.test(version)).map(([file, version]) => `${file} says ${version}, ${all[0][0]} says ${wanted}`);
}

/// Packages of a group in packaging/dependencies.
export function dependencies(root, group) {
  return read(root, 'packaging/dependencies').split('\n').map((line) => line.split(/\s+/)).filter(([of]) => of === group).map(([, name]) => name);
}

// Tools of a checkout, and what every Debian build has. What npm fetches a source package brings along.
const notDeclared = new Set(['build-essential', 'ca-certificates', 'ccache', 'git', 'nodejs', 'npm']);
// Tools of packaging itself.
const packagingAlone = /^(debhelper-compat|dh-sequence-.*)$/;

export function checkBuildDepends(root) {
  const field = found(read(root, 'packaging/debian/control'), /^Build-Depends:((?:.*\n(?= ))*.*)/m);
  const declared = field.split(',').map((item) => item.trim().split(/[\s(]/)[0]).filter((name) => name && !packagingAlone.test(name));
  const needed = dependencies(root, 'build').filter((name) => !notDeclared.has(name));
  return [
    ...needed.filter((name) => !declared.includes(name)).map((name) => `packaging/debian/control: Build-Depends lacks ${name}, which packaging/dependencies has`),
    ...declared.filter((name) => !needed.includes(name)).map((name) => `packaging/dependencies: lacks ${name}, which packaging/debian/control has`),
  ];
}

export function checkAbi(root) {
  const symbol = found(read(root, 'sdk/cmake/plugin.map'), /reeld_plugin_abi(\d+);/);
  const provided = found(read(root, 'packaging/debian/rules'), /^ABI := reeld-plugin-abi-(\d+)$/m);
  return symbol === provided ? [] : [`packaging/debian/rules provides ABI ${provided}, sdk/cmake/plugin.map exports ${symbol}`];
}
