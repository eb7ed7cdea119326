// What tests make once and keep in tests/out: clips, and what takes long to read.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { outDir } from './daemon.mjs';

/// Path below that folder of tests/out of what is made by the recipe, which is any JSON: a changed one has a path of its own.
export function keptPath(folder, name, recipe) {
  const place = join(outDir, folder);
  mkdirSync(place, { recursive: true });
  const { name: stem, ext } = parse(name);
  return join(place, `${stem}-${createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)}${ext}`);
}
