// Story: the Videoflix pages show what there is to watch. The list has what this viewer can play and nothing
// else, its texts are harmless in innerHTML, and every picture in it can be seen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes, soundBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

const markup = `<img src=x onerror="alert('1')"> & <b>`;
const neutral = '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; &lt;b&gt;';
let daemon, root, owner, guest, visitor, free, paid, sound, short, unfinished;
before(async () => {
  daemon = await Daemon.start();
  root = await Client.admin(daemon);
  owner = await Client.person(daemon, 'CREATOR', root);
  guest = await Client.person(daemon);
  const clip = clipBytes({ seconds: 3 });
  free = await owner.upload(clip, { title: markup, description: markup });
  paid = await owner.upload(clip, { title: 'paid', description: 'x', is_paid: true, price: 5, });
  sound = await owner.upload(soundBytes({ seconds: 2 }), { title: 'sound' });
  short = await owner.upload(clipBytes({ seconds: 0.2 }), { title: 'short' });
  for (const id of [free, paid, sound, short]) await owner.ready(id);
  daemon.database.query(`UPDATE videos SET category = 'a"b<c' WHERE id = ${free}`);
  unfinished = ok(await owner.post('/api/v1/videos/', { json: { title: 'no file yet' } })).json.id;
  visitor = await Visitor.of(guest, daemon);
});
after(() => daemon.dispose());

/// The list as that browser gets it.
async function listOf(browser, path = '/api/video/', headers = {}) {
  const answer = await browser.ask('GET', path, { headers: { 'content-type': 'application/json', ...headers } });
  assert.equal(answer.status, 200, answer.text);
  assert.ok(Array.isArray(answer.json));
  return answer.json;
}
const idsOf = async (browser) => (await listOf(browser)).map(({ id }) => id);

test('the list has the READY videos that its viewer may play, newest first', async () => {
  assert.deepEqual(await idsOf(visitor), [short, sound, free]);
  assert.deepEqual(await idsOf(await Visitor.of(owner, daemon)), [short, sound, paid, free]);
  assert.deepEqual(await idsOf(await Visitor.of(root, daemon)), [short, sound, paid, free]);
  assert.ok(!(await idsOf(visitor)).includes(unfinished));
});

test('an entry has the keys of the contract and nothing a page would stumble over', async () => {
  for (const path of ['/api/video/', '/api/video']) {
    for (const video of await listOf(visitor, path)) {
      assert.deepEqual(Object.keys(video), ['id', 'created_at', 'title', 'description', 'thumbnail_url', 'category']);
      assert.ok(Number.isSafeInteger(video.id));
      for (const key of Object.keys(video).slice(1)) assert.equal(typeof video[key], 'string', key);
      assert.match(video.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
      assert.ok(Math.abs(Date.now() - new Date(video.created_at)) < 10 * 60_000, video.created_at);
    }
  }
});

test('markup in title, description and category is text, null is empty', async () => {
  const all = await listOf(visitor);
  const { title, description, category } = all.find(({ id }) => id === free);
  assert.deepEqual([title, description, category], [neutral, neutral, 'a&quot;b&lt;c']);
  const none = all.find(({ id }) => id === sound);
  assert.deepEqual([none.description, none.category], ['', 'miscellaneous']);
  // v1 returns what was sent.
  assert.equal((await owner.video(free)).title, markup);
});

test('every picture of the list is a JPEG that anybody may see, of sound and of a blink as well', async () => {
  const list = await listOf(visitor);
  assert.deepEqual(list.map(({ id }) => id), [short, sound, free]);
  for (const { id, thumbnail_url: url } of list) {
    assert.equal(url, `${daemon.url}/media/thumbnails/video_${id}.jpg`);
    const picture = await request(url, 'GET', new URL(url).pathname);
    assert.equal(picture.status, 200, picture.text);
    assert.equal(picture.headers['content-type'], 'image/jpeg');
    assert.equal(picture.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.deepEqual([...picture.body.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  }
});

test('pages of the same site may show a picture, also where the site is an IP address', async () => {
  const policyFor = async (site) => (await request(daemon.url, 'GET', `/media/thumbnails/video_${free}.jpg`, { headers: site ? { 'sec-fetch-site': site } : {} })).headers;
  for (const site of [undefined, 'same-site', 'same-origin', 'none']) assert.equal((await policyFor(site))['cross-origin-resource-policy'], 'cross-origin');
  assert.equal((await policyFor('cross-site'))['cross-origin-resource-policy'], 'same-site');
  assert.match((await policyFor('same-site')).vary, /Sec-Fetch-Site/);
});

test('a picture that was lost, or never made, is a dark one and not a broken one', async () => {
  const [[key]] = daemon.database.query(`SELECT poster_key FROM videos WHERE id = ${short}`);
  const see = () => request(daemon.url, 'GET', `/media/thumbnails/video_${short}.jpg`);
  const real = await see();
  const blanks = [];
  for (const value of ["'videos/1/posters/lost.jpg'", 'NULL']) {
    daemon.database.query(`UPDATE videos SET poster_key = ${value} WHERE id = ${short}`);
    blanks.push(await see());
  }
  daemon.database.query(`UPDATE videos SET poster_key = '${key}' WHERE id = ${short}`);
  for (const blank of blanks) {
    assert.deepEqual([blank.status, blank.headers['content-type']], [200, 'image/jpeg']);
    assert.deepEqual([...blank.body.subarray(0, 3), ...blank.body.subarray(-2)], [0xff, 0xd8, 0xff, 0xff, 0xd9]);
    assert.notDeepEqual(blank.body, real.body);
  }
  assert.deepEqual((await see()).body, real.body);
  assert.equal((await request(daemon.url, 'GET', `/media/thumbnails/video_${unfinished}.jpg`)).status, 404);
});

test('pictures have the address that the browser used: behind a TLS proxy, and with a public_url', async () => {
  const forwarded = { host: 'inner:1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'Video.example.org' };
  const addressOf = async (browser, headers) => new URL((await listOf(browser, '/api/video/', headers))[0].thumbnail_url).origin;
  assert.equal(await addressOf(visitor, forwarded), 'http://inner:1');
  assert.equal(await addressOf(visitor, { host: 'localhost:8000' }), 'http://localhost:8000');
  const kin = async (set) => {
    const other = await Daemon.start({ database: daemon.database.shared(), set });
    after(() => other.dispose());
    return Visitor.of(guest, other);
  };
  const proxied = await kin(['http.trusted_proxies=["127.0.0.1"]']);
  assert.equal(await addressOf(proxied, forwarded), 'https://video.example.org');
  assert.equal(await addressOf(proxied, { ...forwarded, 'x-forwarded-host': '"><script>' }), 'https://inner:1');
  const named = await kin(['http.public_url=https://named.example.org', 'http.trusted_proxies=["127.0.0.1"]']);
  assert.equal(await addressOf(named, forwarded), 'https://named.example.org');
});

test('without a good credential the list is 401 in the shape of the pages', async () => {
  const bad = [{}, { cookie: 'access_token=' }, { cookie: 'access_token=x.y.z' }, { cookie: `access_token=${visitor.cookies.get('refresh_token')}` }];
  for (const headers of bad) {
    const answer = answered(await new Visitor(daemon, { origin: visitor.origin }).ask('GET', '/api/video/', { headers }), 401, 'detail');
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="api"');
    assert.equal(answer.headers['access-control-allow-origin'], visitor.origin);
  }
});

test('an unchanged list is not sent again, and no shared cache keeps it', async () => {
  const first = await visitor.get('/api/video/');
  assert.equal(first.headers['cache-control'], 'private, no-cache');
  const again = await visitor.fetch('/api/video/', { headers: { 'if-none-match': first.headers.etag } });
  assert.deepEqual([again.status, again.body.length], [304, 0]);
  const head = await visitor.ask('HEAD', '/api/video/');
  assert.deepEqual([head.status, head.headers['content-length']], [200, String(first.body.length)]);
});

test('what is deleted or no longer READY leaves the list at once', async () => {
  ok(await owner.delete(`/api/v1/videos/${short}`));
  daemon.database.query(`UPDATE videos SET state = 'FAILED' WHERE id = ${sound}`);
  assert.deepEqual(await idsOf(visitor), [free]);
  daemon.database.query(`UPDATE videos SET state = 'READY' WHERE id = ${sound}`);
  ok(await root.patch(`/api/v1/videos/${short}/restore`));
  assert.deepEqual(await idsOf(visitor), [short, sound, free]);
});

test('a list of thousands is whole, and beyond five thousand it has the newest', { timeout: 120_000 }, async () => {
  const before = await idsOf(visitor);
  const add = (count) => daemon.database.query(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO videos (creator_id, title, state, current_encoding, created_at, updated_at)
    SELECT ${owner.id}, 'one of many', 'READY', 1, 1, 1 FROM n`);
  add(3000);
  const many = await idsOf(visitor);
  assert.equal(many.length, 3000 + before.length);
  assert.deepEqual(many, [...many].sort((a, b) => b - a));
  assert.deepEqual(many.slice(-before.length), before);
  add(3000);
  const most = await idsOf(visitor);
  assert.deepEqual([most.length, most[0]], [5000, many[0] + 3000]);
  // Bounded by bytes as well, still an array, still the newest.
  daemon.database.query(`UPDATE videos SET description = '${'&'.repeat(5000)}' WHERE title = 'one of many'`);
  const answer = await visitor.get('/api/video/');
  assert.ok(answer.body.length < 8 << 20 && answer.body.length > 7 << 20, `${answer.body.length} bytes`);
  assert.equal(answer.json[0].id, most[0]);
});
