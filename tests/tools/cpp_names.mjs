// What a C++ text declares at the scope of namespaces, read by its braces: enough for our own sources as
// clang-format leaves them. No preprocessor, no types; whoever wants certainty asks a compiler.

const literals = /R"(\w*)\([\s\S]*?\)\1"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z])'(?:\\.|[^'\\\n])+'/g;

/// The text without comments, without what its literals say, and without directives; lines stay where they are.
export function bare(text) {
  const lines = (found) => '\n'.repeat(found.split('\n').length - 1);
  return text
    .replace(literals, (found) => (found.startsWith('/') ? '' : found.startsWith("'") ? "' '" : '""') + lines(found))
    .replace(/^[ \t]*#(?:[^\n]*\\\n)*[^\n]*/gm, lines);
}

const type = /^(?:template ?<.*?> ?)?(?:class|struct|enum class|enum struct|enum|union) (?:\[\[.*?\]\] |alignas\([^)]*\) )?(\w+)(?: final)?(?: ?:[^:].*)?$/;

function declared(statement) {
  const alias = statement.match(/^(?:template ?<.*?> ?)?using (\w+) = (.*)$/);
  if (alias) return { name: alias[1], kind: 'alias', means: alias[2] };
  const named = statement.match(type);
  if (named) return { name: named[1], kind: 'type' };
  if (/^(using|friend|extern|static_assert|template ?<> ?)\b/.test(statement)) return undefined;
  const head = statement.split(/ = | =$/)[0].replace(/<[^<>()]*(?:<[^<>()]*>[^<>()]*)*(?:\([^()]*\))?[^<>()]*>/g, '<>');
  const called = head.replace(/\balignas\([^)]*\) /, '').match(/(?<![\w:~])([\w:~]+) ?\(/);
  if (called) return /^\w+$/.test(called[1]) && called.index > 0 ? { name: called[1], kind: 'function' } : undefined;
  const variable = head.match(/^[^()]* [&*]?([A-Za-z_]\w*)(?:\[[^\]]*\])*$/);
  return variable ? { name: variable[1], kind: 'variable' } : undefined;
}

/// [{ name, kind, line, unnamed, means? }]: types, aliases, functions and variables; `unnamed` for what no other
/// file can name (an unnamed namespace, or static).
export function namesOf(text) {
  const found = [];
  const scopes = [];
  let statement = '';
  let line = 1;
  const atNamespaces = () => scopes.every((scope) => scope !== 'other');
  const close = () => {
    const whole = statement.trim().replace(/\s+/g, ' ');
    const one = whole && atNamespaces() ? declared(whole.replace(/^static /, '')) : undefined;
    if (one) found.push({ ...one, line, unnamed: scopes.includes('unnamed') || whole.startsWith('static ') });
  };
  for (const character of bare(text)) {
    if (character === '\n') ++line;
    if (character === '{') {
      const head = statement.trim();
      if (/\bnamespace$/.test(head)) scopes.push('unnamed');
      else if (/\bnamespace [\w:]+$/.test(head) || head === 'extern ""') scopes.push('named');
      else {
        close();
        scopes.push('other');
      }
      statement = '';
    } else if (character === '}') {
      scopes.pop();
      statement = '';
    } else if (character === ';') {
      close();
      statement = '';
    } else statement += character;
  }
  return found;
}
