// Does on a machine what a section of packaging/README.md tells an administrator to do: its commands are run
// as they stand, its files written where their first line says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from '../harness/daemon.mjs';

/// The blocks of one section, in order: [{ language, text }].
export function section(title) {
  const blocks = [];
  let heading = '';
  let open;
  for (const line of readFileSync(join(top, 'packaging/README.md'), 'utf8').split('\n')) {
    if (open && line.startsWith('```')) open = undefined;
    else if (open) open.text += line + '\n';
    else if (line.startsWith('```')) {
      open = { language: line.slice(3).trim(), text: '' };
      if (heading === title) blocks.push(open);
    } else if (line.startsWith('#')) heading = line.replace(/^#+\s*/, '');
  }
  assert.ok(blocks.length > 0, `the guide has no blocks under "${title}"`);
  return blocks;
}

/// `only` chooses blocks by their number in the section.
export async function follow(site, title, only = () => true) {
  for (const { language, text } of section(title).filter((_, index) => only(index))) {
    if (language === 'ini') continue; // of an editor; a story that needs it writes it
    if (language === 'yaml') site.write(text.match(/^# (\/etc\/reeld\/\S+)$/m)[1], text);
    // What the archive would bring is in the minimal system already; there is no network.
    else await site.does(`set -e\n${text.replace(/^apt-get install .*$/gm, ':')}`);
  }
}
