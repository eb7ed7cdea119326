// Story: tokens and grants open exactly what they were given for, as long as they were given for.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { Forge } from '../harness/forge.mjs';
import { parseMaster, parsePlaylist, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

let daemon, forge, root, creator, viewer, guest, video, paid, played, segment;
before(async () => {
  daemon = await Daemon.start();
  forge = new Forge(daemon);
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  viewer = await Client.person(daemon);
  video = await creator.upload(clipBytes({ seconds: 1 }), { title: 'free' });
  paid = await creator.upload(clipBytes({ seconds: 1 }), { title: 'paid', is_paid: true, price: 5 });
  await creator.ready(video);
  await creator.ready(paid);
  played = await viewer.play(video);
  segment = await firstSegment(played);
});
after(() => daemon.dispose());

async function firstSegment({ master, masterPath }) {
  const playlist = resolveUri(masterPath, parseMaster(master)[0].uri);
  return resolveUri(playlist, parsePlaylist(ok(await guest.get(playlist)).text).segments[0].uri);
}
const decoded = (token, part) => JSON.parse(Buffer.from(token.split('.')[part], 'base64url'));
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const playTokenOf = (streamUrl) => streamUrl.split('/').at(-1);
const grantOf = (path) => path.split('/')[3];
const withGrant = (path, grant) => path.replace(grantOf(path), grant);
const withToken = (path, token) => guest.get(path, { token });
const redeem = (token) => guest.get(`/api/v1/stream/play/${token}`);
const seconds = () => Math.floor(Date.now() / 1000);

test('an access token says for whom, by whom and until when', () => {
  assert.deepEqual(decoded(viewer.token, 0), { alg: 'HS256', typ: 'at+jwt' });
  const claims = decoded(viewer.token, 1);
  for (const name of ['iss', 'aud', 'exp', 'iat', 'sub', 'jti', 'sid']) assert.ok(name in claims, name);
  assert.equal(claims.sub, String(viewer.id));
  assert.equal(claims.exp - claims.iat, 15 * 60);
});

test('a play token says which video and whose, and lives a minute', async () => {
  const link = ok(await viewer.get(`/api/v1/stream/${video}`)).json;
  assert.match(link.stream_url, /^\/api\/v1\/stream\/play\//);
  assert.equal(link.expires_in_seconds, 60);
  const claims = decoded(link.stream_url.split('/').at(-1), 1);
  assert.deepEqual([claims.type, claims.video_id, claims.user_id, claims.exp - claims.iat], ['stream', video, viewer.id, 60]);
});

test('unsigned, re-signed and altered access tokens are refused', async () => {
  const [header, payload, signature] = viewer.token.split('.');
  const none = `${encoded({ alg: 'none', typ: 'at+jwt' })}.${payload}.`;
  const asAdmin = `${header}.${encoded({ ...decoded(viewer.token, 1), sub: '1' })}.${signature}`;
  const guessed = `${header}.${payload}.${createHmac('sha256', 'secret').update(`${header}.${payload}`).digest('base64url')}`;
  for (const [token, code] of [
    [asAdmin, 'token-forged'], [guessed, 'token-forged'], [none, 'token-malformed'], [`${viewer.token}.x`, 'token-malformed'],
    [`${header}.${payload}`, 'token-malformed'], [`${header}.${payload}.${signature}=`, 'token-malformed'], ['x'.repeat(10_000), 'token-malformed'],
  ]) refused(await withToken('/api/v1/auth/me', token), 401, code);
  refused(await guest.get('/api/v1/auth/me'), 401, 'credential-missing');
});

test('an access token whose time is over says so, however well it is signed', async () => {
  const still = forge.token(viewer.token, 'access', { exp: seconds() + 60 });
  assert.equal(ok(await withToken('/api/v1/auth/me', still)).json.email, viewer.email);
  const over = forge.token(viewer.token, 'access', { iat: seconds() - 900, exp: seconds() - 1 });
  refused(await withToken('/api/v1/auth/me', over), 401, 'token-expired');
  refused(await withToken(`/api/v1/stream/${video}`, over), 401, 'token-expired');
});

test('no token works for another purpose', async () => {
  const playToken = playTokenOf(played.streamUrl);
  refused(await withToken('/api/v1/auth/me', playToken), 401, 'token-wrong-purpose');
  refused(await withToken('/api/v1/videos/', playToken), 401, 'token-wrong-purpose');
  refused(await redeem(viewer.token), 401, 'token-type');
  const resigned = forge.token(playToken, 'access');
  refused(await withToken('/api/v1/auth/me', resigned), 401, 'token-wrong-purpose');
  const login = ok(await guest.post('/api/v1/auth/login', { form: { username: viewer.email, password: viewer.password } })).json;
  if (login.refresh_token !== undefined) {
    refused(await withToken('/api/v1/auth/me', login.refresh_token), 401, 'token-malformed');
    refused(await redeem(login.refresh_token), 401, 'token-invalid');
  }
});

test('a play token is reusable within its minute, by whoever holds the link', async () => {
  for (let i = 0; i < 3; ++i) assert.match(ok(await guest.get(played.streamUrl)).text, /^#EXTM3U/);
});

test('a forged play token is refused as one, and so is one whose time is over', async () => {
  const token = playTokenOf(played.streamUrl);
  for (const other of ['x', 'a.b.c', token.slice(0, -2) + 'AA', forge.token(token, 'access')]) refused(await redeem(other), 401, 'token-invalid');
  ok(await redeem(forge.token(token, 'play', { exp: seconds() + 60 })));
  refused(await redeem(forge.token(token, 'play', { exp: seconds() - 1 })), 401, 'token-expired');
  refused(await redeem(forge.token(token, 'play', { type: 'download' })), 401, 'token-type');
});

test('a paid video plays for owner and administrator, for others it is 403', async () => {
  refused(await viewer.get(`/api/v1/stream/${paid}`), 403);
  await creator.play(paid);
  await root.play(paid);
  refused(await guest.get(`/api/v1/stream/${paid}`), 401);
});

test('a grant opens its own encoding and nothing else', async () => {
  const foreign = await creator.play(paid);
  const grant = grantOf(segment);
  refused(await guest.get(withGrant(foreign.masterPath, grant)), 403, 'grant-foreign');
  refused(await guest.get(withGrant(await firstSegment(foreign), grant)), 403, 'grant-foreign');
  ok(await guest.get(segment));
});

test('a grant with any character changed is refused', async () => {
  const grant = grantOf(segment);
  for (let i = 0; i < grant.length; ++i) {
    const changed = grant.slice(0, i) + (grant[i] === 'A' ? 'B' : 'A') + grant.slice(i + 1);
    const isOurVersion = Buffer.from(changed, 'base64url')[0] === 1;
    refused(await guest.get(withGrant(segment, changed)), 401, isOurVersion ? 'grant-forged' : 'grant-malformed');
  }
  for (const other of ['x', grant.slice(0, -1), grant + 'A', grant + '=', grant.slice(0, -1) + '%2b', 'A'.repeat(5000)]) {
    refused(await guest.get(withGrant(segment, other)), 401, 'grant-malformed');
  }
});

test('a NUL in a path is refused before anything reads the grant', async () => {
  refused(await guest.get(withGrant(segment, `${grantOf(segment)}%00`)), 400, 'bad-path');
});

test('a grant whose time is over says so, however well it is signed', async () => {
  const grant = grantOf(segment);
  assert.equal(forge.grant(grant), grant);
  ok(await guest.get(withGrant(segment, forge.grant(grant, Date.now() + 60_000))));
  const over = forge.grant(grant, Date.now() - 1);
  for (const path of [segment, played.masterPath]) refused(await guest.get(withGrant(path, over)), 401, 'grant-expired');
});

test('what a grant does not name is 404, never a path', async () => {
  const folder = segment.slice(0, segment.lastIndexOf('/'));
  for (const name of ['segment_999999.ts', 'segment_000.mp4', 'segment_-1.ts', 'segment_0.ts.', 'index.m3u8.bak', '..', '%2e%2e', '..%2f..%2fmaster.m3u8', 'segment_99999999999999999999.ts', '']) {
    const answer = await guest.get(`${folder}/${name}`);
    assert.ok([400, 404].includes(answer.status), `${name}: ${answer.status}`);
  }
  const answer = await guest.get(segment.replace(/hls\/[^/]+\//, 'hls/9000p/'));
  assert.equal(answer.status, 404);
});

test('media needs no header, no cookie, and may be cached under its own URL', async () => {
  const answer = ok(await guest.get(segment));
  assert.equal(answer.headers['content-type'], 'video/mp2t');
  assert.match(answer.headers['cache-control'], /private/);
  assert.match(answer.headers['cache-control'], /immutable/);
  assert.ok(answer.headers.etag);
  const again = await guest.get(segment, { headers: { 'if-none-match': answer.headers.etag } });
  assert.equal(again.status, 304);
  const part = await guest.get(segment, { headers: { range: 'bytes=188-375' } });
  assert.deepEqual([part.status, part.body.length], [206, 188]);
  assert.ok(part.body.equals(answer.body.subarray(188, 376)));
  assert.equal((await guest.get(segment, { headers: { range: 'bytes=99999999-' } })).status, 416);
});

test('deletion ends link, play token and grant at once', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const link = ok(await viewer.get(`/api/v1/stream/${id}`)).json.stream_url;
  const { masterPath } = await viewer.play(id);
  ok(await guest.get(masterPath));
  ok(await creator.delete(`/api/v1/videos/${id}`));
  refused(await viewer.get(`/api/v1/stream/${id}`), 404);
  refused(await guest.get(link), 401, 'token-revoked');
  await until(async () => (await guest.get(masterPath)).status !== 200, { what: 'the grant is revoked', within: 2000 });
  refused(await guest.get(masterPath), 403, 'grant-revoked');
});

test('the play is rechecked when the token is used: a video that became paid no longer plays', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const link = ok(await viewer.get(`/api/v1/stream/${id}`)).json.stream_url;
  ok(await creator.put(`/api/v1/videos/${id}`, { json: { is_paid: true, price: 1 } }));
  refused(await guest.get(link), 403);
});

test('tokens and grants are in no log line', () => {
  const secrets = [viewer.token, root.token, playTokenOf(played.streamUrl), grantOf(segment)];
  for (const secret of secrets) assert.ok(!daemon.log.includes(secret));
});

contractTest('tokens');
