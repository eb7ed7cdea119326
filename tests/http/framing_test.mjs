// The raw-socket cases: whatever two servers could read differently is refused with the right status, the
// connection is closed where framing is in doubt, and the request that follows is never executed.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Echo, elsewhere } from './echo.mjs';
import { Wire, ask, get, post } from './wire.mjs';

const path = elsewhere ? '/api/v1/health' : '/health';
const target = elsewhere ? '/api/v1/auth/login' : '/echo';
const next = get(path, 'X-Request-Id: smuggled-request');

let server;
before(async () => { server = await Echo.any(); });
after(() => server.stop());

const head = (line, ...fields) => [line, ...fields, '', ''].join('\r\n');
const send = (...fields) => head(`POST ${target} HTTP/1.1`, 'Host: a', ...fields);
const chunked = (body) => send('Transfer-Encoding: chunked') + body;

/// [name, bytes, status]: each is followed at once by a request that must not be answered.
const refused = [
  ['no Host', head(`GET ${path} HTTP/1.1`), 400],
  ['two Hosts', head(`GET ${path} HTTP/1.1`, 'Host: a', 'Host: b'), 400],
  ['an empty Host', head(`GET ${path} HTTP/1.1`, 'Host: '), 400],
  ['a Host with a space', head(`GET ${path} HTTP/1.1`, 'Host: a b'), 400],
  ['a Host with user information', head(`GET ${path} HTTP/1.1`, 'Host: u@a'), 400],
  ['length and chunked', send('Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['chunked and length', send('Transfer-Encoding: chunked', 'Content-Length: 5') + '0\r\n\r\n', 400],
  ['an unknown coding', send('Transfer-Encoding: xchunked', 'Content-Length: 5') + 'hello', 400],
  ['an unknown coding alone', send('Transfer-Encoding: xchunked') + '0\r\n\r\n', 501],
  ['gzip before chunked', send('Transfer-Encoding: gzip, chunked') + '0\r\n\r\n', 501],
  ['identity after chunked', send('Transfer-Encoding: chunked, identity') + '0\r\n\r\n', 501],
  ['chunked twice', send('Transfer-Encoding: chunked, chunked') + '0\r\n\r\n', 400],
  ['chunked on two lines', send('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['a space before the colon of Transfer-Encoding', send('Transfer-Encoding : chunked') + '0\r\n\r\n', 400],
  ['chunked in HTTP/1.0', head(`POST ${target} HTTP/1.0`, 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['two different lengths', send('Content-Length: 5', 'Content-Length: 6') + 'hello', 400],
  ['the same length twice', send('Content-Length: 5', 'Content-Length: 5') + 'hello', 400],
  ['a list of lengths', send('Content-Length: 5, 5') + 'hello', 400],
  ['a negative length', send('Content-Length: -1'), 400],
  ['a signed length', send('Content-Length: +5') + 'hello', 400],
  ['a length in hex', send('Content-Length: 0x5') + 'hello', 400],
  ['a word as length', send('Content-Length: abc'), 400],
  ['a length of 24 digits', send('Content-Length: 100000000000000000000000'), 400],
  ['a length of 20 digits', send('Content-Length: 18446744073709551621') + 'hello', 400],
  ['an empty length', send('Content-Length:'), 400],
  ['a space before the colon of Content-Length', send('Content-Length : 5') + 'hello', 400],
  ['a chunk size that is no number', chunked('zz\r\nab\r\n0\r\n\r\n'), 400],
  ['a chunk size with 0x', chunked('0x2\r\nab\r\n0\r\n\r\n'), 400],
  ['a negative chunk size', chunked('-1\r\nab\r\n0\r\n\r\n'), 400],
  ['a signed chunk size', chunked('+2\r\nab\r\n0\r\n\r\n'), 400],
  ['a chunk size beyond 64 bits', chunked('ffffffffffffffffff\r\nab\r\n0\r\n\r\n'), 400],
  ['an empty chunk size', chunked('\r\nab\r\n0\r\n\r\n'), 400],
  ['a chunk longer than its size', chunked('2\r\nabc\r\n0\r\n\r\n'), 400],
  ['a chunk line that ends with LF', chunked('2\nab\r\n0\r\n\r\n'), 400],
  ['a chunk that ends with LF', chunked('2\r\nab\n0\r\n\r\n'), 400],
  ['a chunk size with a trailing space', chunked('2 \r\nab\r\n0\r\n\r\n'), 400],
  ['a chunk extension of 2 KiB', chunked(`2;${'e'.repeat(2048)}\r\nab\r\n0\r\n\r\n`), 400],
  ['trailers of 9 KiB', chunked(`0\r\n${'X: yyyyyyyyyyyyyyy\r\n'.repeat(500)}\r\n`), 400],
  ['a trailer that is no field', chunked('0\r\nGET /x HTTP/1.1\r\n\r\n'), 400],
  ['NUL in a value', send('X: a\0b'), 400],
  ['DEL in a value', send('X: a\x7fb'), 400],
  ['a bare CR in a value', send('X: a\rContent-Length: 5'), 400],
  ['a space in a name', send('X Y: 1'), 400],
  ['a line without a colon', send('nothing'), 400],
  ['an empty name', send(': 1'), 400],
  ['a folded line', send('X: 1', ' 2'), 400],
  ['a fold before the first field', head(`GET ${path} HTTP/1.1`, ' Host: a', 'Host: a'), 400],
  ['bare LF everywhere', `GET ${path} HTTP/1.1\nHost: a\n\n`, 400],
  ['one bare LF', `GET ${path} HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n`, 400],
  ['HTTP/1.2', head(`GET ${path} HTTP/1.2`, 'Host: a'), 505],
  ['HTTP/2.0', head(`GET ${path} HTTP/2.0`, 'Host: a'), 505],
  ['HTTP/9.9', head(`GET ${path} HTTP/9.9`, 'Host: a'), 505],
  ['http/1.1', head(`GET ${path} http/1.1`, 'Host: a'), 400],
  ['no version', head(`GET ${path}`, 'Host: a'), 400],
  ['two spaces in the request line', head(`GET  ${path} HTTP/1.1`, 'Host: a'), 400],
  ['a tab in the request line', head(`GET\t${path} HTTP/1.1`, 'Host: a'), 400],
  ['a method that is no token', head(`G(T ${path} HTTP/1.1`, 'Host: a'), 400],
  ['a target without a slash', head('GET health HTTP/1.1', 'Host: a'), 400],
  ['a fragment in the target', head(`GET ${path}#x HTTP/1.1`, 'Host: a'), 400],
  ['a raw byte in the target', head('GET /\xff HTTP/1.1', 'Host: a'), 400],
  ['an asterisk for GET', head('GET * HTTP/1.1', 'Host: a'), 400],
  ['user information in an absolute target', head('GET http://u@a/ HTTP/1.1', 'Host: a'), 400],
  ['a target of 9 KiB', head(`GET /${'a'.repeat(9000)} HTTP/1.1`, 'Host: a'), 414],
  ['101 fields', send(...Array.from({ length: 100 }, (_, i) => `X-${i}: v`)), 431],
  ['a field of 9 KiB in a head of 17', send(`X: ${'v'.repeat(9000)}`, `Y: ${'v'.repeat(9000)}`), 431],
  ['a head of 800 KiB', send(...Array.from({ length: 98 }, () => `X: ${'v'.repeat(8000)}`)), 431],
  ['another expectation', send('Content-Length: 5', 'Expect: fish') + 'hello', 417],
];

for (const [name, bytes, status] of refused) {
  test(`refused, closed, nothing behind it executed: ${name}`, async () => {
    const wire = await Wire.open(server.port);
    wire.write(bytes + next);
    assert.ok(await wire.ended(), 'the connection is closed');
    const answers = wire.parsed();
    assert.deepEqual(answers.map((answer) => answer.status), [status]);
    assert.equal(answers.rest, 0, 'nothing but the one answer came');
    assert.equal(answers[0].headers.connection, 'close');
    assert.match(answers[0].headers['content-type'], /^application\/(problem\+)?json$/);
    assert.equal(typeof JSON.parse(answers[0].text).detail, 'string');
    assert.equal(answers[0].headers['x-content-type-options'], 'nosniff');
    wire.drop();
  });
}

test('a body that no handler reads is not the next request', async () => {
  const wire = await Wire.open(server.port);
  wire.write(post('/nothing-here', next));
  assert.ok(await wire.ended());
  assert.deepEqual(wire.parsed().map((answer) => answer.status), [404]);
});

test('a body of a route without this method is not the next request', async () => {
  const wire = await Wire.open(server.port);
  wire.write(post(path, next));
  assert.ok(await wire.ended());
  const answers = wire.parsed();
  assert.deepEqual(answers.map((answer) => answer.status), [405]);
  assert.match(answers[0].headers.allow, /GET, HEAD/);
});

test('the request after a refused one in another segment is not executed either', async () => {
  const wire = await Wire.open(server.port);
  wire.write(send('Content-Length: 5', 'Transfer-Encoding: chunked'));
  await wire.answer();
  wire.write(next);
  assert.ok(await wire.ended());
  assert.equal(wire.parsed().length, 1);
});

test('an encoded word in a value stays bytes', async () => {
  const answer = await ask(server.port, get(path, 'X: =?UTF-8?Q?bob=0D=0AX-Admin:_1?='));
  assert.equal(answer.status, 200);
});

test('what is sound is answered, and the connection stays', async () => {
  const sound = [
    get(path),
    get(path, 'Connection: keep-alive'),
    get(`http://elsewhere.example${path}`),
    get(`HTTPS://elsewhere.example:8443${path}?x=1`),
    '\r\n' + get(path),
    get(path, 'X-Latin: \xe9', 'Empty:', 'Tab:\ta\tb'),
    get(path, ...Array.from({ length: 90 }, (_, i) => `X-${i}: v`)),
    get(path, `X: ${'v'.repeat(15000)}`),
    get(`${path}/`),
    get(`${path}?${'q'.repeat(7000)}`),
    head(`GET ${path} HTTP/1.0`, 'Connection: keep-alive'),
  ];
  const wire = await Wire.open(server.port);
  for (const [index, bytes] of sound.entries()) {
    wire.write(bytes);
    const answers = await wire.answers(index + 1);
    assert.equal(answers[index]?.status, 200, JSON.stringify(bytes.slice(0, 60)));
  }
  assert.equal(wire.closed, false);
  wire.drop();
});

test('a request in single bytes is the same request', async () => {
  const wire = await Wire.open(server.port);
  for (const byte of get(path, 'X-Test: y')) {
    wire.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal((await wire.answer()).status, 200);
  wire.drop();
});

test('empty lines before a request are ignored, however they arrive', async () => {
  const request = get(path);
  for (const pieces of [['\r', '\n' + request], ['\r', '\n', request], ['\r\n\r', '\n' + request], ['\r\n'.repeat(100) + request]]) {
    const wire = await Wire.open(server.port);
    // Each piece is read before the next is sent: the first answer shows that the connection is known.
    wire.write(request);
    await wire.answer();
    for (const piece of pieces) {
      wire.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const answers = await wire.answers(2);
    assert.deepEqual(answers.map((answer) => answer.status), [200, 200], JSON.stringify(pieces.map((piece) => piece.slice(0, 10))));
    wire.drop();
  }
});

test('a flood of empty lines holds nobody up', async () => {
  const flood = await Wire.open(server.port);
  const lines = '\r\n'.repeat(1 << 16);
  const pour = setInterval(() => flood.write(lines), 1);
  try {
    for (let i = 0; i < 20; ++i) assert.equal((await ask(server.port, get(path), 1000))?.status, 200);
  } finally {
    clearInterval(pour);
    flood.drop();
  }
});

test('an absolute target without a path is the root', async () => {
  const root = await ask(server.port, get('/'));
  for (const target of ['http://elsewhere.example', 'HTTPS://elsewhere.example:8443', 'http://elsewhere.example?x=1']) {
    const answer = await ask(server.port, get(target));
    assert.equal(answer.status, root.status, target);
    assert.equal(answer.headers['content-type'], root.headers['content-type']);
  }
});

test('Connection: close and HTTP/1.0 end the connection after the answer', async () => {
  for (const bytes of [get(path, 'Connection: close'), get(path, 'Connection: foo, Close'), head(`GET ${path} HTTP/1.0`)]) {
    const wire = await Wire.open(server.port);
    wire.write(bytes + next);
    assert.ok(await wire.ended());
    assert.deepEqual(wire.parsed().map((answer) => answer.status), [200]);
  }
});

test('methods: what a path has not is 405 with Allow, known elsewhere or nowhere; OPTIONS tells', async () => {
  for (const method of ['BREW', 'TRACE', 'get']) {
    const answer = await ask(server.port, head(`${method} ${path} HTTP/1.1`, 'Host: a'));
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS', method);
    assert.equal((await ask(server.port, head(`${method} /nothing/there HTTP/1.1`, 'Host: a'))).status, 404, method);
  }
  assert.equal((await ask(server.port, head('CONNECT a:443 HTTP/1.1', 'Host: a'))).status, 404);
  assert.equal((await ask(server.port, head(`B@W ${path} HTTP/1.1`, 'Host: a'))).status, 400);
  const wire = await Wire.open(server.port);
  wire.write(head(`BREW ${path} HTTP/1.1`, 'Host: a') + get(path, 'Connection: close'));
  assert.ok(await wire.ended());
  assert.deepEqual(wire.parsed().map((one) => one.status), [405, 200]);
  const wrong = await ask(server.port, head(`DELETE ${path} HTTP/1.1`, 'Host: a'));
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, 'GET, HEAD, OPTIONS');
  const options = await ask(server.port, head(`OPTIONS ${path} HTTP/1.1`, 'Host: a'));
  assert.equal(options.status, 204);
  assert.equal(options.headers['content-length'], undefined);
  assert.equal((await ask(server.port, head('OPTIONS * HTTP/1.1', 'Host: a'))).status, 204);
});

test('bad percent-encoding, NUL and encoded slashes in a path are 400', async () => {
  for (const bad of ['/%', '/%4', '/%zz', '/%00', '/a%00b', '/%ff', '/%c0%af', '/a%2fb', '/%2e%2e%2fetc']) {
    const answer = await ask(server.port, get(bad));
    assert.equal(answer.status, 400, bad);
    assert.equal(typeof JSON.parse(answer.text).detail, 'string');
  }
});

test('errors have the shape of the surface that was asked', async () => {
  const v1 = JSON.parse((await ask(server.port, get('/api/v1/nothing-here'))).text);
  assert.deepEqual(Object.keys(v1).sort(), ['code', 'detail', 'request_id', 'status', 'title', 'type']);
  const other = await ask(server.port, get('/api/nothing-here'));
  assert.equal(other.headers['content-type'], 'application/json');
  assert.deepEqual(Object.keys(JSON.parse(other.text)), ['detail']);
  // The parser's own refusals too: the request line was still readable.
  const parsed = await ask(server.port, head('GET /api/login/ HTTP/1.1', 'Host: a', 'Content-Length: x'));
  assert.equal(parsed.status, 400);
  assert.deepEqual(Object.keys(JSON.parse(parsed.text)), ['detail']);
});

test('HEAD has the headers of GET and no body', async () => {
  const full = await ask(server.port, get(path));
  const wire = await Wire.open(server.port);
  wire.headOnly = true;
  wire.write(head(`HEAD ${path} HTTP/1.1`, 'Host: a')).write(head(`HEAD ${path} HTTP/1.1`, 'Host: a'));
  const answers = await wire.answers(2);
  assert.equal(answers.length, 2);
  assert.equal(answers.rest, 0);
  const same = ({ date, 'x-request-id': id, ...rest }) => rest;
  assert.deepEqual(same(answers[0].headers), same(full.headers));
  assert.equal(answers[0].headers['content-length'], String(full.body.length));
  wire.drop();
});

test('every answer has a date, a request id and its length', async () => {
  for (const bytes of [get(path), get('/nothing-here'), head(`DELETE ${path} HTTP/1.1`, 'Host: a')]) {
    const { headers } = await ask(server.port, bytes);
    assert.match(headers.date, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
    assert.match(headers['x-request-id'], /^[0-9a-f]{24}$/);
    assert.match(headers['content-length'], /^\d+$/);
  }
  assert.equal((await ask(server.port, get(path, 'X-Request-Id: mine-1234'))).headers['x-request-id'], 'mine-1234');
  assert.match((await ask(server.port, get(path, 'X-Request-Id: "><script>'))).headers['x-request-id'], /^[0-9a-f]{24}$/);
});

test('1000 pipelined requests are answered in order', async () => {
  const wire = await Wire.open(server.port);
  const ids = Array.from({ length: 1000 }, (_, i) => `pipelined-${i}`);
  wire.write(ids.map((id) => get(path, `X-Request-Id: ${id}`)).join(''));
  const answers = await wire.answers(1000, 10_000);
  assert.deepEqual(answers.map((answer) => answer.headers['x-request-id']), ids);
  wire.drop();
});
