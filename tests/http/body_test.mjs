// Bodies: collected and streamed, cut, slow, refused; 100-continue; and two hundred slow uploads that harm
// nobody.
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';
import { Wire, ask, get, post } from './wire.mjs';

let server;
before(async () => { server = await Echo.start('window=1000'); });
after(() => server.stop());

const put = (length, ...fields) =>
  ['PUT /upload HTTP/1.1', 'Host: a', ...(length === undefined ? [] : [`Content-Length: ${length}`]), ...fields, '', ''].join('\r\n');
const book = async () => JSON.parse((await ask(server.port, get('/uploads'))).text);
/// The book once it says so: a cut upload is dropped on another thread.
async function bookWhen(holds) {
  for (let tries = 0; ; tries++) {
    const now = await book();
    if (holds(now) || tries > 200) return now;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const sumOf = (bytes) => bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 0);
const chunk = (bytes) => Buffer.concat([Buffer.from(bytes.length.toString(16) + '\r\n'), bytes, Buffer.from('\r\n')]);

test('a body by length and a body in chunks are the same body', async () => {
  assert.equal(JSON.parse((await ask(server.port, post('/echo', 'hello world'))).text).body, 'hello world');
  const wire = await Wire.open(server.port);
  wire.write('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (const byte of '5;name="value"\r\nhello\r\n006\r\n world\r\n0\r\nTrailer: x\r\n\r\n') wire.write(byte);
  assert.equal(JSON.parse((await wire.answer()).text).body, 'hello world');
  wire.write(get('/health'));
  assert.equal((await wire.answers(2))[1].status, 200, 'the connection goes on behind the last chunk');
  wire.drop();
});

test('a request pipelined behind a body is answered after it', async () => {
  const wire = await Wire.open(server.port);
  wire.write(post('/echo', 'one') + post('/echo', 'two') + get('/health'));
  const answers = await wire.answers(3);
  assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200]);
  assert.equal(JSON.parse(answers[1].text).body, 'two');
  wire.drop();
});

test('a collected body beyond the limit is 413, readable although it was sent whole', async () => {
  for (const bytes of [post('/echo', 'x'.repeat(3_000_000)),
    'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' + '10000\r\n' + 'x'.repeat(65536) + '\r\n' +
      `${(2_000_000).toString(16)}\r\n${'x'.repeat(2_000_000)}\r\n0\r\n\r\n`]) {
    const wire = await Wire.open(server.port);
    wire.write(bytes + get('/health'));
    assert.equal((await wire.answer()).status, 413);
    assert.ok(await wire.ended());
    assert.equal(wire.parsed().length, 1);
    wire.drop();
  }
});

test('an upload arrives byte for byte, by length and in chunks', async () => {
  const bytes = Buffer.from(Array.from({ length: 1_500_001 }, (_, i) => (i * 7 + (i >> 8)) & 255));
  const expected = { bytes: bytes.length, sum: String(sumOf(bytes)) };
  const sized = await Wire.open(server.port);
  sized.write(put(bytes.length)).write(bytes).write(get('/health'));
  const answers = await sized.answers(2);
  assert.deepEqual(answers.map((answer) => answer.status), [201, 200]);
  assert.deepEqual(JSON.parse(answers[0].text), expected);
  const chunked = await Wire.open(server.port);
  chunked.write(put(undefined, 'Transfer-Encoding: chunked'));
  for (let at = 0; at < bytes.length; at += 70_000) chunked.write(chunk(bytes.subarray(at, at + 70_000)));
  chunked.write('0\r\n\r\n').write(get('/health'));
  assert.deepEqual(JSON.parse((await chunked.answers(2))[0].text), expected);
  assert.equal(chunked.parsed().length, 2);
  sized.drop();
  chunked.drop();
});

test('an empty upload is an upload, one without a length is 411', async () => {
  assert.deepEqual(JSON.parse((await ask(server.port, put(0))).text), { bytes: 0, sum: '0' });
  const wire = await Wire.open(server.port);
  wire.write(put(undefined));
  assert.equal((await wire.answer()).status, 411);
  wire.drop();
});

test('100-continue comes after admission, and not at all to who is refused', async () => {
  const wire = await Wire.open(server.port);
  wire.write(put(5, 'Expect: 100-continue'));
  assert.equal((await wire.answer()).status, 100);
  wire.write('hello');
  assert.deepEqual((await wire.answers(2)).map((answer) => answer.status), [100, 201]);
  wire.drop();
  for (const [bytes, status] of [[put(5, 'Expect: 100-continue', 'X-Refuse: 1'), 403], [put(5_000_000_000, 'Expect: 100-continue'), 413],
    [post('/echo', '', 'Expect: 100-continue').replace('Content-Length: 0', 'Content-Length: 2000000'), 413]]) {
    const turned = await Wire.open(server.port);
    turned.write(bytes);
    assert.equal((await turned.answer()).status, status);
    assert.ok(await turned.ended(), 'whether the body comes is not known: closed');
    assert.equal(turned.parsed().length, 1);
  }
  const small = await Wire.open(server.port);
  small.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n');
  assert.equal((await small.answer()).status, 100);
  small.write('ok');
  assert.equal((await small.answers(2))[1].status, 200);
  small.drop();
});

test('an upload that ends before its length stores nothing', async () => {
  const earlier = await book();
  const half = await Wire.open(server.port);
  half.write(put(1000) + 'x'.repeat(500)).end();
  assert.equal((await half.answer()).status, 400);
  assert.ok(await half.ended());
  const gone = await Wire.open(server.port);
  gone.write(put(1_000_000)).write(Buffer.alloc(600_000));
  await new Promise((resolve) => setImmediate(resolve));
  gone.drop();
  const bad = await Wire.open(server.port);
  bad.write(put(undefined, 'Transfer-Encoding: chunked') + '5\r\nhello\r\nzz\r\n' + get('/health'));
  assert.equal((await bad.answer()).status, 400);
  assert.ok(await bad.ended());
  assert.equal(bad.parsed().length, 1);
  const last = await Wire.open(server.port);
  last.write(put(undefined, 'Transfer-Encoding: chunked') + '5\r\nhello\r\n').end();
  assert.equal((await last.answer()).status, 400);
  const now = await bookWhen(({ open, cut }) => open === 0 && cut === earlier.cut + 4);
  assert.deepEqual(now, { open: 0, finished: earlier.finished, cut: earlier.cut + 4 });
});

test('a collected body that ends early is 400 and closed', async () => {
  const wire = await Wire.open(server.port);
  wire.write('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf').end();
  assert.equal((await wire.answer()).status, 400);
  assert.ok(await wire.ended());
});

test('a sink that fails in the middle is answered at once, and the rest is not a request', async () => {
  const wire = await Wire.open(server.port);
  wire.write(put(3_000_000, 'X-Fail-After: 1000')).write(Buffer.alloc(3_000_000, 'x')).write(get('/health'));
  const answer = await wire.answer();
  assert.equal(answer.status, 507);
  assert.equal(JSON.parse(answer.text).code, 'storage-full');
  assert.ok(await wire.ended());
  assert.equal(wire.parsed().length, 1);
});

test('a body below the least rate is cut with 408', async () => {
  const earlier = await book();
  for (const bytes of [put(100_000), 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n']) {
    const wire = await Wire.open(server.port);
    wire.write(bytes);
    const drip = setInterval(() => wire.write('x'.repeat(20)), 50);
    const answer = await wire.answer(8000);
    clearInterval(drip);
    assert.equal(answer?.status, 408);
    assert.ok(await wire.ended());
  }
  assert.equal((await bookWhen(({ open }) => open === 0)).finished, earlier.finished);
});

test('200 uploads at 2 KiB/s do not slow a normal one, nor anybody', async () => {
  const earlier = await book();
  const slow = await Promise.all(Array.from({ length: 200 }, () => Wire.open(server.port)));
  for (const wire of slow) wire.write(put(1_000_000));
  const drip = setInterval(() => { for (const wire of slow) wire.write('x'.repeat(256)); }, 125);
  await bookWhen(({ open }) => open === 200);
  const began = Date.now();
  const wire = await Wire.open(server.port);
  wire.write(put(20_000_000)).write(Buffer.alloc(20_000_000));
  assert.equal((await wire.answer(20_000)).status, 201);
  const took = Date.now() - began;
  for (let i = 0; i < 50; i++) assert.equal((await ask(server.port, get('/health'))).status, 200);
  assert.equal(JSON.parse((await ask(server.port, post('/echo', 'still'))).text).body, 'still');
  // Beyond the first rate window they are all still there: 2 KiB/s is fast enough.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  assert.equal((await book()).open, 200);
  clearInterval(drip);
  for (const one of slow) one.drop();
  wire.drop();
  assert.ok(took < 10_000, `20 MB beside 200 slow uploads took ${took} ms`);
  const now = await bookWhen(({ open }) => open === 0);
  assert.deepEqual(now, { open: 0, finished: earlier.finished + 1, cut: earlier.cut + 200 });
});
