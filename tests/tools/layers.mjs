// The floors of core/ as core/LAYERS states them, held against every #include: who may see whom, and
// where third-party headers end. Reads text only; nothing is compiled.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isCpp, sourceFiles } from './sources.mjs';

/// { sees: Map(folder -> Set or '*'), ceilings: [{prefix, places}] }; throws on a line it cannot read.
export function parseLayers(text) {
  const sees = new Map();
  const ceilings = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') continue;
    const [, ceiling, name, list] = line.match(/^(ceiling\s+)?(\S+):\s*(.*)$/) ?? [];
    if (name === undefined) throw new Error(`core/LAYERS:${index + 1}: cannot read "${line}"`);
    const words = list.split(/\s+/).filter(Boolean);
    if (ceiling) ceilings.push({ prefix: name, places: words });
    else sees.set(name, words.includes('*') ? '*' : new Set(words));
  }
  return { sees, ceilings };
}

function includesOf(text) {
  return [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map((match) => ({
    quoted: match[1] === '"',
    header: match[2],
    line: text.slice(0, match.index).split('\n').length,
  }));
}

const within = (path, place) => path === place || path.startsWith(place + '/');

/// A list of sentences "file:line: what is wrong"; empty when the house stands.
export function checkLayers(root) {
  const { sees, ceilings } = parseLayers(readFileSync(join(root, 'core/LAYERS'), 'utf8'));
  const folders = [...sees.keys()].sort((a, b) => b.length - a.length);
  const folderOf = (path) => folders.find((folder) => within(path, folder));
  const wrong = [];
  for (const file of sourceFiles(root, ['core', 'plugins', 'sdk']).filter(isCpp)) {
    const inCore = file.startsWith('core/');
    const place = inCore ? file.slice('core/'.length) : file;
    const folder = inCore ? folderOf(dirname(place)) : undefined;
    if (inCore && folder === undefined) wrong.push(`${file}:1: its folder is not named in core/LAYERS`);
    for (const { quoted, header, line } of includesOf(readFileSync(join(root, file), 'utf8'))) {
      const say = (what) => wrong.push(`${file}:${line}: ${what}`);
      const limit = ceilings.find(({ prefix }) => header.startsWith(prefix));
      if (limit && !limit.places.some((allowed) => within(place, allowed))) {
        say(`<${header}> may be included by ${limit.places.join(', ')} alone`);
      }
      if (!inCore) {
        if (quoted && !existsSync(join(root, dirname(file), header))) say(`"${header}" is outside its folder; plugins and the SDK see <reeld/...> alone`);
        continue;
      }
      if (folder === undefined || sees.get(folder) === '*') continue;
      const target = header.startsWith('reeld/') ? 'sdk' : quoted ? folderOf(dirname(header)) : undefined;
      if (quoted && target === undefined) say(`"${header}" is not written relative to core/`);
      if (target !== undefined && target !== folder && !sees.get(folder).has(target)) say(`${folder} may not see ${target} ("${header}")`);
    }
  }
  return wrong;
}
