// Sources of a folder are compiled in batches, one behind the other in one text (REELD_UNITY), and in batches
// others tomorrow, when a file is added. So two things must hold that a compiler says only of the batches of
// today: neighbours share no name that is theirs alone, and none lives on what another one included.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bare, namesOf } from './cpp_names.mjs';
import { sourceFiles } from './sources.mjs';

const isSource = (path) => path.endsWith('.cpp');
// Programs of one file each, never compiled together.
const single = ['core/api/embed'];

/// A file of the tree with what it declares and includes, read once.
function reader(root) {
  const files = new Map();
  return (path) => {
    if (!files.has(path)) {
      const text = readFileSync(join(root, path), 'utf8');
      const includes = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]/gm)].map(([, header]) => header);
      files.set(path, { path, includes, text: bare(text), names: namesOf(text) });
    }
    return files.get(path);
  };
}

/// Names in the unnamed namespaces of two sources of a folder, or of a source and in a header of its folder.
/// An alias that means the same may be repeated.
export function checkOwnNames(root) {
  const read = reader(root);
  const wrong = [];
  const all = sourceFiles(root, ['core', 'plugins', 'tests/unit', 'tests/contract']).filter((path) => /\.(cpp|h)$/.test(path));
  for (const folder of new Set(all.map((path) => dirname(path)))) {
    if (single.includes(folder)) continue;
    const paths = all.filter((path) => dirname(path) === folder);
    const taken = new Map();
    for (const path of [...paths.filter((one) => one.endsWith('.h')), ...paths.filter(isSource)]) {
      const mine = new Map(read(path).names.filter(({ unnamed }) => unnamed === isSource(path)).map((one) => [one.name, one]));
      for (const one of mine.values()) {
        const before = taken.get(one.name);
        if (before === undefined) taken.set(one.name, { path, ...one });
        else if (isSource(path) && !(one.kind === 'alias' && one.means === before.means)) {
          wrong.push(`${path}:${one.line}: ${before.path}:${before.line} has a ${one.name} as well: make them one, or name them for what they do`);
        }
      }
    }
  }
  return wrong;
}

// What std:: has where, of the headers that are not precompiled; a name that many bring along is not here.
const standard = {
  array: 'array to_array', atomic: 'atomic atomic_flag memory_order_relaxed', charconv: 'from_chars to_chars',
  condition_variable: 'condition_variable condition_variable_any cv_status', deque: 'deque', filesystem: 'filesystem',
  fstream: 'ifstream ofstream fstream', future: 'future promise async packaged_task', iomanip: 'setw setfill setprecision put_time get_time',
  list: 'list', map: 'map multimap', mutex: 'mutex lock_guard unique_lock scoped_lock once_flag call_once recursive_mutex',
  numeric: 'accumulate iota gcd lcm', queue: 'queue priority_queue', regex: 'regex smatch cmatch regex_match regex_search regex_replace',
  set: 'set multiset', shared_mutex: 'shared_mutex shared_lock', span: 'span as_bytes', sstream: 'istringstream ostringstream stringstream',
  thread: 'thread jthread this_thread', unordered_set: 'unordered_set', variant: 'variant visit get_if monostate',
};
const headerOf = new Map(Object.entries(standard).flatMap(([header, names]) => names.split(' ').map((name) => [name, header])));
// Libraries by their namespace.
const libraries = { Poco: /^Poco\//, YAML: /^yaml-cpp\//, prometheus: /^prometheus\//, rapidjson: /^rapidjson\// };

/// Names of ours, of the standard library and of libraries that a source uses although no header that it
/// reaches has them: it compiles because of a neighbour, or will not once one is gone.
export function checkReach(root) {
  const read = reader(root);
  const wrong = [];
  const paths = sourceFiles(root, ['core', 'plugins', 'sdk/include', 'tests/unit', 'tests/contract']).filter((path) => /\.(cpp|h|hpp)$/.test(path));
  const find = (from, header) =>
    [dirname(from), 'core', 'sdk/include', 'tests'].map((folder) => join(folder, header)).find((path) => existsSync(join(root, path)));
  const reach = new Map();
  const reached = (path) => {
    if (!reach.has(path)) {
      const all = { files: new Set(), outside: new Set() };
      reach.set(path, all);
      const next = [path];
      for (let one = next.pop(); one; one = next.pop()) {
        all.files.add(one);
        for (const header of read(one).includes) {
          const found = find(one, header);
          if (found === undefined) all.outside.add(header);
          else if (!all.files.has(found)) next.push(found);
        }
      }
    }
    return reach.get(path);
  };
  const words = new Map();
  const wordsOf = (path) => {
    if (!words.has(path)) words.set(path, new Set(read(path).text.match(/[A-Za-z_]\w*/g)));
    return words.get(path);
  };
  // Where each name of ours is declared for others.
  const homes = new Map();
  for (const path of paths.filter((one) => !isSource(one))) {
    for (const { name, kind } of read(path).names) homes.set(name, [...(homes.get(name) ?? []), { path, kind }]);
  }
  const declaresItself = (path, name) => {
    const { text, names } = read(path);
    return (
      names.some((one) => one.name === name) ||
      new RegExp(`\\b(class|struct|enum|using|typename|auto|namespace) +&?${name}\\b|\\benum\\b[^{;]*\\{[^}]*\\b${name}\\b|(?<!return|throw|case|else)(?<=[\\w>&*]) +[&*]?${name}( =|[;{(\\[])`).test(text)
    );
  };
  for (const path of paths.filter(isSource)) {
    const { files, outside } = reached(path);
    const headers = [...files].filter((one) => one !== path);
    const lines = read(path).text.split('\n');
    const isCore = path.startsWith('core/');
    const neighbours = paths.filter((one) => isSource(one) && one !== path && dirname(one) === dirname(path));
    const theirs = new Map(neighbours.flatMap((one) => read(one).names.filter(({ unnamed, kind }) => unnamed && kind === 'function').map(({ name }) => [name, one])));
    const said = new Set();
    for (const [index, line] of lines.entries()) {
      for (const { 0: name, index: at } of line.matchAll(/[A-Za-z_]\w*/g)) {
        const before = line.slice(0, at).trimEnd();
        const say = (what) => said.has(name) || (said.add(name), wrong.push(`${path}:${index + 1}: ${name} is of ${what}, which it does not include`));
        if (/(^|[^:\w])(std|Poco|YAML|prometheus|rapidjson)::$/.test(before)) {
          const space = before.match(/(\w+)::$/)[1];
          if (space === 'std' && headerOf.has(name) && !outside.has(headerOf.get(name))) say(`<${headerOf.get(name)}>`);
          if (space !== 'std' && ![...outside].some((header) => libraries[space].test(header))) say(`${space}`);
          continue;
        }
        const isFreeCall = /^ ?\(/.test(line.slice(at + name.length)) && !/[\w>&*~]$/.test(before.replace(/\b(return|throw|case|else)$/, ''));
        if (/(\.|->|::)$/.test(before) === false && isFreeCall && theirs.has(name) && !headers.some((one) => wordsOf(one).has(name)) && !declaresItself(path, name)) {
          say(`${theirs.get(name)} alone`);
          continue;
        }
        if (/(\.|->)$/.test(before) || !homes.has(name) || headers.some((one) => wordsOf(one).has(name))) continue;
        const places = homes.get(name).filter(({ path: home }) => (isCore ? home.startsWith('core/') : dirname(home) === dirname(path) || home.startsWith('sdk/')));
        const isType = /^[A-Z]/.test(name) && places.some(({ kind }) => kind === 'type' || kind === 'alias');
        // A function of one word is called like many a member and many a call to the system.
        const isCall = isFreeCall && /[a-z][A-Z]/.test(name);
        const scope = before.match(/(\w+)::$/)?.[1];
        if (places.length === 0 || !(isType || isCall) || /^[A-Z]/.test(scope ?? '') || declaresItself(path, name)) continue;
        say(`"${places[0].path.replace(/^core\//, '')}"`);
      }
    }
  }
  return wrong;
}
