// Which standard header declares a name (ISO C++20, the synopsis of each header), and which names of std a header of
// ours uses without including one. A new name of std in a header wants its line here.
import { bare } from './cpp_names.mjs';

// With every one of these come size_t and nullptr_t, and those of <utility> and <type_traits> that everybody needs.
const containers = ['array', 'deque', 'functional', 'list', 'map', 'memory', 'optional', 'set', 'span', 'string', 'string_view', 'unordered_map', 'variant', 'vector'];

const declaredBy = {
  algorithm: 'find max min none_of transform',
  array: 'array',
  atomic: 'atomic memory_order_relaxed',
  bit: 'bit_width',
  chrono: 'chrono',
  condition_variable: 'condition_variable',
  cstddef: 'byte ptrdiff_t',
  cstdint: 'int32_t int64_t uint8_t uint16_t uint32_t uint64_t',
  cstdio: 'snprintf',
  cstring: 'memcpy',
  deque: 'deque',
  exception: 'exception',
  functional: 'function less',
  initializer_list: 'initializer_list',
  iosfwd: 'istream ostream',
  iterator: 'back_inserter',
  list: 'list',
  map: 'map',
  memory: 'make_shared make_unique shared_ptr unique_ptr',
  mutex: 'lock_guard mutex once_flag',
  new: 'bad_alloc',
  optional: 'nullopt nullopt_t optional',
  regex: 'regex',
  set: 'set',
  shared_mutex: 'shared_mutex',
  span: 'span',
  stdexcept: 'runtime_error',
  string: 'string to_string',
  string_view: 'string_view',
  thread: 'thread',
  type_traits: 'invoke_result_t is_integral_v is_trivial_v is_void_v',
  unordered_map: 'unordered_map',
  utility: 'declval exchange forward move pair',
  variant: 'holds_alternative monostate variant',
  vector: 'vector',
};
const alsoBy = {
  size_t: ['cstddef', 'cstdio', 'cstring', ...containers],
  nullptr_t: ['cstddef', ...containers],
  forward: containers, move: containers, pair: containers, exchange: containers, declval: containers,
  invoke_result_t: ['functional'], is_integral_v: containers,
  string_view: ['string'],
  initializer_list: ['string', 'vector'],
};
const providers = new Map();
for (const [header, names] of Object.entries(declaredBy)) {
  for (const name of names.split(' ')) providers.set(name, [header]);
}
for (const [name, headers] of Object.entries(alsoBy)) providers.set(name, [...(providers.get(name) ?? []), ...headers]);

/// The standard headers that are named above.
export const standardHeaders = Object.keys(declaredBy);

/// `text` is a header, `included` the standard headers that it and what it includes name: [sentence].
export function undeclared(text, included) {
  const found = new Set();
  for (const [, name] of bare(text).matchAll(/(?<![\w:])std::(\w+)/g)) {
    const headers = providers.get(name);
    if (!headers) found.add(`std::${name} is not in the table of tests/tools/std_names.mjs`);
    else if (!headers.some((header) => included.has(header))) found.add(`std::${name} wants <${headers[0]}>`);
  }
  return [...found];
}
