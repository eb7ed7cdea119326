// Story: the Videoflix pages talk to reeld as they talked to their backend. Every answer has the shape they
// can read: JSON with the contract's keys, whatever went wrong and wherever it went wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from '../harness/daemon.mjs';
import { answered, checkShape, Visitor } from '../harness/visitor.mjs';
import { ask as raw, get, post, Wire } from '../http/wire.mjs';

const page = 'http://127.0.0.1:5500';
const routes = [
  ['POST', '/api/register/'], ['GET', '/api/activate/MQ/x/'], ['POST', '/api/login/'], ['POST', '/api/token/refresh/'],
  ['POST', '/api/logout/'], ['POST', '/api/password_reset/'], ['POST', '/api/password_confirm/MQ/x/'],
];

let daemon, visitor;
before(async () => {
  daemon = await Daemon.start({ set: ['auth.throttle.registrations=0', 'auth.throttle.account_failures=0', 'auth.throttle.address_failures=0'] });
  visitor = new Visitor(daemon, { origin: page });
});
after(() => daemon.dispose());

test('each route answers with and without the trailing slash', async () => {
  for (const [method, path] of routes) {
    const [slash, none] = [await visitor.ask(method, path), await visitor.ask(method, path.replace(/\/$/, ''))];
    assert.equal(slash.status, none.status, path);
    assert.equal(slash.text, none.text, path);
    assert.ok([400, 401].includes(slash.status), `${path}: ${slash.status}`);
  }
});

test('another method is 405 with Allow, an unknown path 404', async () => {
  for (const [method, path] of routes) {
    for (const other of ['PUT', 'PATCH', 'DELETE', method === 'GET' ? 'POST' : 'GET']) {
      const answer = answered(await visitor.ask(other, path), 405, 'detail');
      assert.match(answer.headers.allow, new RegExp(`\\b${method}\\b`));
    }
  }
  for (const path of ['/api/', '/api/nothing/', '/api/login/x/', '/api/activate/MQ/', '/api/activate/', '/api/password_confirm/MQ/', '/api/token/', '/api/v2/login']) {
    answered(await visitor.get(path), 404, 'detail');
  }
});

test('all bad fields are told at once, by name, with sentences to show', async () => {
  const fields = async (path, body) => Object.fromEntries(Object.entries((await visitor.post(path, body)).json));
  assert.deepEqual(Object.keys(await fields('/api/register/', {})), ['email', 'password', 'confirmed_password']);
  assert.deepEqual(Object.keys(await fields('/api/login/', {})), ['email', 'password']);
  assert.deepEqual(Object.keys(await fields('/api/password_reset/', {})), ['email']);
  for (const email of [null, 7, true, [], {}, '', '   ', 'no address', 'a@b', 'a'.repeat(250) + '@example.org', 'a b@example.org']) {
    for (const path of ['/api/login/', '/api/password_reset/', '/api/register/']) {
      const answer = await visitor.post(path, { email, password: 'a long enough password', confirmed_password: 'a long enough password' });
      answered(answer, 400, 'email');
    }
  }
  // Checks across fields run only when every field is sound.
  answered(await visitor.post('/api/register/', { email: 'no', password: 'one long password', confirmed_password: 'another password' }), 400, 'email');
});

test('JSON that is none, JSON that is no object and another media type have their own shapes', async () => {
  for (const path of ['/api/register/', '/api/login/', '/api/password_reset/']) {
    for (const body of ['{', '{"email":"a@example.org"} x', '{"email":"\\u0000"}', '{"email":"\\ud800"}', '{"email":NaN}', '['.repeat(100_000)]) {
      answered(await visitor.ask('POST', path, { json: body }), 400, 'detail');
    }
    for (const body of ['[]', '"x"', '1', 'null', 'true']) answered(await visitor.ask('POST', path, { json: body }), 400, 'non_field_errors');
    for (const type of ['text/plain', 'application/xml', 'nonsense', 'application/octet-stream']) {
      answered(await visitor.ask('POST', path, { body: '{"email":"a@example.org"}', headers: { 'content-type': type } }), 415, 'detail');
    }
    answered(await visitor.ask('POST', path, { body: '--x\r\nbroken', headers: { 'content-type': 'multipart/form-data; boundary=x' } }), 400, 'detail');
    answered(await visitor.ask('POST', path, { body: 'email=%zz', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 400, 'non_field_errors');
  }
});

test('an empty body with a JSON content type is no syntax error', async () => {
  assert.deepEqual(Object.keys((await visitor.bare('/api/login/')).json), ['email', 'password']);
  answered(await visitor.bare('/api/token/refresh/'), 400, 'detail');
  answered(await visitor.bare('/api/logout/'), 400, 'detail');
});

test('a body that is too large is 413, and the page of an allowed origin may read it', async () => {
  for (const path of ['/api/register/', '/api/login/', '/api/logout/']) {
    const answer = answered(await visitor.post(path, { email: 'x'.repeat(2 << 20) }), 413, 'detail');
    assert.equal(answer.headers['access-control-allow-origin'], page);
  }
});

test('what the parser refuses below /api/ has the shape too', async () => {
  const origin = `Origin: ${page}`;
  const lines = (...all) => [...all, '', ''].join('\r\n');
  const bad = [
    [lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, 'Transfer-Encoding: gzip, chunked'), 501],
    [lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, 'Content-Length: -1'), 400],
    [lines('POST /api/login/ HTTP/1.1', origin), 400],
    [lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, 'broken field'), 400],
    [lines('POST /api/login/ HTTP/2.0', 'Host: a', origin), 505],
    [lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, 'Expect: fish'), 417],
    [lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, `X: ${'v'.repeat(17_000)}`), 431],
    [lines(`GET /api/${'x'.repeat(9000)} HTTP/1.1`, 'Host: a', origin), 414],
    [`GET /api/${'x'.repeat(9000)}`, 414],
    [lines('GET /api/<x> HTTP/1.1', 'Host: a', origin), 400],
    [lines('GET /api/login/ x HTTP/1.1', 'Host: a', origin), 400],
    ['POST /api/login/ HTTP/1.1\nHost: a\n\n', 400],
    [get('/api/%zz', origin), 400],
    [get('/api/activate/%ff/x/', origin), 400],
    [get('/api/activate/%00/x/', origin), 400],
    [lines('BREW /api/login/ HTTP/1.1', 'Host: a', origin), 405],
    [post('/api/login/', '0x\r\n', origin).replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked'), 400],
  ];
  for (const [bytes, status] of bad) {
    const what = bytes.slice(0, 80);
    const answer = await raw(daemon.port, bytes);
    assert.equal(answer.status, status, what);
    checkShape({ ...answer, text: answer.text, json: JSON.parse(answer.text) }, what);
    assert.deepEqual(Object.keys(JSON.parse(answer.text)), ['detail'], what);
  }
  // The page may read what became of a field that came before the broken one.
  const broken = await raw(daemon.port, lines('POST /api/login/ HTTP/1.1', 'Host: a', origin, 'broken field'));
  assert.equal(broken.headers['access-control-allow-origin'], page);
});

test('a head that never ends is told so in the shape of its surface', async () => {
  const slow = await Daemon.start({ set: ['http.head_timeout_seconds=1'] });
  after(() => slow.dispose());
  const wire = await Wire.open(slow.port);
  const answer = await wire.write('POST /api/login/ HTTP/1.1\r\nHost: a\r\n').answer(5000);
  assert.equal(answer.status, 408);
  assert.equal(answer.headers['content-type'], 'application/json');
  assert.deepEqual(Object.keys(JSON.parse(answer.text)), ['detail']);
});

test('pages of the frontend and of cors_origins may read every answer, others none', async () => {
  const other = await Daemon.start({ set: ["http.cors_origins=['https://app.example.org']", 'mail.frontend_url=https://Pages.Example.org:443/site/'] });
  after(() => other.dispose());
  for (const origin of ['https://app.example.org', 'https://pages.example.org']) {
    const guest = new Visitor(other, { origin });
    for (const [method, path] of [...routes, ['GET', '/api/nothing/'], ['DELETE', '/api/login/'], ['GET', '/api/%zz']]) {
      const answer = await guest.ask(method, path);
      assert.equal(answer.headers['access-control-allow-origin'], origin, `${method} ${path}`);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
      assert.match(answer.headers['access-control-expose-headers'], /Retry-After/);
      assert.match(answer.headers.vary, /Origin/);
    }
  }
  for (const origin of [page, 'https://app.example.org.evil.example', 'http://app.example.org', 'null']) {
    const answer = await new Visitor(other, { origin }).get('/api/nothing/');
    assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
    assert.match(answer.headers.vary, /Origin/);
  }
});

test('a preflight is answered before routing, with the lists of methods and headers', async () => {
  const preflight = (path, method, headers) => visitor.ask('OPTIONS', path, {
    headers: { 'access-control-request-method': method, 'access-control-request-headers': headers },
  });
  for (const [method, path] of [...routes, ['GET', '/api/nothing/']]) {
    const answer = await preflight(path, method, 'content-type,x-csrftoken,x-requested-with,x-evil,tus-resumable');
    assert.ok([200, 204].includes(answer.status), path);
    assert.equal(answer.headers['access-control-allow-origin'], page);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.match(answer.headers['access-control-allow-methods'], new RegExp(`\\b${method}\\b`));
    assert.deepEqual(answer.headers['access-control-allow-headers'].split(/, */), ['content-type', 'x-csrftoken', 'x-requested-with', 'tus-resumable']);
    assert.equal(answer.headers['access-control-max-age'], '86400');
  }
});

test('after all this no internal error is in the log', () => {
  assert.ok(!/a request failed/.test(daemon.log), daemon.log.split('\n').filter((line) => /a request failed/.test(line)).slice(0, 5).join('\n'));
});
