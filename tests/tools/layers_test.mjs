// The floors hold, and the check that says so would notice if they did not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkLayers, parseLayers } from './layers.mjs';
import { withTree } from './planted.mjs';
import { isCpp, sourceFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const layers = 'base:\ndb: base\nhttp/engine: base\nhttp: base http/engine sdk\napp: *\nceiling sqlite3.h: db\nceiling Poco/Net/: app\n';
const planted = (files) => withTree({ 'core/LAYERS': layers, ...files }, checkLayers);

test('every include points down or stays in its folder', () => assert.deepEqual(checkLayers(root), []));

test('every library has a ceiling: a header that is neither ours, the language\'s nor the system\'s is named', () => {
  const { ceilings } = parseLayers(readFileSync(join(root, 'core/LAYERS'), 'utf8'));
  const standard = /^(reeld|sys|linux|netinet|arpa)\/|^[a-z_0-9]+$|^(dirent|dlfcn|errno|fcntl|grp|netdb|poll|pthread|pwd|sched|semaphore|signal|spawn|std[a-z]+|string|strings|time|unistd)\.h$/;
  const free = sourceFiles(root, ['core', 'plugins', 'sdk']).filter(isCpp).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^[ \t]*#[ \t]*include[ \t]*<([^>]+)>/gm)].map(([, header]) => header)
      .filter((header) => !standard.test(header) && !ceilings.some(({ prefix }) => header.startsWith(prefix))).map((header) => `${file}: ${header}`));
  assert.deepEqual(free, []);
});

test('an include that points up is found, with file and line', () => {
  assert.deepEqual(planted({ 'core/base/x.h': '// x\n#include <string>\n#include "db/row.h"\n' }), [
    'core/base/x.h:3: base may not see db ("db/row.h")',
  ]);
});

test('an include of a neighbour that is not named is found', () => {
  assert.match(planted({ 'core/db/x.cpp': '#include "http/route.h"\n' })[0], /db may not see http/);
});

test('a folder inside a folder is a floor of its own', () => {
  assert.deepEqual(planted({ 'core/http/x.h': '#include "http/engine/loop.h"\n' }), []);
  assert.match(planted({ 'core/http/engine/x.h': '#include "http/route.h"\n' })[0], /http\/engine may not see http /);
});

test('a library above its ceiling is found in core, plugins and the SDK', () => {
  assert.deepEqual(planted({ 'core/db/x.cpp': '#include <sqlite3.h>\n' }), []);
  assert.match(planted({ 'core/http/x.cpp': '#include <sqlite3.h>\n' })[0], /may be included by db alone/);
  assert.match(planted({ 'core/http/x.cpp': '#  include  <Poco/Net/Socket.h>\n' })[0], /app alone/);
  assert.match(planted({ 'plugins/p/x.cpp': '#include <Poco/Net/Socket.h>\n' })[0], /app alone/);
});

test('a plugin sees its own files and <reeld/...>, never core', () => {
  assert.deepEqual(planted({ 'plugins/p/x.cpp': '#include "y.h"\n#include <reeld/plugin.h>\n', 'plugins/p/y.h': '// y\n' }), []);
  assert.match(planted({ 'plugins/p/x.cpp': '#include "base/error.h"\n' })[0], /outside its folder/);
});

test('the SDK headers are a floor that must be permitted', () => {
  assert.deepEqual(planted({ 'core/http/x.h': '#include <reeld/plugin.h>\n' }), []);
  assert.match(planted({ 'core/db/x.h': '#include <reeld/plugin.h>\n' })[0], /db may not see sdk/);
});

test('a folder that LAYERS does not name and an include relative to the file are found', () => {
  assert.match(planted({ 'core/extra/x.h': '// x\n' })[0], /not named in core\/LAYERS/);
  assert.match(planted({ 'core/db/x.cpp': '#include "x.h"\n' })[0], /not written relative to core/);
});

test('app sees everything, and a line of LAYERS that cannot be read is an error', () => {
  assert.deepEqual(planted({ 'core/app/x.cpp': '#include "db/row.h"\n#include "http/engine/loop.h"\n' }), []);
  assert.throws(() => parseLayers('nonsense\n'), /cannot read/);
});
