// Story: the player of the Videoflix pages fetches playlists and segments with nothing but the cookie of its
// viewer. It gets what that viewer may see, quickly and in parts, and nothing from the moment he may not.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes, soundBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, parseMaster, parsePlaylist, probe, resolveUri } from '../harness/media.mjs';
import { SlowReader } from '../harness/slow_reader.mjs';
import { until } from '../harness/until.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

const names = ['480p', '720p', '1080p'];
let daemon, second, root, owner, guest, visitor, film, small, sound, paid;
before(async () => {
  daemon = await Daemon.start({ set: ['processing.preset=ultrafast'] });
  second = await Daemon.start({ database: daemon.database.shared(), set: ['roles=[api]', `plugins.disk.config.path=${join(daemon.dataDir, 'instances/disk/media')}`] });
  root = await Client.admin(daemon);
  owner = await Client.person(daemon, 'CREATOR', root);
  guest = await Client.person(daemon);
  film = await owner.upload(clipBytes({ seconds: 10, size: '1280x720' }));
  small = await owner.upload(clipBytes({ seconds: 3 }));
  sound = await owner.upload(soundBytes({ seconds: 2 }));
  paid = await owner.upload(clipBytes({ seconds: 3 }), { is_paid: true, price: 5 });
  for (const id of [film, small, sound, paid]) await owner.ready(id);
  visitor = await Visitor.of(guest, daemon);
});
after(async () => {
  await second.dispose();
  await daemon.dispose();
});

const base = (id) => `/api/video/${id}`;
const segment = (id, resolution = '720p', file = 'segment_000.ts') => `${base(id)}/${resolution}/${file}`;
const good = (answer, status = 200) => {
  assert.equal(answer.status, status, answer.text.slice(0, 300));
  return answer;
};
/// Refused in the shape of the pages.
const refused = async (browser, path, status) => answered(await browser.fetch(path), status, 'detail');
/// Of somebody of his own, who has the right to the film in every cache there is.
async function watching(on = daemon) {
  const person = await Client.person(daemon);
  const browser = await Visitor.of(person, on);
  for (let i = 0; i < 2; i++) good(await browser.fetch(segment(film)));
  return { person, browser };
}

test('each of the three resolutions plays: its own rendition, or the best that is no larger', async () => {
  const heights = { [film]: [480, 720, 720], [small]: [360, 360, 360] };
  for (const [id, wanted] of Object.entries(heights)) {
    for (const [index, name] of names.entries()) {
      const path = `${base(id)}/${name}/index.m3u8`;
      const playlist = good(await visitor.fetch(path));
      assert.equal(playlist.headers['content-type'], 'application/vnd.apple.mpegurl');
      const { segments, ended, type } = parsePlaylist(playlist.text);
      assert.ok(ended && type === 'VOD' && segments.length > 0);
      const bytes = [];
      for (const { uri } of segments) {
        assert.match(uri, /^segment_\d{3}\.ts\?encoding=\d+$/);
        const answer = good(await visitor.fetch(resolveUri(path, uri)));
        assert.equal(answer.headers['content-type'], 'video/MP2T');
        bytes.push(answer.body);
      }
      const folder = mkdtempSync(join(tmpdir(), 'reeld-pages-'));
      try {
        const file = join(folder, 'whole.ts');
        writeFileSync(file, Buffer.concat(bytes));
        const { streams } = await probe(file, '-select_streams', 'v');
        assert.equal(streams[0].height, wanted[index], `${id} ${name}`);
        assert.deepEqual(await decode(file).then(({ frames, errors }) => [frames, errors]), [Number(id) === film ? 250 : 75, '']);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
});

test('sound alone plays under every resolution', async () => {
  for (const name of names) {
    const { segments } = parsePlaylist(good(await visitor.fetch(`${base(sound)}/${name}/index.m3u8`)).text);
    good(await visitor.fetch(segment(sound, name, segments[0].uri)));
  }
});

test('the master names what there is, and its addresses lead there, with and without the slash', async () => {
  for (const path of [`${base(film)}/master.m3u8`, `${base(film)}/master.m3u8/`]) {
    const master = good(await visitor.fetch(path));
    assert.equal(master.headers['content-type'], 'application/vnd.apple.mpegurl');
    const renditions = parseMaster(master.text);
    assert.deepEqual(renditions.map(({ resolution }) => resolution), ['854x480', '1280x720']);
    for (const { uri } of renditions) {
      for (const slash of ['', '/']) {
        const index = resolveUri(path, uri).replace('?', `${slash}?`);
        const { segments } = parsePlaylist(good(await visitor.fetch(index)).text);
        good(await visitor.fetch(resolveUri(index, segments[0].uri)));
      }
    }
  }
});

test('a segment comes at once, with and without the slash, in parts, and only once if it is unchanged', async () => {
  const [plain, slash] = [good(await visitor.fetch(segment(film))), good(await visitor.fetch(`${segment(film)}/`))];
  assert.deepEqual(plain.body, slash.body);
  assert.equal(plain.headers['accept-ranges'], 'bytes');
  assert.equal(plain.headers['cache-control'], 'private, no-cache');
  const size = plain.body.length;
  const part = good(await visitor.fetch(segment(film), { headers: { range: 'bytes=188-375' } }), 206);
  assert.deepEqual([part.body, part.headers['content-range']], [plain.body.subarray(188, 376), `bytes 188-375/${size}`]);
  answered(await visitor.fetch(segment(film), { headers: { range: `bytes=${size}-` } }), 416, 'detail');
  answered(await visitor.fetch(segment(film), { headers: { 'if-match': '"other"' } }), 412, 'detail');
  for (const path of [segment(film), `${base(film)}/480p/index.m3u8`, `${base(film)}/master.m3u8`]) {
    const whole = good(await visitor.fetch(path));
    const head = good(await visitor.fetch(path, { method: 'HEAD' }));
    assert.deepEqual([head.headers['content-length'], head.body.length], [String(whole.body.length), 0]);
    assert.match(whole.headers.etag, /^"/);
    const again = good(await visitor.fetch(path, { headers: { 'if-none-match': whole.headers.etag } }), 304);
    assert.equal(again.body.length, 0);
    assert.match(again.headers['cache-control'], /private/);
  }
  // 1080p is the 720p rendition, not a copy: the same object.
  assert.equal((await visitor.fetch(segment(film, '1080p'))).headers.etag, plain.headers.etag);
});

test('whatever Accept says, the pages get what they asked for', async () => {
  for (const accept of ['application/vnd.apple.mpegurl', 'video/mp2t', 'text/html,application/xhtml+xml', 'nonsense', '*/*;q=0']) {
    assert.equal(good(await visitor.fetch(`${base(film)}/480p/index.m3u8`, { headers: { accept } })).headers['content-type'], 'application/vnd.apple.mpegurl');
    assert.equal(good(await visitor.fetch(segment(film), { headers: { accept } })).headers['content-type'], 'video/MP2T');
    assert.equal(good(await visitor.fetch('/api/video/', { headers: { accept } })).headers['content-type'], 'application/json');
  }
});

test('without a cookie of its viewer no media of the pages is served', async () => {
  const stranger = new Visitor(daemon, { origin: visitor.origin });
  for (const path of [`${base(film)}/master.m3u8`, `${base(film)}/480p/index.m3u8`, segment(film), `${base(999999)}/master.m3u8`, `${base('x')}/master.m3u8`]) {
    assert.equal((await refused(stranger, path, 401)).headers['www-authenticate'], 'Bearer realm="api"');
  }
  stranger.cookies.set('access_token', visitor.cookies.get('refresh_token'));
  await refused(stranger, segment(film), 401);
});

test('what its viewer may not play is 403 for every part of it, and plays for those who may', async () => {
  for (const path of [`${base(paid)}/master.m3u8`, `${base(paid)}/480p/index.m3u8`, segment(paid), segment(paid, '480p', 'nothing.ts')]) {
    await refused(visitor, path, 403);
  }
  for (const person of [owner, root]) good(await (await Visitor.of(person, daemon)).fetch(segment(paid)));
});

test('an administrator who is demoted plays no paid video with the next request, elsewhere within a second', async () => {
  const other = await Client.person(daemon, 'ADMIN', root);
  const [here, there] = [await Visitor.of(other, daemon), await Visitor.of(other, second)];
  for (const browser of [here, there, here, there]) good(await browser.fetch(segment(paid)));
  ok(await root.patch(`/api/v1/users/${other.id}/role`, { json: { role_name: 'VIEWER' } }));
  await refused(here, segment(paid), 403);
  await endsWithinASecond(there, segment(paid), 403);
});

async function endsWithinASecond(browser, path, status) {
  const began = Date.now();
  await until(async () => (await browser.fetch(path)).status === status, { what: `${path} is ${status}`, within: 5000, every: 20 });
  assert.ok(Date.now() - began < 1000, `took ${Date.now() - began} ms`);
  await refused(browser, path, status);
}

test('signing out, deactivation and deletion end it with the next request, on another daemon within a second', async () => {
  const ways = [
    [401, async ({ browser }) => answered(await browser.tab().bare('/api/logout/'), 200, 'detail')],
    [401, ({ person }) => root.patch(`/api/v1/users/${person.id}/deactivate`).then(ok)],
    [401, ({ person }) => root.delete(`/api/v1/users/${person.id}`).then(ok)],
  ];
  for (const [status, end] of ways) {
    const one = await watching();
    const elsewhere = new Visitor(second, { origin: visitor.origin });
    elsewhere.cookies = new Map(one.browser.cookies);
    for (let i = 0; i < 2; i++) good(await elsewhere.fetch(segment(film)));
    const kept = new Visitor(daemon, { origin: visitor.origin });
    kept.cookies = new Map(one.browser.cookies);
    await end(one);
    await refused(kept, segment(film), status);
    await refused(kept, '/api/video/', status);
    await endsWithinASecond(elsewhere, segment(film), status);
  }
  // The others watch on.
  good(await visitor.fetch(segment(film)));
});

test('one session that ends does not take those with it that its user has elsewhere', async () => {
  const { person, browser } = await watching();
  const phone = await Visitor.of(person, daemon);
  good(await phone.fetch(segment(film)));
  const stolen = new Visitor(daemon, { origin: visitor.origin });
  stolen.cookies = new Map(browser.cookies);
  answered(await browser.bare('/api/logout/'), 200, 'detail');
  good(await phone.fetch(segment(film)));
  await refused(stolen, segment(film), 401);
});

test('a deleted video ends with the next request, on another daemon within a second, and comes back', async () => {
  const [here, there] = [await Visitor.of(guest, daemon), await Visitor.of(guest, second)];
  for (const browser of [here, there, here, there]) good(await browser.fetch(segment(small)));
  ok(await owner.delete(`/api/v1/videos/${small}`));
  for (const path of [segment(small), `${base(small)}/480p/index.m3u8`, `${base(small)}/master.m3u8`]) await refused(here, path, 404);
  await endsWithinASecond(there, segment(small), 404);
  ok(await root.patch(`/api/v1/videos/${small}/restore`));
  good(await here.fetch(segment(small)));
});

test('a failed, growing or deleted video gives the pages nothing, though its files are there', async () => {
  const own = await Visitor.of(owner, daemon);
  const [[state]] = daemon.database.query(`SELECT state FROM videos WHERE id = ${small}`);
  assert.equal(state, 'READY');
  for (const [column, value, back] of [['state', "'FAILED'", "'READY'"], ['state', "'PROCESSING'", "'READY'"], ['deleted_at', '1', 'NULL']]) {
    daemon.database.query(`UPDATE videos SET ${column} = ${value} WHERE id = ${small}`);
    for (const path of [`${base(small)}/master.m3u8`, `${base(small)}/480p/index.m3u8`, segment(small)]) await refused(await Visitor.of(owner, daemon), path, 404);
    assert.ok(!(await own.get('/api/video/')).json.some(({ id }) => id === small));
    daemon.database.query(`UPDATE videos SET ${column} = ${back} WHERE id = ${small}`);
  }
  good(await (await Visitor.of(owner, daemon)).fetch(segment(small)));
});

test('a cookie that comes with a Bearer token is refused, nobody could say whose the request is', async () => {
  answered(await visitor.fetch(segment(film), { headers: { authorization: `Bearer ${guest.token}` } }), 400, 'detail');
});

test('200 stalled readers do not slow a normal one, and get the rest when they read on', { timeout: 180_000 }, async () => {
  const index = `${base(film)}/720p/index.m3u8`;
  const paths = parsePlaylist(good(await visitor.fetch(index)).text).segments.map(({ uri }) => resolveUri(index, uri));
  const bodies = new Map();
  for (const path of paths) bodies.set(path, good(await visitor.fetch(path)).body);
  const size = paths.reduce((sum, path) => sum + bodies.get(path).length, 0);
  const typical = async () => {
    const times = [];
    for (let i = 0; i < 5; ++i) {
      const began = performance.now();
      for (const path of paths) assert.equal(good(await visitor.fetch(path)).body.length, bodies.get(path).length);
      times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b)[2];
  };
  const alone = await typical();
  // More than the buffers of both ends hold, so that the daemon has to wait for each of them.
  const asked = Array.from({ length: Math.ceil((16 << 20) / size) }, () => paths).flat();
  const readers = [];
  try {
    for (let i = 0; i < 200; ++i) readers.push(await SlowReader.begin(daemon, asked, { cookie: visitor.cookieHeader() }));
    for (const reader of readers) reader.sip();
    const crowded = await typical();
    const began = performance.now();
    good(await visitor.fetch('/api/v1/health'));
    const answered_ = performance.now() - began;
    assert.deepEqual(readers.filter(({ ended, received }) => ended || received > 8 << 20).map(({ received }) => received), [], 'the slow ones are all still under way');
    // The machine is shared: what is looked for is a thread held by each slow one, not a percentage.
    assert.ok(crowded < alone * 3 + 500, `${Math.round(alone)} ms alone, ${Math.round(crowded)} ms beside 200 slow ones`);
    assert.ok(answered_ < 500, `${Math.round(answered_)} ms for a look at health`);
    for (const reader of readers.splice(0, 5)) {
      const answers = await reader.rest();
      assert.deepEqual(answers.map(({ status }) => status), asked.map(() => 200));
      assert.ok(answers.every(({ body }, at) => body.equals(bodies.get(asked[at]))), 'every byte of every segment');
    }
  } finally {
    readers.forEach((reader) => reader.abandon());
  }
});
