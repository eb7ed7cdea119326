// What can be said of a file without understanding it: its length, its opening, words that do not belong,
// and what may lie at the top level.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { isCpp, sourceFiles } from './sources.mjs';

export const MaxLines = 500;
// Tables of data and the ABI itself may be long; everything else is split before it gets there.
const mayBeLong = [/^sdk\/include\/reeld\//, /(^|\/)openapi\.yaml$/, /package-lock\.json$/, /\.tsv$/, /^LICENSE$/, /\.md$/];
const topLevel = new Set(['CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md', 'core', 'etc', 'packaging', 'plugins', 'sdk', 'systemd', 'tests']);
const made = new Set(['build', 'compile_commands.json']);
const isText = (path) => isCpp(path) || ['.mjs', '.md', '.yaml', '.yml', '.sql', '.cmake', '.txt', '.tsv', '.json', '.html', '.sh', ''].includes(extname(path));

export function checkSizes(root) {
  const wrong = [];
  for (const file of sourceFiles(root)) {
    if (!isText(file) || mayBeLong.some((pattern) => pattern.test(file))) continue;
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1;
    if (lines > MaxLines) wrong.push(`${file}: ${lines} lines; more than ${MaxLines} hold two nouns`);
  }
  return wrong;
}

/// A source file opens by saying what it is for. C++ sources whose header says it may start at once.
export function checkOpenings(root) {
  const wrong = [];
  for (const file of sourceFiles(root, ['core', 'plugins', 'sdk', 'tests', 'packaging'])) {
    // A plugin's CMakeLists.txt is one call and says itself.
    const needs = /\.(h|hpp|mjs|sql|cmake)$/.test(file) || (basename(file) === 'CMakeLists.txt' && !file.startsWith('plugins/')) || isScript(root, file);
    if (!needs) continue;
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    const first = lines[0].startsWith('#!') ? lines[1] : lines[0];
    if (!/^(\/\/|# |--|\/\*)/.test(first ?? '')) wrong.push(`${file}:1: opens without saying what it is for`);
  }
  return wrong;
}

function isScript(root, file) {
  return extname(file) === '' && (statSync(join(root, file)).mode & 0o111) !== 0 && readFileSync(join(root, file), 'utf8').startsWith('#!');
}

const banned = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: 'unfinished work belongs in an issue' },
  { pattern: /(^|[\s"'(=])\/(work|tmp\/wt)\//, why: 'a path of one machine' },
  { pattern: /[ \t]+$/, why: 'white space at the end of a line' },
  { pattern: /^(<<<<<<<|>>>>>>>)/, why: 'a merge conflict' },
];
export function checkWords(root) {
  const wrong = [];
  for (const file of sourceFiles(root)) {
    if (!isText(file) || /package-lock\.json$|^LICENSE$|tools\/hygiene(_test)?\.mjs$/.test(file)) continue;
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      const found = banned.find(({ pattern }) => pattern.test(line));
      if (found && !(file.endsWith('.md') && found.why.startsWith('white'))) wrong.push(`${file}:${index + 1}: ${found.why}: ${line.trim().slice(0, 60)}`);
    }
  }
  return wrong;
}

export function checkNames(root) {
  const wrong = [];
  for (const entry of readdirSync(root)) {
    if (!entry.startsWith('.') && !topLevel.has(entry) && !made.has(entry)) wrong.push(`${entry}: does not belong at the top level`);
  }
  for (const file of sourceFiles(root, ['core', 'plugins', 'sdk', 'tests'])) {
    if (/(^|[\/_-])(utils?|common|helpers?|misc)([\/_.-]|$)/i.test(file)) wrong.push(`${file}: a name that says nothing`);
    if (isCpp(file) && file.startsWith('core/') && !/^[a-z0-9_]+\.(h|cpp)$/.test(basename(file))) wrong.push(`${file}: file names are snake_case`);
  }
  return wrong;
}
