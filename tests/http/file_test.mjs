// File bodies over the wire: ranges, conditions, slow and stalled readers, cold and truncated files.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Echo } from './echo.mjs';
import { Wire, ask, get } from './wire.mjs';

const folder = mkdtempSync(join(tmpdir(), 'reeld-http-'));
const bytes = Buffer.from(Array.from({ length: 2_000_003 }, (_, i) => (i * 31 + (i >> 10)) & 255));
writeFileSync(join(folder, 'segment.ts'), bytes);
writeFileSync(join(folder, 'empty.ts'), '');
writeFileSync(join(folder, 'big.ts'), Buffer.alloc(30_000_000, 'b'));
writeFileSync(join(folder, 'shrinks.ts'), Buffer.alloc(30_000_000, 's'));

let server;
before(async () => { server = await Echo.start(`dir=${folder}`, 'write=700', 'log=debug'); });
after(async () => { await server.stop(); rmSync(folder, { recursive: true }); });

const file = (...fields) => get(`/file/${server.grant}/segment.ts`, ...fields);

test('a file arrives byte for byte, again and again on one connection', async () => {
  const wire = await Wire.open(server.port);
  for (let i = 1; i <= 3; i++) {
    wire.write(file());
    const answers = await wire.answers(i, 10_000);
    assert.equal(answers[i - 1].status, 200);
    assert.ok(answers[i - 1].body.equals(bytes));
  }
  wire.drop();
});

test('ranges are 206 with the right bytes, 416, or the whole', async () => {
  for (const [range, status, from, to] of [['bytes=0-0', 206, 0, 1], ['bytes=1000000-', 206, 1_000_000, bytes.length],
    ['bytes=-3', 206, bytes.length - 3, bytes.length], ['bytes=5-9999999', 206, 5, bytes.length],
    ['bytes=0-1,4-5', 200, 0, bytes.length], ['bytes=9-1', 200, 0, bytes.length], ['lines=1-2', 200, 0, bytes.length]]) {
    const answer = await ask(server.port, file(`Range: ${range}`));
    assert.equal(answer.status, status, range);
    assert.ok(answer.body.equals(bytes.subarray(from, to)), range);
    if (status === 206) assert.equal(answer.headers['content-range'], `bytes ${from}-${to - 1}/${bytes.length}`);
    assert.equal(answer.headers['accept-ranges'], 'bytes');
  }
  const beyond = await ask(server.port, file(`Range: bytes=${bytes.length}-`));
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers['content-range'], `bytes */${bytes.length}`);
  assert.equal(typeof JSON.parse(beyond.text).detail, 'string');
});

test('conditions: 304 without body, If-Range, 412', async () => {
  const { headers: { etag, 'last-modified': modified } } = await ask(server.port, file());
  const wire = await Wire.open(server.port);
  wire.write(file(`If-None-Match: ${etag}`) + file(`If-Modified-Since: ${modified}`) + file('If-None-Match: "x"', 'Range: bytes=0-1'));
  const answers = await wire.answers(3);
  assert.deepEqual(answers.map((answer) => answer.status), [304, 304, 206]);
  assert.equal(answers[0].headers.etag, etag);
  assert.equal((await ask(server.port, file(`If-Range: ${etag}`, 'Range: bytes=0-1'))).status, 206);
  assert.equal((await ask(server.port, file('If-Range: "x"', 'Range: bytes=0-1'))).status, 200);
  assert.equal((await ask(server.port, file('If-Match: "x"'))).status, 412);
  wire.drop();
});

test('HEAD of a file promises its length and sends nothing', async () => {
  const wire = await Wire.open(server.port);
  wire.headOnly = true;
  wire.write(file().replace('GET', 'HEAD') + file('Range: bytes=2-4').replace('GET', 'HEAD'));
  const answers = await wire.answers(2);
  assert.deepEqual(answers.map((answer) => [answer.status, answer.headers['content-length'], answer.headers['content-range']]), [[200, String(bytes.length), undefined], [200, String(bytes.length), undefined]]);
  assert.equal(answers.rest, 0);
  wire.drop();
});

test('an empty file is an empty answer', async () => {
  const wire = await Wire.open(server.port);
  wire.write(get('/file/open/empty.ts') + get('/health'));
  assert.deepEqual((await wire.answers(2)).map((answer) => [answer.status, answer.body.length]), [[200, 0], [200, 20]]);
  wire.drop();
});

test('a wrong grant is 403, and grants are in no log', async () => {
  assert.equal((await ask(server.port, get('/file/AAAA/segment.ts'))).status, 403);
  assert.equal((await ask(server.port, get(`/file/${'A'.repeat(43)}/segment.ts`))).status, 403);
  await ask(server.port, file());
  assert.ok(await server.logged('/file/…/segment.ts'));
  assert.ok(!server.log.includes(server.grant));
});

test('a file that is not in memory is sent whole', async () => {
  execFileSync('dd', [`of=${join(folder, 'segment.ts')}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none']);
  assert.ok((await ask(server.port, file())).body.equals(bytes));
});

test('a viewer who stops reading is ended, and holds nobody up meanwhile', async () => {
  const stalled = await Promise.all(Array.from({ length: 100 }, () => Wire.open(server.port)));
  for (const wire of stalled) { wire.socket.pause(); wire.write(get('/file/open/big.ts')); }
  for (let i = 0; i < 20; i++) assert.equal((await ask(server.port, get('/health'))).status, 200);
  assert.ok((await ask(server.port, file(), 10_000)).body.equals(bytes));
  const began = Date.now();
  for (;;) {
    const metrics = (await ask(server.admin, get('/metrics'))).text;
    if (Number(/reeld_http_timeouts_total (\d+)/.exec(metrics)[1]) >= 100) break;
    assert.ok(Date.now() - began < 10_000, 'stalled viewers are ended');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const wire of stalled) wire.drop();
});

test('a slow reader gets everything as long as it reads', async () => {
  const wire = await Wire.open(server.port);
  let got = 0;
  wire.socket.removeAllListeners('data');
  wire.socket.on('data', (data) => {
    got += data.length;
    wire.socket.pause();
    setTimeout(() => wire.socket.resume(), 4);
  });
  wire.write(get('/file/open/big.ts', 'Connection: close'));
  assert.ok(await wire.ended(30_000));
  assert.ok(got > 30_000_000);
});

test('a file that shrinks while it is sent ends the connection, never a wrong answer', async () => {
  const wire = await Wire.open(server.port);
  wire.write(get('/file/open/shrinks.ts') + get('/health'));
  // Only what has begun has promised a length.
  assert.ok(await wire.until(() => wire.bytes.length > 0));
  wire.socket.pause();
  truncateSync(join(folder, 'shrinks.ts'), 1000);
  wire.socket.resume();
  assert.ok(await wire.ended(10_000));
  assert.equal(wire.parsed().length, 0, 'the answer stays incomplete, nothing follows it');
  wire.drop();
});
