// Story: a plugin answers requests below a path of the site. Who may is decided before it is asked, what it
// answers is whole or an error, and a slow client of a large answer holds nobody up.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { build, Daemon, run } from '../harness/daemon.mjs';
import { refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let plugins, daemon, viewer, root;
const instances = (more = '') => [
  `plugin_dirs=['${plugins}', '${join(build, 'plugins')}']`,
  'plugins.mine={use: answers}', 'plugins.told={use: answers, mount: /api/v1/told, access: admin}', 'plugins.open={use: answers, mount: /open, access: public}',
  ...(more ? [more] : []),
];
before(async () => {
  plugins = join(mkdtempSync(join(tmpdir(), 'reeld-routes-')), 'plugins');
  chmodSync(join(plugins, '..'), 0o755);
  mkdirSync(plugins, { mode: 0o755 });
  copyFileSync(join(build, 'tests/plugins/answers.so'), join(plugins, 'answers.so'));
  chmodSync(join(plugins, 'answers.so'), 0o644);
  daemon = await Daemon.start({ set: instances() });
  root = await Client.admin(daemon);
  viewer = await Client.person(daemon);
});
after(async () => {
  await daemon?.dispose();
  rmSync(join(plugins, '..'), { recursive: true, force: true });
});

/// As somebody, or as nobody; not shown to the contract, which knows no plugin.
const ask = (method, path, who, options = {}) => request(daemon.url, method, path, { ...options, headers: { ...(who && { authorization: `Bearer ${who.token}` }), ...options.headers } });

test('a plugin is asked at its mount and below it, with each method, and sees no credential', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const body = method === 'GET' ? '' : 'text';
    const answer = await ask(method, '/x/mine/a%20b/c?d=e', viewer, { headers: { 'x-mine': '1', cookie: 'c=d', 'content-length': body.length }, body });
    assert.equal(answer.status, 201, answer.text);
    assert.match(answer.text, new RegExp(`^${method} /a b/c \\?d=e user=${viewer.id} body=${body} headers=\\d+$`));
    assert.equal(answer.headers['x-answer'], '42');
    assert.equal(answer.headers['content-type'], 'text/plain');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  }
  for (const path of ['/x/mine', '/x/mine/']) assert.match((await ask('GET', path, viewer)).text, /^GET \/ \?/);
  const head = await ask('HEAD', '/x/mine/echo', viewer);
  assert.deepEqual([head.status, head.text], [201, '']);
  const count = async (headers) => Number((await ask('GET', '/x/mine/echo', viewer, { headers })).text.match(/headers=(\d+)$/)[1]);
  assert.equal(await count({ cookie: 'a=b' }), await count({}));
  assert.equal(await count({ 'x-mine': '1' }), (await count({})) + 1);
});

test('who may is decided before the plugin is asked', async () => {
  refused(await ask('GET', '/x/mine/echo'), 401);
  refused(await ask('GET', '/api/v1/told/echo'), 401);
  refused(await ask('GET', '/api/v1/told/echo', viewer), 403);
  assert.equal((await ask('GET', '/api/v1/told', root)).status, 201);
  assert.match((await ask('GET', '/open/echo')).text, /user= body=/);
  refused(await ask('POST', '/open/echo', undefined, { body: 'x'.repeat(1001) }), 413, 'too-large');
  refused(await ask('GET', '/x/told/echo', root), 404);
  refused(await ask('GET', '/x/nobody', root), 404);
});

test('a reply is whole or an error, whatever was begun', async () => {
  const gone = refused(await ask('GET', '/open/fails'), 404, 'not_found');
  assert.equal(gone.headers['x-a'], undefined);
  for (const path of ['cookie', 'twice', 'early']) refused(await ask('GET', `/open/${path}`), 500, 'internal');
  refused(await ask('GET', '/open/open'), 500, 'internal');
  assert.match(daemon.log, /a plugin returned without ending its reply/);
});

test('a reply larger than what is kept in memory comes whole, and slow clients of it hold nobody up', async () => {
  const size = 48 * 64 * 1024;
  const large = await ask('GET', '/open/large');
  assert.equal(large.body.length, size);
  assert.equal(large.headers['x-pieces'], '48');
  assert.ok(large.body.every((byte) => byte === 0x78));
  // More of them than there are threads for plugins, none of which reads.
  const slow = await Promise.all(Array.from({ length: 64 }, () => new Promise((resolve) => {
    const socket = connect(daemon.port, '127.0.0.1', () => { socket.pause(); socket.write('GET /open/large HTTP/1.1\r\nHost: x\r\n\r\n', () => resolve(socket)); });
  })));
  assert.equal((await ask('GET', '/open/echo')).status, 201);
  for (const socket of slow) socket.destroy();
});

const PieceBytes = 200 * 1024;
const held = async () => (await ask('GET', '/open/held')).text.match(/^(\d+) held, (\d+) made$/).slice(1).map(Number);
const allOver = () => until(async () => (await held())[0] === 0, { what: 'no long reply is held any more', within: 20_000 });

/// What comes over a connection on which that is sent, until it ends or `enough` says so.
function spoken(text, enough = () => false) {
  return new Promise((resolve, reject) => {
    let all = '';
    const socket = connect(daemon.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').setTimeout(30_000, () => socket.destroy(new Error('nothing comes')));
    socket.on('data', (data) => { all += data; if (enough(all)) socket.destroy(); });
    socket.on('error', reject).on('close', () => resolve(all));
  });
}

test('a long reply goes out piece by piece, whole, and the connection serves on', async () => {
  const long = await ask('GET', '/open/long/30');
  assert.deepEqual([long.status, long.headers['transfer-encoding'], long.headers['content-length']], [200, 'chunked', undefined]);
  assert.equal(long.headers['x-pieces'], '30');
  assert.equal(long.body.length, 30 * PieceBytes);
  assert.ok(long.body.every((byte) => byte === 0x78));
  const one = 'GET /open/long/2 HTTP/1.1\r\nHost: x\r\n\r\n';
  const two = await spoken(one + 'HEAD /open/long/2 HTTP/1.1\r\nHost: x\r\n\r\n' + 'GET /open/held HTTP/1.1\r\nHost: x\r\n\r\n', (all) => / made$/.test(all));
  const size = PieceBytes.toString(16);
  const body = 'x'.repeat(PieceBytes);
  assert.ok(two.includes(`\r\n\r\n${size}\r\n${body}\r\n${size}\r\n${body}\r\n0\r\n\r\nHTTP/1.1 200 OK`));
  assert.equal(two.match(/HTTP\/1\.1 200 OK/g).length, 3);
  await allOver();
});

test('a client of HTTP/1.0 gets a long reply up to the end of its connection', async () => {
  const all = await spoken('GET /open/long/3 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
  const [head, body] = all.split('\r\n\r\n');
  assert.match(head, /connection: close/i);
  assert.doesNotMatch(head, /transfer-encoding|content-length/i);
  assert.equal(body, 'x'.repeat(3 * PieceBytes));
  await allOver();
});

test('a long reply that cannot go on is cut off, never ended as if it were all', async () => {
  const cut = await spoken('GET /open/long/4?breaks HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(cut, /^HTTP\/1\.1 200 OK/);
  assert.ok(cut.length > 3 * PieceBytes && cut.length < 4 * PieceBytes);
  assert.doesNotMatch(cut, /\r\n0\r\n\r\n$/);
  await until(() => daemon.log.includes('there is no more paper'), { what: 'the log says why' });
  // To HTTP/1.0 the end of the connection is the end of the reply, so it must not look like one.
  // Asked by curl, which tells a reset from an end; Node takes some resets for one.
  const { code, output } = await run('curl', ['--silent', '--show-error', '--http1.0', '--output', '/dev/null', `${daemon.url}/open/long/4?breaks`]);
  assert.equal(code, 56, output);
  refused(await ask('GET', '/open/long/4?regrets'), 500, 'internal');
  await allOver();
});

test('who does not read a long reply holds no thread, and no more of it than a piece', async () => {
  const [, before] = await held();
  const slow = await Promise.all(Array.from({ length: 64 }, () => new Promise((resolve) => {
    const socket = connect(daemon.port, '127.0.0.1', () => { socket.pause(); socket.write('GET /open/long/100000 HTTP/1.1\r\nHost: x\r\n\r\n', () => resolve(socket)); });
  })));
  await until(async () => (await held())[0] === 64, { what: 'all of them have begun' });
  let last = -1;
  // What fits into the buffers of the sockets is made, and then nothing.
  await until(async () => { const [, made] = await held(); const still = made === last; last = made; return still; }, { what: 'nothing more is made', every: 500, within: 20_000 });
  assert.ok(last - before < 64 * 100, `${last - before} pieces of ${PieceBytes} bytes`);
  assert.equal((await ask('GET', '/open/echo')).status, 201);
  for (const socket of slow) socket.destroy();
  await allOver();
});

test('routes of plugins are behind the chain, and in the list', async () => {
  const [told] = JSON.parse((await daemon.ctl(['plugins', 'chain', '/api/v1/told', '--json'])).output);
  assert.deepEqual([told.group, told.interceptors], ['plugin', ['audit', 'rate-limit']]);
  const { routes } = JSON.parse((await daemon.ctl(['route', 'list', '--json'])).output);
  assert.deepEqual(routes.filter(({ pattern }) => pattern === '/api/v1/told').map(({ access }) => access), Array(5).fill('admin'));
});

test('a mount that is taken, or is none, is refused with exit status 78', async () => {
  for (const [more, words] of [
    ['plugins.other={use: answers, mount: /api/v1/videos}', /plugins\.other\.mount: \/api\/v1\/videos is taken: there is \/api\/v1\/videos/],
    ['plugins.other={use: answers, mount: /api/v1}', /is taken: there is \/api\/v1/],
    ['plugins.other={use: answers, mount: /open/below}', /\/open\/below is taken: there is \/open/],
    ['plugins.other={use: answers, mount: open}', /\/plugins\/other\/mount: must be a path such as/],
    ['plugins.other={use: answers, access: root}', /must be admin, user or public \(got "root"\)/],
    ['plugins.disk={use: storage-disk, mount: /disk}', /does not offer reeld\.routes\/1/],
  ]) {
    const site = await Daemon.prepare({ set: instances(more) });
    const { code, output } = await run(join(build, 'bin/reeld'), site.arguments);
    await site.dispose();
    assert.equal(code, 78, output);
    assert.match(output, words);
  }
});
