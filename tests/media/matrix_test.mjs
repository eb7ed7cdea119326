// Every good clip of the media folder through a real daemon as it comes. It becomes READY with the size, rotation, frames
// and sound it should have. The long one is another story: long_test.mjs.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { contractTest } from '../harness/contract.mjs';
import { broken, expected, long } from './expected.mjs';
import { media, Screening } from './screening.mjs';

let screening;
before(async () => { screening = await Screening.open(); });
after(() => screening?.close());

for (const [file, wanted] of Object.entries(expected)) {
  test(`${file} plays as it should`, { timeout: 600_000 }, () => screening.show(file, wanted));
}

const clipsIn = (folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => /\.(mp4|m4a|mkv|mov|webm|ts)$/.test(name)).sort() : []);
test('the clips of the folder are those of which it is said what becomes of them', () => {
  assert.deepEqual(clipsIn(media), [...Object.keys(expected), ...Object.keys(long)].sort());
  assert.deepEqual(clipsIn(join(media, 'broken')), Object.keys(broken).sort());
});

contractTest('media');
