// Story: an administrator wants to know who did what. Everything that was asked is in the trail within a second,
// no secret is, and whoever writes into its tables is found out.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let daemon, root, viewer, creator;
before(async () => {
  daemon = await Daemon.start();
  root = await Client.admin(daemon);
  viewer = await Client.person(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
});
after(() => daemon?.dispose());

/// SQL on the trail's own tables.
function sql(text, of = daemon) {
  if (of.database.kind === 'postgres') return of.database.query(`SET search_path TO plugin_audit; ${text}`);
  return execFileSync('sqlite3', ['-batch', '-separator', '\t', '-cmd', '.timeout 10000', join(of.dataDir, 'instances/audit/instance.db'), text], { encoding: 'utf8' })
    .split('\n').filter(Boolean).map((line) => line.split('\t'));
}
const trail = async (query = '') => ok(await root.get(`/api/v1/audit/?limit=200${query}`)).json;
/// The records of a request by its id.
const recordsOf = (id, within = 10_000) => until(async () => {
  const found = (await trail()).filter((record) => record.request_id === id);
  return found.length > 0 && found;
}, { what: `a record of ${id}`, within, every: 50 });
let asked = 0;
async function ask(method, path, { as, headers = {}, ...options } = {}) {
  const id = `audit-story-${++asked}`;
  const answer = await request(daemon.url, method, path, { ...options, headers: { ...(as && { authorization: `Bearer ${as.token}` }), 'x-request-id': id, ...headers } });
  return { answer, id };
}
async function verify(of = daemon) {
  const { code, output } = await of.ctl(['audit', 'verify', '--json']);
  return { code, ...JSON.parse(output) };
}

test('each request is a record within a second, of whatever came of it, at whichever path', async () => {
  const cases = [
    ['GET', '/api/v1/videos/?secret=in-a-query', 200, viewer], ['GET', '/api/v1/users/', 403, viewer], ['GET', '/api/v1/videos/', 401],
    ['GET', '/nowhere/health', 404], ['GET', '/api/v1/healthy', 404], ['GET', '/api/v1/videos/health', 422, viewer], ['GET', '/%zz', 400],
    ['DELETE', '/api/v1/videos/', 405, viewer], ['BREW', '/api/v1/videos/', 405], ['PATCH', '/api/v1/users/1/role', 422, root],
  ];
  const delays = [];
  for (const [method, path, status, as] of cases) {
    const { answer, id } = await ask(method, path, { as });
    assert.equal(answer.status, status, `${method} ${path}`);
    const answered = Date.now();
    const [record, ...more] = await recordsOf(id);
    delays.push(Date.now() - answered);
    assert.deepEqual(more, []);
    const { id: number, created_at: at, duration_us: took, ...rest } = record;
    assert.deepEqual(rest, {
      user_id: as ? as.id ?? 1 : null, action: 'API_CALL', resource: null, method, endpoint: path.split('?')[0], ip_address: '127.0.0.1',
      status, request_id: id, count: 1, detail: null,
    });
    assert.ok(number > 0 && took > 0 && Math.abs(Date.parse(at) - Date.now()) < 30_000, JSON.stringify(record));
  }
  // Where others use the machine, most of it is their time.
  assert.ok(Math.min(...delays) < 1000, delays.join());
});

test('the health of the process and media are in no record', async () => {
  await ask('GET', '/api/v1/health');
  await ask('GET', '/media/g/none/1/hls/master.m3u8');
  const { id } = await ask('GET', '/nowhere/after');
  await recordsOf(id);
  assert.deepEqual((await trail()).filter(({ endpoint }) => /^\/media|^\/api\/v1\/health$/.test(endpoint ?? '')), []);
});

test('who is not trusted writes no address into the trail', async () => {
  const { id } = await ask('GET', '/nowhere/spoofed', { headers: { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1', 'x-real-ip': '198.51.100.1' } });
  assert.equal((await recordsOf(id))[0].ip_address, '127.0.0.1');
});

test('no token, password or query is anywhere in the trail', async () => {
  const password = 'a very particular passphrase 77';
  await ask('POST', '/api/v1/auth/login', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ username: viewer.email, password }).toString() });
  const play = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXBlIjoic3RyZWFtIn0.dGhlIHNpZ25hdHVyZQ';
  for (const path of [`/api/v1/stream/play/${play}`, `/api/v1/straem/play/${play}`, `/api/activate/MQ/${play}`, `/api/password_confirm/MQ/${play}`,
    // Mistyped into a route that expects no secret there.
    `/api/v1/stream/${play}`, `/api/v1/videos/${play}`, `/docs/${play}`, `/api/activate/${play}/MQ`]) {
    await ask(path.includes('confirm') ? 'POST' : 'GET', path);
  }
  const { id } = await ask('GET', `/api/v1/videos/?access_token=${viewer.token}`, { as: viewer, headers: { cookie: `access_token=${viewer.token}` } });
  await recordsOf(id);
  const all = ok(await root.get('/api/v1/audit/?format=ndjson')).text;
  const secrets = [password, admin.password, play, viewer.token, root.token, 'access_token', 'in-a-query'];
  assert.deepEqual(secrets.filter((secret) => all.includes(secret)), []);
  const stored = daemon.database.kind === 'postgres' ? sql('SELECT * FROM audit_records').flat().join('\n')
    : readdirSync(join(daemon.dataDir, 'instances/audit')).map((file) => readFileSync(join(daemon.dataDir, 'instances/audit', file), 'latin1')).join('\n');
  assert.deepEqual(secrets.filter((secret) => stored.includes(secret)), []);
  assert.deepEqual([play, viewer.token].filter((secret) => daemon.log.includes(secret)), [], 'in the log');
  assert.ok(all.includes('"/api/v1/videos/…"') && all.includes('"/docs/…"'));
  assert.ok(all.includes('"/api/v1/stream/play/…"') && all.includes('"/api/v1/straem/play/…"'));
});

test('what changed on the site is told by an action of its own', async () => {
  await ask('POST', '/api/v1/auth/login', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'username=nobody@example.org&password=wrong' });
  const { id: video } = ok(await creator.post('/api/v1/videos/', { json: { title: 'for sale', is_paid: true, price: 3.5 } })).json;
  ok(await creator.put(`/api/v1/videos/${video}`, { json: { title: 'still the same price' } }));
  ok(await creator.put(`/api/v1/videos/${video}`, { json: { price: 4 } }));
  ok(await creator.put(`/api/v1/videos/${video}`, { json: { is_paid: false } }));
  const events = await until(async () => {
    const found = (await trail()).filter(({ action }) => action !== 'API_CALL').reverse();
    return found.filter(({ action }) => action === 'PRICE_CHANGED').length >= 2 && found;
  }, { what: 'two changes of a price', within: 10_000 });
  const told = (action) => events.filter((record) => record.action === action).map(({ user_id, resource, detail }) => ({ user_id, resource, detail }));
  assert.deepEqual(told('PRICE_CHANGED'), [
    { user_id: creator.id, resource: `video:${video}`, detail: { video_id: video, from_minor: 350, to_minor: 400 } },
    { user_id: creator.id, resource: `video:${video}`, detail: { video_id: video, from_minor: 400, to_minor: null } },
  ]);
  assert.deepEqual(told('ROLE_CHANGED'), [{ user_id: 1, resource: `user:${creator.id}`, detail: { user_id: creator.id, from: 'VIEWER', to: 'CREATOR' } }]);
  const failed = events.find(({ action }) => action === 'LOGIN_FAILED');
  assert.deepEqual([failed.method, failed.endpoint, failed.status, failed.user_id], ['POST', '/api/v1/auth/login', 401, null]);
});

test('the list is for administrators, newest first, in windows', async () => {
  refused(await new Client(daemon).get('/api/v1/audit/'), 401);
  refused(await viewer.get('/api/v1/audit/'), 403);
  refused(await creator.get('/api/v1/audit'), 403);
  refused(await root.post('/api/v1/audit/', { json: {} }), 405);
  refused(await root.get('/api/v1/audit/1'), 404);
  const all = ok(await root.get('/api/v1/audit?limit=200'));
  assert.deepEqual(all.json.map(({ created_at }) => created_at), all.json.map(({ created_at }) => created_at).sort().reverse());
  assert.equal(ok(await root.get('/api/v1/audit/')).json.length, 50);
  const some = ok(await root.get('/api/v1/audit/?skip=5&limit=3&to=2999-01-01'));
  assert.equal(some.json.length, 3);
  assert.match(some.headers.link, /<\?skip=8&limit=3&to=2999-01-01>; rel="next"/);
  assert.ok(Number(all.headers['x-total-count']) >= all.json.length);
  assert.deepEqual(ok(await root.get('/api/v1/audit/?limit=0')).json, []);
  for (const [query, pointer] of [['skip=-1', '/skip'], ['limit=many', '/limit'], ['user_id=me', '/user_id'], ['outcome=good', '/outcome'], ['from=yesterday', '/from'], ['to=2026-13-01', '/to'], ['format=xml', '/format'], ['path=', '/path']]) {
    const answer = refused(await root.get(`/api/v1/audit/?${query}`), 422);
    assert.equal(answer.json.errors[0].pointer, pointer, query);
  }
});

test('filters and the stream of lines let through what was asked for', async () => {
  const began = new Date().toISOString();
  await ask('GET', '/api/v1/videos/', { as: viewer });
  const { id } = await ask('GET', '/api/v1/users/', { as: viewer });
  await recordsOf(id);
  for (const [query, holds] of [
    [`user_id=${viewer.id}`, (record) => record.user_id === viewer.id], ['method=get', ({ method }) => method === 'GET'], ['action=LOGIN_FAILED', ({ action }) => action === 'LOGIN_FAILED'],
    ['outcome=refused', ({ status }) => status >= 400 && status < 500], ['outcome=done', ({ status }) => status < 400], ['path=/api/v1/users', ({ endpoint }) => endpoint.startsWith('/api/v1/users')],
    [`from=${began}`, (record) => record.created_at >= began], [`to=${began}`, (record) => record.created_at < began],
    [`user_id=${viewer.id}&outcome=refused&path=/api/v1/us`, (record) => record.user_id === viewer.id && record.status === 403],
  ]) {
    const found = await trail(`&${query}`);
    assert.ok(found.length > 0, query);
    assert.deepEqual(found.filter((record) => !holds(record)), [], query);
    const lines = ok(await root.get(`/api/v1/audit/?${query}`, { headers: { accept: 'application/x-ndjson' } }));
    assert.match(lines.headers['content-type'], /^application\/x-ndjson/);
    const streamed = lines.text.trimEnd().split('\n').map((line) => JSON.parse(line)).filter((record) => found.at(-1).id <= record.id || record.created_at >= found.at(-1).created_at);
    for (const record of found) assert.ok(streamed.some(({ id: number }) => number === record.id), `${query}: ${record.id}`);
  }
  assert.deepEqual(await trail('&path=/api/v1/users%25'), []);
});

test('a filtered list goes on beyond the 10 000 that are counted', async () => {
  const { id } = await ask('GET', '/nowhere/many');
  await recordsOf(id);
  const numbers = daemon.database.kind === 'postgres' ? 'generate_series(1, 10050) AS n(i)'
    : '(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) SELECT i FROM n) n';
  sql(`INSERT INTO audit_records SELECT 99, n.i, at, user_id, action, resource, method, '/many', ip_address, status, request_id, duration_us, count, detail, event_id, prev, mac
       FROM audit_records, ${numbers} WHERE endpoint = '/nowhere/many'`);
  try {
    const at = async (skip) => ok(await root.get(`/api/v1/audit/?path=/many&limit=200&skip=${skip}`));
    const last = await at(9800);
    assert.equal(last.json.length, 200);
    assert.match(last.headers.link, /<\?skip=10000&limit=200&path=\/many>; rel="next"/);
    const rest = await at(10_000);
    assert.equal(rest.json.length, 50);
    assert.doesNotMatch(rest.headers.link, /rel="next"/);
  } finally {
    sql('DELETE FROM audit_records WHERE boot = 99');
  }
});

test('verify is content with what was written, and names what was tampered with', async () => {
  const before = await verify();
  assert.equal(before.code, 0);
  assert.deepEqual(before.findings, []);
  assert.ok(before.records > 30);
  sql(`CREATE TABLE kept AS SELECT * FROM audit_records`);
  const attempts = {
    changed: [`UPDATE audit_records SET ip_address = '192.0.2.1' WHERE boot = 1 AND seq = 7`, [['changed', 7]]],
    missing: [`DELETE FROM audit_records WHERE boot = 1 AND seq IN (9, 10)`, [['missing', 9]]],
    exchanged: [`UPDATE audit_records SET seq = 0 WHERE boot = 1 AND seq = 5; UPDATE audit_records SET seq = 5 WHERE boot = 1 AND seq = 6; UPDATE audit_records SET seq = 6 WHERE boot = 1 AND seq = 0`, [['changed', 5], ['changed', 6]]],
    inserted: [`INSERT INTO audit_records SELECT 1, 900000, at, user_id, action, resource, method, endpoint, ip_address, status, request_id, duration_us, count, detail, NULL, prev, mac FROM audit_records WHERE boot = 1 AND seq = 3`, [['inserted', 900000]]],
  };
  for (const [name, [attempt, wanted]] of Object.entries(attempts)) {
    sql(attempt);
    const { code, findings } = await verify();
    assert.equal(code, 1, name);
    assert.deepEqual(findings.map(({ what, seq }) => [what, seq]), wanted, name);
    const places = 'boot = 1 AND seq IN (5, 6, 7, 9, 10)';
    sql(`DELETE FROM audit_records WHERE ${places} OR seq = 900000; INSERT INTO audit_records SELECT * FROM kept WHERE ${places}`);
    assert.deepEqual((await verify()).findings, [], name);
  }
  const { code, output } = await daemon.ctl(['audit', 'export']);
  assert.equal(code, 0);
  const lines = output.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ id }) => id), lines.map(({ id }) => id).sort((a, b) => a - b));
  assert.ok(lines.length >= before.records);
});

test('a database that stands still holds up no request and loses no change that was let in', async () => {
  const release = await lockRecords();
  const ids = [];
  // While the lock is held: who waited for the database would wait for ever.
  for (let i = 0; i < 50; ++i) {
    const { answer, id } = await ask('POST', '/nowhere/while-locked');
    assert.equal(answer.status, 404);
    ids.push(id);
  }
  await release();
  const found = await until(async () => {
    const some = await trail('&path=/nowhere/while-locked');
    return some.length === ids.length && some;
  }, { what: 'all 50 records', within: 15_000 });
  assert.deepEqual(found.map(({ request_id: id }) => id).sort(), ids.sort());
  assert.deepEqual((await verify()).findings, []);
});

/// Another program writes to the tables and does not come to an end; the answer ends it.
async function lockRecords() {
  const postgres = daemon.database.kind === 'postgres';
  const child = postgres ? spawn('psql', ['-X', '-q', '-d', daemon.database.url], { stdio: ['pipe', 'pipe', 'inherit'] })
    : spawn('sqlite3', ['-batch', '-cmd', '.timeout 10000', join(daemon.dataDir, 'instances/audit/instance.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (postgres) {
    child.stdin.write('BEGIN; LOCK TABLE plugin_audit.audit_records;\n');
    const held = "SELECT 1 FROM pg_locks JOIN pg_class ON pg_class.oid = relation WHERE relname = 'audit_records' AND mode = 'AccessExclusiveLock' AND granted";
    await until(() => daemon.database.query(held).length > 0, { what: 'the table is locked', within: 10_000 });
  } else {
    child.stdin.write("BEGIN IMMEDIATE; SELECT 'locked';\n");
    await new Promise((resolve) => child.stdout.once('data', resolve));
  }
  return async () => {
    child.stdin.end('ROLLBACK;\n');
    await new Promise((resolve) => child.once('exit', resolve));
  };
}

test('after a kill verify says how many requests may be missing, after an orderly end that none are', async () => {
  const { id } = await ask('POST', '/nowhere/before-the-kill');
  await recordsOf(id);
  await daemon.kill();
  await daemon.start();
  assert.match(daemon.log, /requests may be missing in the audit trail.*at_most=8192/);
  const after = await verify();
  assert.deepEqual([after.code, after.findings, after.maybe_missing], [0, [], 8192]);
  assert.match(after.notes[0], /^boot 1 did not end in order: up to 8192 requests after record 1\d{10} may be missing; refusals by a limit \(429\) of its last minute and reads that found no place are not in that number$/);
  assert.ok((await trail('&path=/nowhere/before-the-kill')).length === 1);
  await daemon.stop();
  await daemon.start();
  assert.deepEqual([(await verify()).maybe_missing, (await verify()).findings], [8192, []]);
  // The journal has a checkpoint of each end, and the trail is held against it.
  const [, boot, record, seal] = daemon.log.match(/audit checkpoint instance=audit boot=(2) record=(\d+) seal=(\S+)/);
  const said = await daemon.ctl(['audit', 'verify', '--checkpoint', `${boot}:${record}:${seal}`]);
  assert.deepEqual([said.code, said.output], [0, 'the record is as the checkpoint says\n']);
  assert.equal((await daemon.ctl(['audit', 'verify', '--checkpoint', `${boot}:${record}:${seal.slice(0, -1)}`])).code, 1);
});

test('an ordered end while the database stands still loses nothing: the next start stores it, once', async () => {
  const release = await lockRecords();
  const ids = [];
  for (let i = 0; i < 20; ++i) {
    const { answer, id } = await ask('POST', '/nowhere/at-the-end');
    assert.equal(answer.status, 404);
    ids.push(id);
  }
  await daemon.stop();
  assert.match(daemon.log, /the end of the audit trail could not be stored; the next start does it/);
  await release();
  await daemon.start();
  const found = await until(async () => {
    const some = await trail('&path=/nowhere/at-the-end');
    return some.length >= ids.length && some;
  }, { what: 'all 20 records', within: 15_000 });
  assert.deepEqual(found.map(({ request_id: id }) => id).sort(), ids.sort());
  assert.deepEqual((await verify()).findings, []);
  await daemon.stop();
  await daemon.start();
  assert.equal((await trail('&path=/nowhere/at-the-end')).length, ids.length);
});

test('a thousand refusals by a limit are a handful of rows', async () => {
  const site = await Daemon.prepare();
  site.settings = site.settings.filter((setting) => !setting.startsWith('plugins.rate-limit'));
  await site.start();
  try {
    const answers = [];
    for (let i = 0; i < 10; ++i) {
      answers.push(...await Promise.all(Array.from({ length: 100 }, () => request(site.url, 'GET', '/nowhere/flood'))));
    }
    const held = answers.filter(({ status }) => status === 429).length;
    assert.ok(held > 500, `${held}`);
    await site.stop();
    const rows = sql(`SELECT status, SUM(count), COUNT(*) FROM audit_records WHERE endpoint = '/nowhere/flood' GROUP BY status`, site).map((row) => row.map(Number));
    const [, counted, count] = rows.find(([status]) => status === 429);
    assert.equal(counted, held);
    assert.ok(count <= 2, JSON.stringify(rows));
    assert.deepEqual(rows.find(([status]) => status === 404).slice(1), [1000 - held, 1000 - held]);
  } finally {
    await site.dispose();
  }
});

contractTest('audit');

test('the whole trail comes as a stream of lines, each record once, newest first', async () => {
  for (let i = 0; i < 1100; ++i) await ask('GET', `/api/v1/videos/?a=${i}`, { as: viewer });
  const { id } = await ask('GET', '/api/v1/videos/', { as: viewer });
  await recordsOf(id);
  const answer = ok(await root.get(`/api/v1/audit/?format=ndjson&user_id=${viewer.id}`));
  assert.deepEqual([answer.headers['transfer-encoding'], answer.headers['content-length']], ['chunked', undefined]);
  const lines = answer.text.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.length > 1100, `${lines.length} lines`);
  assert.equal(new Set(lines.map((line) => line.id)).size, lines.length);
  assert.deepEqual(lines.map((line) => line.created_at), lines.map((line) => line.created_at).sort().reverse());
  assert.equal(lines[0].request_id, id);
});
