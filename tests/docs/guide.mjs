// The administrator's guide as tests see it: its blocks by language and heading.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { top } from '../harness/daemon.mjs';

export const guideText = readFileSync(join(top, 'packaging/README.md'), 'utf8');

/// [{ language, title, text }]; title is the heading above.
export function blocks(markdown) {
  const all = [];
  let title = '';
  let open;
  for (const line of markdown.split('\n')) {
    if (open && line.startsWith('```')) { all.push(open); open = undefined; }
    else if (open) open.text += line + '\n';
    else if (line.startsWith('```')) open = { language: line.slice(3).trim(), title, text: '' };
    else if (line.startsWith('#')) title = line.replace(/^#+\s*/, '');
  }
  return all;
}

export const guideBlocks = (language) => blocks(guideText).filter((block) => block.language === language);
