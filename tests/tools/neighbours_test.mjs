// Sources that are compiled in one batch stay strangers, and the checks that say so would notice if not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namesOf } from './cpp_names.mjs';
import { checkOwnNames, checkReach } from './neighbours.mjs';
import { withTree } from './planted.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inside = (space, text) => `namespace ${space} {\nnamespace {\n${text}\n}\n}  // namespace ${space}\n`;

test('no two sources of a folder have a name of their own in common', () => assert.deepEqual(checkOwnNames(root), []));

test('every source reaches by its own includes what it uses', () => assert.deepEqual(checkReach(root), []));

test('functions, types and constants that neighbours share are found, with both places', () => {
  for (const text of ['int list(Context& context) {\n  return 1;\n}', 'struct list {\n  int a;\n};', 'constexpr int list = 1;', 'const db::Statement list{R"(SELECT "x" FROM y)"};', 'using list = int;']) {
    const found = withTree({ 'core/db/a.cpp': inside('db', text), 'core/db/b.cpp': inside('db', 'template <class T>\nstd::optional<T> list(std::function<int(T&)> f);') }, checkOwnNames);
    assert.match(found.join(), /core\/db\/b\.cpp:4: core\/db\/a\.cpp:\d+ has a list as well/);
  }
});

test('a static function and a header\'s name count as well; other folders, members and literals do not', () => {
  assert.equal(withTree({ 'core/db/a.cpp': 'static int size() { return 1; }\n', 'core/db/b.cpp': inside('db', 'int size();') }, checkOwnNames).length, 1);
  assert.equal(withTree({ 'core/db/a.h': '// a\nnamespace db {\ninline constexpr int Day = 1;\n}\n', 'core/db/b.cpp': inside('db', 'constexpr int Day = 2;') }, checkOwnNames).length, 1);
  const quiet = { 'core/db/a.cpp': inside('db', 'int size();'), 'core/http/b.cpp': inside('http', 'int size();'), 'core/db/c.cpp': `${inside('db', 'struct Row {\n  int size();\n};\nconst char* const text = "int size();";\nchar quote = \'"\';')}int Row::size() {\n  return 1;\n}\n` };
  assert.deepEqual(withTree(quiet, checkOwnNames), []);
});

test('an alias of the same meaning may be repeated', () => {
  const files = (other) => ({ 'core/db/a.cpp': inside('db', 'using Result = std::unique_ptr<int>;'), 'core/db/b.cpp': inside('db', `using Result = ${other};`) });
  assert.deepEqual(withTree(files('std::unique_ptr<int>'), checkOwnNames), []);
  assert.equal(withTree(files('std::string'), checkOwnNames).length, 1);
});

const header = { 'core/base/json.h': '// json\n#pragma once\nnamespace reeld {\nclass Json {\n};\nJson parseJson(int from);\n}\n', 'core/base/all.h': '// all\n#include "base/json.h"\n' };

test('a type, a function and a standard name whose header is not reached are found', () => {
  const found = (text) => withTree({ ...header, 'core/db/a.cpp': text }, checkReach);
  assert.match(found('void f(const Json& json) {\n}\n')[0], /core\/db\/a\.cpp:1: Json is of "base\/json\.h"/);
  assert.match(found('int f() {\n  return parseJson(1);\n}\n')[0], /a\.cpp:2: parseJson is of/);
  assert.match(found('std::mutex lock;\n')[0], /mutex is of <mutex>/);
  assert.match(found('rapidjson::Document document;\n')[0], /Document is of rapidjson/);
  assert.deepEqual(found('#include "base/all.h"\n#include <mutex>\nstd::mutex lock;\nint f(const Json& json) {\n  return parseJson(1);\n}\n'), []);
});

test('a name of one\'s own, a member and a word in a comment are no use of another header', () => {
  const text = '// Json\nstruct Here {\n  int Json = 1;\n};\nint f(Here here) {\n  const auto parseJson = [] { return "Json"; };\n  return here.Json + here.parseJson(1) + parseJson();\n}\n';
  assert.deepEqual(withTree({ ...header, 'core/db/a.cpp': text }, checkReach), []);
});

test('a call of what a neighbour keeps to itself is found', () => {
  const files = { 'core/db/a.cpp': inside('db', 'int text(int digest) {\n  return digest;\n}'), 'core/db/b.cpp': 'int f() {\n  return text(1);\n}\n' };
  assert.match(withTree(files, checkReach)[0], /core\/db\/b\.cpp:2: text is of core\/db\/a\.cpp alone/);
});

test('declarations are read as they stand, whatever stands in literals and directives', () => {
  const text = '#define X { \\\n  {\nnamespace a::b {\nnamespace {\nenum class Kind : int { A, B };\n[[noreturn]] void refuse(const std::string& why);\nstd::array<std::pair<int, const char*>, 2> Words = {{{1, "}"}}};\n}\ntemplate <class T>\nstruct Box final : Base {\n  void inner();\n};\nbool operator==(const Kind& a, const Kind& b);\nvoid Box::outer() {\n}\n}\n';
  assert.deepEqual(namesOf(text).map(({ name, kind, line, unnamed }) => [name, kind, line, unnamed]), [
    ['Kind', 'type', 5, true], ['refuse', 'function', 6, true], ['Words', 'variable', 7, true], ['Box', 'type', 10, false],
  ]);
});
