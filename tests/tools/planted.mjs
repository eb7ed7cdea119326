// A throw-away tree for the tests of our checks: write files, look at what the check says, gone again.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/// Calls body with the root of a tree that holds `files` (path -> text) and removes it afterwards, also if
/// body answers with a promise.
export function withTree(files, body) {
  const root = mkdtempSync(join(tmpdir(), 'reeld-tree-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  let answer;
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    answer = body(root);
  } catch (error) {
    remove();
    throw error;
  }
  if (typeof answer?.finally === 'function') return answer.finally(remove);
  remove();
  return answer;
}
