// The files below a folder while others write and remove there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/// Paths from the folder on. A folder that is not there, or goes while it is looked at, holds nothing.
export function filesBelow(folder, from = '') {
  let entries;
  try {
    entries = readdirSync(join(folder, from), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => (entry.isDirectory() ? filesBelow(folder, join(from, entry.name)) : entry.isFile() ? [join(from, entry.name)] : []));
}
