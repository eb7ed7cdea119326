// Story: somebody sends what no client would. Every answer is a 4xx in JSON with its own words, never a
// 5xx, never HTML, and the daemon goes on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';

let daemon, root, guest;
before(async () => {
  daemon = await Daemon.start();
  root = await Client.admin(daemon);
  guest = new Client(daemon);
});
after(() => daemon.dispose());

const ids = ['0', '-1', '4294967296', '9223372036854775807', '9223372036854775808', '99999999999999999999999999', '1e3', '1.5', '0x1', '+1', 'abc', '%20', '1%00', '%31x', 'null', "1'", '1;', '١'];

test('odd ids are 422 or 404 on every route that takes one', async () => {
  for (const raw of ids) {
    const id = raw === '١' ? encodeURIComponent(raw) : raw;
    for (const [method, path, body] of [
      ['GET', `/api/v1/videos/${id}`], ['PUT', `/api/v1/videos/${id}`, { title: 'x' }], ['DELETE', `/api/v1/videos/${id}`],
      ['PATCH', `/api/v1/videos/${id}/restore`], ['PATCH', `/api/v1/videos/${id}/status`, { status: 'READY' }],
      ['POST', `/api/v1/videos/${id}/requeue`], ['POST', `/api/v1/videos/${id}/reprocess`], ['DELETE', `/api/v1/videos/${id}/poster`],
      ['GET', `/api/v1/stream/${id}`], ['PATCH', `/api/v1/users/${id}/role`, { role_name: 'VIEWER' }],
    ]) {
      const answer = await root.ask(method, path, body ? { json: body } : {});
      refused(answer, id.includes('%00') ? [400, 404, 422] : [422, 404]);
    }
  }
});

test('an id that is no number is 422, one that nobody has is 404', async () => {
  refused(await root.get('/api/v1/videos/abc'), 422);
  refused(await root.get('/api/v1/videos/9223372036854775807'), 404);
});

test('bad percent-encoding and NUL in a path are refused', async () => {
  for (const path of ['/api/v1/videos/%', '/api/v1/videos/%zz', '/api/v1/videos/%2', '/api/v1/%00', '/api/v1/videos/%ff', '/api/v1/videos/%c0%80', '/api/v1/videos/%ed%a0%80', '/%']) {
    refused(await root.get(path), [400, 404, 422]);
  }
});

test('dots and encoded slashes lead nowhere', async () => {
  for (const path of ['/api/v1/../../etc/passwd', '/media/g/../../../etc/passwd', '/media/thumbnails/..%2f..%2freeld.db', '/media/thumbnails/video_1.jpg/..', '/media/thumbnails/%2e%2e/reeld.db', '/media/thumbnails/video_.jpg', '/media/thumbnails/video_99999999999999999999.jpg', '/media/thumbnails/video_1.png', '//api/v1/health/..', '/api/v1/health/../videos/']) {
    const answer = await guest.get(path);
    assert.ok([400, 401, 404].includes(answer.status), `${path}: ${answer.status}`);
    assert.ok(!answer.text.includes('root:'));
  }
});

test('a method that no path has is 405 with Allow in the shape of its surface, 404 where nothing is', async () => {
  for (const method of ['PROPFIND', 'TRACE']) {
    const v1 = refused(await guest.ask(method, '/api/v1/videos/'), 405, 'method');
    assert.match(v1.headers.allow, /\bGET\b.*\bPOST\b/);
    refused(await guest.ask(method, '/api/v1/nothing'), 404);
    const pages = await request(daemon.url, method, '/api/login/');
    assert.equal(pages.status, 405);
    assert.match(pages.headers.allow, /\bPOST\b/);
    assert.deepEqual(Object.keys(pages.json), ['detail']);
  }
});

test('unknown paths are 404 and unknown methods 405 with Allow, as JSON', async () => {
  for (const path of ['/', '/api', '/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v2/health', '/favicon.ico', '/media/', '/x/y/z?q=1', '/api/v1/videos/1/nothing']) {
    const answer = await guest.get(path);
    assert.equal(answer.status, 404, path);
    assert.equal(typeof answer.json.detail, 'string');
  }
  const answer = refused(await root.delete('/api/v1/videos/'), 405);
  assert.match(answer.headers.allow, /GET/);
  assert.match(answer.headers.allow, /POST/);
  refused(await root.ask('POST', '/api/v1/health'), 405);
});

test('below /api but outside v1 an error has the plain shape', async () => {
  const answer = await guest.get('/api/nothing');
  assert.equal(answer.status, 404);
  assert.equal(answer.headers['content-type'].split(';')[0], 'application/json');
  assert.deepEqual(Object.keys(answer.json), ['detail']);
});

test('HEAD is GET without the body', async () => {
  const get = ok(await guest.get('/api/v1/health'));
  const head = ok(await guest.ask('HEAD', '/api/v1/health'));
  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], get.headers['content-length']);
});

test('JSON that is none is refused with a sentence, whatever is wrong', async () => {
  const bodies = ['', '{', '[]', '"x"', '1', 'null', '{"title":"a","title":"b"}', '{"title":"a\\u0000b"}', '{"title":"\\ud800"}', '{"title":NaN}', "{'title':'x'}", '{"title":"x"} trailing', '['.repeat(100_000), '{"a":'.repeat(50_000)];
  for (const body of bodies) refused(await root.post('/api/v1/videos/', { json: body }), [400, 422]);
  refused(await root.post('/api/v1/videos/', { body: Buffer.from('{"title":"\xff\xfe"}', 'latin1'), headers: { 'content-type': 'application/json' } }), [400, 422]);
});

// The contract of v1 says 422 for it, whatever the type is; 415 is the Videoflix surface's word.
test('a JSON route refuses another content type', async () => {
  const form = 'application/x-www-form-urlencoded';
  const { id } = ok(await root.post('/api/v1/videos/', { json: { title: 'typed' } })).json;
  for (const [method, path, types] of [
    ['POST', '/api/v1/videos/', [form]], ['PUT', `/api/v1/videos/${id}`, [form]], ['PATCH', `/api/v1/videos/${id}/status`, [form]],
    ['PATCH', '/api/v1/users/1/role', [form]], ['POST', '/api/v1/auth/register', [form]], ['POST', '/api/v1/auth/login', []],
  ]) {
    for (const type of ['text/plain', 'application/xml', 'nonsense', '', ...types]) {
      const { json } = refused(await root.ask(method, path, { body: '{"title":"x"}', headers: { 'content-type': type } }), 422, 'media-type');
      assert.match(json.errors[0].detail, /content type must be application\/json/);
    }
  }
});

test('JSON beyond 1 MiB is 413', async () => {
  const huge = JSON.stringify({ title: 'x', description: 'y'.repeat(2 << 20) });
  refused(await root.post('/api/v1/videos/', { json: huge }), 413);
  const streamed = await request(daemon.url, 'POST', '/api/v1/videos/', {
    headers: { authorization: `Bearer ${root.token}`, 'content-type': 'application/json', 'transfer-encoding': 'chunked' }, body: Buffer.from(huge),
  });
  assert.equal(streamed.status, 413);
});

test('an anonymous request with broken JSON is told about the JSON', async () => {
  refused(await guest.post('/api/v1/videos/', { json: '{' }), [400, 422]);
  refused(await guest.post('/api/v1/videos/', { json: '{"title":"x"}' }), 401);
});

test('every answer has a request id, one given is kept if it is clean', async () => {
  const answer = ok(await guest.get('/api/v1/health'));
  assert.ok(answer.headers['x-request-id']);
  const problem = refused(await guest.get('/api/v1/auth/me'), 401);
  assert.equal(problem.json.request_id, problem.headers['x-request-id']);
});

test('every answer forbids content sniffing', async () => {
  for (const path of ['/api/v1/health', '/api/v1/nothing', '/api/v1/auth/me', '/media/thumbnails/video_1.jpg']) {
    assert.equal((await guest.get(path)).headers['x-content-type-options'], 'nosniff', path);
  }
});

test('after all this the daemon still serves and has logged no internal error', async () => {
  ok(await guest.get('/api/v1/health'));
  assert.ok(!/ error .*internal/.test(daemon.log), daemon.log.split('\n').filter((line) => / error /.test(line)).slice(0, 5).join('\n'));
});

contractTest('hostile input');
