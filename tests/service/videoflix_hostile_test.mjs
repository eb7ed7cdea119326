// Story: somebody tries every address that is none on the Videoflix surface, with and without the right to
// watch. He is told so in JSON that the pages can read, whatever he sends; nothing becomes a path of ours.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { answered, checkShape, Visitor } from '../harness/visitor.mjs';
import { ask as raw, get } from '../http/wire.mjs';

const page = 'http://127.0.0.1:5500';
let daemon, visitor, id, longer;
before(async () => {
  daemon = await Daemon.start({ set: ['processing.preset=ultrafast'] });
  const creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(clipBytes({ seconds: 1 }));
  longer = await creator.upload(clipBytes({ seconds: 10, size: '1280x720' }));
  await creator.ready(id);
  await creator.ready(longer);
  visitor = await Visitor.of(await Client.person(daemon), daemon, { origin: page });
  assert.equal((await visitor.fetch(`/api/video/${longer}/720p/segment_001.ts`)).status, 200);
});
after(() => daemon.dispose());

/// Sent as it is written: no client tidies the path.
async function send(path, ...more) {
  const answer = await raw(daemon.port, get(path, `Cookie: ${visitor.cookieHeader()}`, `Origin: ${page}`, ...more));
  checkShape({ ...answer, json: JSON.parse(answer.text) }, path);
  assert.deepEqual(Object.keys(JSON.parse(answer.text)), ['detail'], path);
  // A line that no browser sends is refused before its fields are read.
  const is_sound = path.length < 8000 && /^[\w/.~%*;-]*$/.test(path);
  if (is_sound) assert.equal(answer.headers['access-control-allow-origin'], page, path);
  assert.doesNotMatch(answer.text, /videos\/\d|encodings|<|\/tmp|\.jpg/, path);
  return answer.status;
}
const names = ['..', '.', '...', '%2e%2e', '%2E', '%2e%2e%2f', '..%2fx', '%2f', '%5c', '..\\', '%252e%252e', '%00', 'x%00.ts', '%ff', '%zz', '%', ' ', '%20', '~', '*', ';', 'ä', '%c3%a4', 'null', 'NaN', '-1'];

test('odd names of ids, resolutions and files are 404 or 400, never a path', async () => {
  for (const name of names) {
    const paths = [`/api/video/${name}/master.m3u8`, `/api/video/${name}/480p/index.m3u8`, `/api/video/${name}/480p/segment_000.ts`,
      `/api/video/${id}/${name}`, `/api/video/${id}/${name}/index.m3u8`, `/api/video/${id}/${name}/segment_000.ts`,
      `/api/video/${id}/480p/${name}`, `/api/video/${id}/480p/${name}/`, `/api/video/${id}/480p/${name}/index.m3u8`, `/api/video/${name}`];
    for (const path of paths) assert.ok([400, 404].includes(await send(path)), path);
  }
});

test('ids that are no number of a video are 404', async () => {
  for (const odd of ['0', '-1', '1.0', '1e0', '0x1', '+1', '1x', 'x', '9'.repeat(18), '9'.repeat(19), '9'.repeat(400), '00', '999999', '٣']) {
    for (const below of ['master.m3u8', '480p/index.m3u8', '480p/segment_000.ts']) {
      assert.ok([400, 404].includes(await send(`/api/video/${encodeURI(odd)}/${below}`)), odd);
    }
  }
});

test('names that are empty or far too long are refused', async () => {
  const long = 'a'.repeat(5000);
  for (const path of [`/api/video//master.m3u8`, `/api/video/${id}//index.m3u8`, `/api/video/${id}/480p//`, `/api/video/${id}/480p/${long}`,
    `/api/video/${id}/${long}/index.m3u8`, `/api/video/${long}/master.m3u8`, `/api/video/${id}/480p/segment_${'0'.repeat(300)}.ts`]) {
    assert.equal(await send(path), 404, path.slice(0, 60));
  }
  assert.equal(await send(`/api/video/${id}/480p/${'a'.repeat(9000)}`), 414);
});

test('unknown resolutions, segments that it does not have, and those of another video are 404', async () => {
  for (const resolution of ['240p', '360', '480', '480P', '2160p', 'audio', 'hls', 'index.m3u8', 'master.m3u8']) {
    assert.equal(await send(`/api/video/${id}/${resolution}/index.m3u8`), 404, resolution);
    assert.equal(await send(`/api/video/${id}/${resolution}/segment_000.ts`), 404, resolution);
  }
  // The longer one has segment 1, and may be watched: it is the video in the path that counts.
  for (const file of ['segment_001.ts', 'segment_999.ts', 'segment_0.ts', 'segment_0000.ts', 'segment_-01.ts', 'Segment_000.ts', 'segment_000', 'init.mp4', 'master.m3u8', `../../${longer}/720p/segment_001.ts`, `..%2f..%2f${longer}%2f720p%2fsegment_001.ts`]) {
    assert.ok([400, 404].includes(await send(`/api/video/${id}/480p/${file}`)), file);
  }
});

test('other methods are 405 with Allow, and nothing is written', async () => {
  for (const path of ['/api/video/', `/api/video/${id}/master.m3u8`, `/api/video/${id}/480p/index.m3u8`, `/api/video/${id}/480p/segment_000.ts/`]) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = answered(await visitor.ask(method, path, { json: '{}' }), 405, 'detail');
      assert.match(answer.headers.allow, /GET, HEAD/);
    }
  }
});

test('a page of another origin gets no leave to read, but the same answers', async () => {
  for (const path of ['/api/video/', `/api/video/${id}/480p/index.m3u8`, `/api/video/${id}/480p/segment_000.ts`, `/api/video/${id}/x/y`]) {
    const answer = await visitor.fetch(path, { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } });
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.match(answer.headers.vary, /Origin/);
  }
});

test('a preflight is answered for each route, unknown headers and paths included', async () => {
  for (const path of ['/api/video/', `/api/video/${id}/480p/index.m3u8`, `/api/video/${id}/480p/segment_000.ts`, '/api/video/x/y/z', '/api/video/1/2/3/4/5']) {
    const ask = (origin, headers) => visitor.ask('OPTIONS', path, { headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': headers } });
    const allowed = await ask(page, 'content-type, x-unheard-of, range');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers['access-control-allow-origin'], page);
    assert.equal(allowed.headers['access-control-allow-credentials'], 'true');
    assert.match(allowed.headers['access-control-allow-methods'], /GET/);
    assert.equal(allowed.headers['access-control-allow-headers'], 'content-type, range');
    assert.equal((await ask('https://evil.example', 'content-type')).headers['access-control-allow-origin'], undefined);
  }
});

test('after all of it the video plays, and the daemon has complained of nothing', async () => {
  assert.equal((await visitor.fetch(`/api/video/${id}/480p/segment_000.ts`)).status, 200);
  assert.doesNotMatch(daemon.log, /^\S+ error /m);
});
