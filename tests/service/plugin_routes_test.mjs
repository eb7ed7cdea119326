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
