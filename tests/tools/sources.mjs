// The files of this repository that people wrote: what the checks of layers, sizes and hygiene look at.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const notOurs = new Set(['.git', 'build', 'node_modules', '.cache']);

/// Paths relative to root, sorted; `below` limits it to some top-level folders.
export function sourceFiles(root, below = ['.']) {
  const found = [];
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = relative(root, path);
      if (notOurs.has(entry.name) || name === join('tests', 'out')) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(name);
    }
  };
  for (const folder of below) {
    try {
      walk(join(root, folder));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return found.sort();
}

export const isCpp = (path) => /\.(h|hpp|c|cpp)$/.test(path);
