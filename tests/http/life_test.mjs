// The life of connections and of the server: deadlines, limits, lanes, clients that go away, drain; what
// every answer says to pages of other origins.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { until } from '../harness/until.mjs';
import { Echo } from './echo.mjs';
import { Wire, ask, get, post } from './wire.mjs';

async function withServer(words, story) {
  const server = await Echo.start(...words);
  try {
    await story(server);
  } finally {
    await server.stop('SIGKILL');
  }
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function metric(server, name) {
  const found = new RegExp(`^${name} (\\d+)`, 'm').exec((await ask(server.admin, get('/metrics'))).text);
  return Number(found?.[1] ?? NaN);
}

test('a head in drips is cut at its deadline, counted from the first byte', () => withServer(['head=600'], async ({ port }) => {
  const wire = await Wire.open(port);
  const began = Date.now();
  const drip = setInterval(() => wire.write('G'), 40);
  const answer = await wire.answer(5000);
  clearInterval(drip);
  const took = Date.now() - began;
  assert.equal(answer?.status, 408);
  assert.ok(await wire.ended());
  assert.ok(took >= 550 && took < 2500, `${took} ms`);
}));

test('300 half heads starve nobody', () => withServer(['head=3000'], async ({ port }) => {
  const halves = await Promise.all(Array.from({ length: 300 }, () => Wire.open(port)));
  for (const wire of halves) wire.write('GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ');
  for (let i = 0; i < 20; i++) assert.equal((await ask(port, get('/health'), 1000)).status, 200);
  assert.equal(JSON.parse((await ask(port, post('/echo', 'x'))).text).body, 'x');
  await Promise.all(halves.map((wire) => wire.ended(8000)));
  assert.deepEqual([...new Set(halves.map((wire) => wire.parsed()[0]?.status))], [408]);
}));

test('an idle connection is ended without a word, a busy one is kept', () => withServer(['idle=1500'], async ({ port }) => {
  const silent = await Wire.open(port);
  const wire = await Wire.open(port);
  for (let i = 1; i <= 4; i++) {
    wire.write(get('/health'));
    assert.equal((await wire.answers(i)).length, i);
    await pause(500);
  }
  assert.ok(await silent.ended(2000));
  assert.equal(silent.bytes.length, 0);
  assert.equal(wire.closed, false);
  assert.ok(await wire.ended(5000));
}));

test('requests of one connection are handled one at a time', () => withServer([], async (server) => {
  const wire = await Wire.open(server.port);
  wire.write(get('/sleep?ms=300') + get('/health'));
  await pause(120);
  assert.equal(wire.bytes.length, 0);
  const answers = await wire.answers(2);
  assert.deepEqual(answers.map((answer) => answer.text), ['{"slept":true}', '{"status":"healthy"}']);
  wire.drop();
}));

test('a handler that answers later does so on its own lane', () => withServer([], async ({ port }) => {
  assert.equal(JSON.parse((await ask(port, get('/deferred?x=1'))).text).query, 'x=1');
}));

test('clients that go away while a worker runs harm nothing', () => withServer(['workers=4'], async (server) => {
  for (let round = 0; round < 3; round++) {
    const wires = await Promise.all(Array.from({ length: 40 }, () => Wire.open(server.port)));
    for (const wire of wires) wire.write(get('/sleep?ms=30'));
    await pause(20);
    for (const wire of wires) wire.socket.resetAndDestroy();
  }
  for (let tries = 0; (await metric(server, 'reeld_http_in_flight_requests')) > 1; tries++) {
    assert.ok(tries < 100, 'every request is completed');
    await pause(50);
  }
  assert.equal((await ask(server.port, get('/sleep?ms=1'))).status, 200);
}));

test('a client that closes its half still gets its answer', () => withServer([], async ({ port }) => {
  const wire = await Wire.open(port);
  wire.write(get('/sleep?ms=100')).end();
  assert.equal((await wire.answer()).status, 200);
  assert.ok(await wire.ended());
}));

test('full lanes answer 503 with Retry-After at once', () => withServer(['hash_queue=4', 'workers=1', 'worker_queue=3'], async (server) => {
  for (const request of [post('/hash?ms=400', ''), get('/sleep?ms=400')]) {
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(server.port, request, 20_000)));
    const refused = answers.filter((answer) => answer.status === 503);
    assert.equal(answers.filter((answer) => answer.status === 200).length + refused.length, 12);
    assert.ok(refused.length >= 6, `${refused.length} refused`);
    assert.ok(refused.every((answer) => Number(answer.headers['retry-after']) >= 1 && JSON.parse(answer.text).code === 'busy'));
  }
}));

test('what needs no hash is answered while the hash lane is full, and takes no place in it', () => withServer(['hash_queue=2'], async ({ port }) => {
  // One is hashed, two wait, and the fourth is told that the lane is full; if the first was still in the queue
  // when the others came, so is the third.
  const slow = Array.from({ length: 4 }, () => ask(port, post('/hash?ms=2500', ''), 20_000));
  await Promise.any(slow.map(async (one) => assert.equal((await one).status, 503)));
  let hashed = 0;
  for (const one of slow) one.then(({ status }) => { hashed += status === 200 ? 1 : 0; });
  for (let i = 0; i < 5; i++) {
    assert.equal((await ask(port, post('/hash?refused=1', ''))).status, 400);
    assert.equal((await ask(port, post('/hash?answered=1', ''))).status, 200);
  }
  const before = hashed;
  const statuses = (await Promise.all(slow)).map(({ status }) => status).sort();
  assert.match(statuses.join(' '), /^200 200 (200|503) 503$/);
  assert.ok(before < hashed, 'they were answered while others waited');
}));

test('connections beyond the limit are told so', () => withServer(['connections=20'], async ({ port }) => {
  const held = await Promise.all(Array.from({ length: 20 }, () => Wire.open(port)));
  for (const wire of held) wire.write(get('/health'));
  await Promise.all(held.map((wire) => wire.answer()));
  for (let i = 0; i < 5; i++) {
    const wire = await Wire.open(port);
    const answer = await wire.answer();
    assert.equal(answer.status, 503);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.ok(await wire.ended());
  }
  for (const wire of held) wire.drop();
  let answer;
  for (let tries = 0; tries < 100 && answer?.status !== 200; tries++) answer = await ask(port, get('/health'));
  assert.equal(answer.status, 200);
}));

test('without descriptors the server stays calm, answers, and recovers', () => withServer([], async (server) => {
  const { port, pid } = server;
  execFileSync('prlimit', ['--pid', String(pid), '--nofile=60:20000']);
  const wires = [];
  for (let i = 0; i < 90; i++) {
    wires.push(await Wire.open(port));
    // Half a head: an idle connection would be ended to make room.
    wires.at(-1).write('GET /health HTTP/1.1\r\n');
    await pause(5);
  }
  const cpu = () => execFileSync('ps', ['-o', 'cputimes=', '-p', String(pid)]).toString().trim();
  await pause(300);
  const before = Number(cpu());
  await pause(1500);
  assert.ok(Number(cpu()) - before <= 1, 'it does not spin');
  assert.ok(wires.some((wire) => wire.closed && wire.bytes.toString().startsWith('HTTP/1.1 503 ')));
  for (const wire of wires) wire.drop();
  execFileSync('prlimit', ['--pid', String(pid), '--nofile=20000:20000']);
  for (let i = 0; i < 20; i++) assert.equal((await ask(port, get('/health'))).status, 200);
}));

test('a drain finishes what is in hand and takes nothing new', async () => {
  const server = await Echo.start('drain=5000');
  const idle = await Wire.open(server.port);
  idle.write(get('/health'));
  await idle.answer();
  const busy = await Wire.open(server.port);
  busy.write(get('/sleep?ms=600') + get('/health'));
  const uploading = await Wire.open(server.port);
  uploading.write('PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
  await pause(150);
  const exited = server.stop();
  assert.ok(await idle.ended(1000), 'idle connections end');
  // Each loop lets go of the shared listener by itself; the last one closes it.
  const refused = async () => Wire.open(server.port).then((wire) => { wire.drop(); return false; }, () => true);
  await until(refused, { what: 'new connections are refused', within: 500, every: 5 });
  uploading.write('world');
  const [slept, ...more] = await busy.answers(1);
  assert.equal(slept.status, 200);
  assert.equal(slept.headers.connection, 'close');
  assert.equal(more.length, 0);
  assert.equal((await uploading.answer()).status, 201);
  assert.deepEqual(await exited, { code: 0, signal: null });
});

test('who was let in before a drain is answered, even if the first request comes after it began', async () => {
  const server = await Echo.start('drain=5000');
  const late = await Wire.open(server.port);
  const silent = await Wire.open(server.port);
  await pause(150);
  const exited = server.stop();
  const refused = async () => Wire.open(server.port).then((wire) => { wire.drop(); return false; }, () => true);
  await until(refused, { what: 'new connections are refused', within: 500, every: 5 });
  late.write(get('/health'));
  const answer = await late.answer();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.connection, 'close');
  assert.ok(await silent.ended(3000), 'who asks nothing is waited for shortly');
  assert.deepEqual(await exited, { code: 0, signal: null });
});

test('a drain ends at its deadline', async () => {
  const server = await Echo.start('drain=400');
  const wire = await Wire.open(server.port);
  wire.write('PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
  await pause(100);
  const began = Date.now();
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  assert.ok(Date.now() - began < 3000);
  assert.ok(await wire.ended());
});

test('pages of an allowed origin are answered on every lane, errors and preflights included', () => withServer(['cors=http://app.example'], async ({ port }) => {
  const origin = 'Origin: http://app.example';
  const big = 'x'.repeat(2_000_000);
  for (const [bytes, status] of [[get('/health', origin), 200], [get('/echo', origin), 200], [get('/nothing', origin), 404],
    [get('/throw', origin), 500], [post('/health', '', origin), 405], [post('/echo', big, origin), 413], [get('/%zz', origin), 400],
    [get('/file/AAAA/x', origin), 403]]) {
    const answer = await ask(port, bytes);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['access-control-allow-origin'], 'http://app.example', `on ${status}`);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.match(answer.headers['access-control-expose-headers'], /X-Request-Id/);
    assert.match(answer.headers.vary, /Origin/);
  }
  const preflight = await ask(port, ['OPTIONS /echo HTTP/1.1', 'Host: a', origin, 'Access-Control-Request-Method: PUT',
    'Access-Control-Request-Headers: content-type, x-evil, tus-resumable', '', ''].join('\r\n'));
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET, HEAD, POST, PUT, OPTIONS');
  assert.equal(preflight.headers['access-control-allow-headers'], 'content-type, tus-resumable');
  const foreign = await ask(port, get('/health', 'Origin: http://evil.example'));
  assert.equal(foreign.headers['access-control-allow-origin'], undefined);
  assert.match(foreign.headers.vary, /Origin/);
}));

test('a proxy is believed only if it is trusted', async () => {
  const forwarded = ['X-Forwarded-For: 6.6.6.6, 198.51.100.7', 'X-Forwarded-Proto: https'];
  await withServer(['proxy=127.0.0.0/8'], async ({ port }) => {
    const { peer, scheme } = JSON.parse((await ask(port, get('/echo', ...forwarded))).text);
    assert.deepEqual([peer, scheme], ['198.51.100.7', 'https']);
  });
  await withServer([], async ({ port }) => {
    const { peer, scheme } = JSON.parse((await ask(port, get('/echo', ...forwarded))).text);
    assert.deepEqual([peer, scheme], ['127.0.0.1', 'http']);
  });
});

test('a fault of ours is 500 without its text, and a header cannot be split', () => withServer([], async (server) => {
  const thrown = await ask(server.port, get('/throw'));
  assert.equal(thrown.status, 500);
  assert.ok(!thrown.text.includes('secret'));
  assert.ok(await server.logged('secret inside') && await server.logged(JSON.parse(thrown.text).request_id));
  const split = await ask(server.port, get('/split?value=a%0d%0aX-Injected:%201'));
  assert.equal(split.status, 500);
  assert.equal(split.headers['x-injected'], undefined);
}));

test('metrics count by route template', () => withServer([], async (server) => {
  for (const id of [1, 2, 3]) await ask(server.port, get(`/items/${id}`));
  await ask(server.port, get('/nothing'));
  const text = (await ask(server.admin, get('/metrics'))).text;
  assert.match(text, /reeld_http_requests_total\{code="200",method="GET",route="\/items\/\{id\}"\} 3/);
  assert.match(text, /reeld_http_requests_total\{code="404",method="any",route="unmatched"\} 1/);
  assert.match(text, /reeld_http_request_duration_seconds_count\{method="GET",route="\/items\/\{id\}"\} 3/);
}));

test('metrics tell how long the event loops were away from their events', () => withServer([], async (server) => {
  const turns = async () => {
    const { text } = await ask(server.admin, get('/metrics'));
    const [, count] = text.match(/^reeld_http_loop_turn_seconds_count (\d+)$/m);
    const [, within] = text.match(/^reeld_http_loop_turn_seconds_bucket\{le="\+Inf"\} (\d+)$/m);
    assert.equal(count, within);
    assert.match(text, /^reeld_http_loop_turn_seconds_bucket\{le="0\.005"\} \d+$/m);
    return Number(count);
  };
  const before = await turns();
  for (const id of [1, 2, 3]) await ask(server.port, get(`/items/${id}`));
  assert.ok((await turns()) >= before + 3);
}));

test('interceptors complete every exchange once: answered, refused, failed, turned away, broken', () => withServer([], async (server) => {
  const refused = await ask(server.port, get('/api/v1/x', 'X-Block: 1'));
  assert.deepEqual([refused.status, refused.headers['retry-after'], refused.headers['x-watched']], [429, '2', '429']);
  assert.equal(JSON.parse(refused.text).code, 'rate-limited');
  let expected = 1;
  for (const [bytes, status] of [[get('/health'), 200], [get('/nothing'), 404], [get('/throw'), 500], [post('/echo', 'x'.repeat(2_000_000)), 413],
    ['PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello', 201]]) {
    const answer = await ask(server.port, bytes);
    assert.deepEqual([answer.status, answer.headers['x-watched']], [status, String(status)]);
    expected++;
  }
  for (const bytes of [get('/sleep?ms=50'), get('/big?size=50000000'), 'PUT /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhello']) {
    const wire = await Wire.open(server.port);
    wire.socket.pause();
    wire.write(bytes);
    await pause(30);
    wire.socket.resetAndDestroy();
    expected++;
  }
  let counts;
  for (let tries = 0; tries < 100 && counts?.completed !== expected; tries++) {
    counts = JSON.parse((await ask(server.admin, get('/watcher'))).text);
    await pause(20);
  }
  assert.deepEqual([counts.begun, counts.completed], [expected, expected]);
}));
