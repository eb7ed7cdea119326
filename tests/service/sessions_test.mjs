// Story: people are signed in here and there. Tokens are renewed, sessions end one by one or all at once, and
// what ends has ended for the very next request.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';

let daemon, root, guest, video;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  const creator = await Client.person(daemon, 'CREATOR', root);
  video = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(video);
});
after(() => daemon.dispose());

const login = async (person, headers = {}) => ok(await guest.post('/api/v1/auth/login', { form: { username: person.email, password: person.password }, headers })).json;
const refresh = (token) => guest.post('/api/v1/auth/refresh', { json: { refresh_token: token } });
const me = (token) => guest.get('/api/v1/auth/me', { token });
const goesOn = async (token) => ok(await me(token));
const ended = async (token) => refused(await me(token), 401, 'session-ended');
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('a refresh token gives new tokens of the same session, by JSON and by form', async () => {
  const first = await login(await Client.person(daemon));
  const second = ok(await refresh(first.refresh_token)).json;
  assert.deepEqual([second.token_type, second.expires_in], ['bearer', 900]);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal(claims(second.access_token).sid, claims(first.access_token).sid);
  await goesOn(second.access_token);
  const form = { grant_type: 'refresh_token', refresh_token: second.refresh_token };
  const third = ok(await guest.post('/api/v1/auth/refresh', { form })).json;
  await goesOn(third.access_token);
  refused(await guest.post('/api/v1/auth/refresh', { form: { ...form, grant_type: 'password' } }), 422);
});

test('two tabs that refresh at once both go on, with the same next token', async () => {
  const { refresh_token: token } = await login(await Client.person(daemon));
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(token)));
  const next = new Set(answers.map((answer) => ok(answer).json.refresh_token));
  assert.equal(next.size, 1);
  for (const answer of answers) await goesOn(answer.json.access_token);
  ok(await refresh([...next][0]));
});

test('a spent refresh token that is used after the grace ends the session', { timeout: 40_000 }, async () => {
  const first = await login(await Client.person(daemon));
  const second = ok(await refresh(first.refresh_token)).json;
  await goesOn(second.access_token);
  const replayed = await until(async () => {
    const answer = await refresh(first.refresh_token);
    return answer.status !== 200 && answer;
  }, { what: 'the ten seconds of grace are over', within: 15_000, every: 500 });
  refused(replayed, 401, 'refresh-reused');
  await ended(second.access_token);
  refused(await refresh(second.refresh_token), 401, 'session-ended');
  assert.match(daemon.log, /security: a refresh token was used twice/);
});

test('what is no refresh token of this site is refused', async () => {
  const { refresh_token: token, access_token: access } = await login(await Client.person(daemon));
  const tampered = token.slice(0, 8) + (token[8] === 'A' ? 'B' : 'A') + token.slice(9);
  for (const other of ['x', '', tampered, token + 'A', token.slice(0, -1), access, 'A'.repeat(100_000)]) refused(await refresh(other), 401, 'refresh-invalid');
  refused(await guest.post('/api/v1/auth/refresh', { json: {} }), 422);
  refused(await guest.post('/api/v1/auth/refresh', { json: { refresh_token: 7 } }), 422);
  refused(await guest.post('/api/v1/auth/refresh', { json: '{' }), [400, 422]);
  ok(await refresh(token));
});

test('a refresh token opens nothing but new tokens', async () => {
  const { refresh_token: token } = await login(await Client.person(daemon));
  refused(await me(token), 401);
  refused(await guest.get('/api/v1/videos/', { token }), 401);
  refused(await guest.get(`/api/v1/stream/play/${token}`), 401);
});

test('signing out ends this session for the very next request, its play addresses too', async () => {
  const person = await Client.person(daemon);
  const other = await login(person);
  const { streamUrl, masterPath } = await person.play(video);
  ok(await guest.get(masterPath));
  ok(await person.post('/api/v1/auth/logout'));
  await ended(person.token);
  refused(await guest.get(masterPath), 403, 'grant-revoked');
  refused(await guest.get(streamUrl), 401, 'token-revoked');
  refused(await person.post('/api/v1/auth/logout'), 401, 'session-ended');
  await goesOn(other.access_token);
});

test('who has but a refresh token can sign out with it', async () => {
  const first = await login(await Client.person(daemon));
  const second = ok(await refresh(first.refresh_token)).json;
  const out = (options) => guest.post('/api/v1/auth/logout', options);
  ok(await out({ json: { refresh_token: first.refresh_token } }));
  await ended(second.access_token);
  refused(await refresh(second.refresh_token), 401, 'session-ended');
  refused(await out({ json: { refresh_token: first.refresh_token } }), 401, 'credential-missing');
  refused(await out({}), 401, 'credential-missing');
  refused(await out({ body: '', headers: { 'content-type': 'application/json' } }), 401, 'credential-missing');
});

test('sessions are listed newest first, with their clients, and the one that asks is marked', async () => {
  const person = await Client.person(daemon);
  await login(person, { 'user-agent': 'a phone' });
  const here = await login(person, { 'user-agent': 'a "browser"' });
  const answer = ok(await guest.get('/api/v1/auth/sessions/', { token: here.access_token }));
  assert.equal(answer.headers['x-total-count'], '3');
  assert.deepEqual(answer.json.map((session) => [session.user_agent, session.current, session.ip_address]),
    [['a "browser"', true, '127.0.0.1'], ['a phone', false, '127.0.0.1'], ['', false, '127.0.0.1']]);
  assert.equal(ok(await guest.get('/api/v1/auth/sessions?limit=1&skip=1', { token: here.access_token })).json[0].user_agent, 'a phone');
});

test('one session can be ended from another, but nobody else\'s', async () => {
  const person = await Client.person(daemon);
  const thief = await login(person);
  const stranger = await Client.person(daemon);
  const id = claims(thief.access_token).sid;
  refused(await stranger.delete(`/api/v1/auth/sessions/${id}`), 404);
  await goesOn(thief.access_token);
  ok(await person.delete(`/api/v1/auth/sessions/${id}`));
  await ended(thief.access_token);
  await goesOn(person.token);
  refused(await person.delete(`/api/v1/auth/sessions/${id}`), 404);
  for (const other of ['x', '%27', 'a'.repeat(3000), '..%2f']) refused(await person.delete(`/api/v1/auth/sessions/${other}`), [400, 404, 414]);
});

test('signing out everywhere ends every session of this user and no other', async () => {
  const person = await Client.person(daemon);
  const stranger = await Client.person(daemon);
  const others = [await login(person), await login(person)];
  ok(await person.delete('/api/v1/auth/sessions/'));
  for (const token of [person.token, ...others.map((one) => one.access_token)]) await ended(token);
  for (const one of others) refused(await refresh(one.refresh_token), 401, 'session-ended');
  await goesOn(stranger.token);
});

test('a changed password ends the other sessions on the very next request and keeps this one', async () => {
  const person = await Client.person(daemon);
  const other = await login(person);
  const change = (json) => person.post('/api/v1/auth/password', { json });
  refused(await change({ current_password: 'wrong wrong wrong', new_password: 'a new password, long' }), 403, 'wrong-password');
  const short = refused(await change({ current_password: person.password, new_password: 'short' }), 422);
  assert.deepEqual(short.json.errors.map(({ pointer }) => pointer), ['/new_password']);
  refused(await change({ current_password: person.password, new_password: person.email }), 422);
  refused(await change({ new_password: 'a new password, long' }), 422);
  await goesOn(other.access_token);
  ok(await change({ current_password: person.password, new_password: 'a new password, long' }));
  await goesOn(person.token);
  await ended(other.access_token);
  refused(await refresh(other.refresh_token), 401, 'session-ended');
  refused(await guest.post('/api/v1/auth/login', { form: { username: person.email, password: person.password } }), 401);
  await login({ email: person.email, password: 'a new password, long' });
});

test('the access token may come in a cookie, never beside a header', async () => {
  const person = await Client.person(daemon);
  const cookie = `theme=dark; access_token=${person.token}`;
  assert.equal(ok(await guest.get('/api/v1/auth/me', { headers: { cookie } })).json.email, person.email);
  refused(await person.get('/api/v1/auth/me', { headers: { cookie } }), 400, 'credentials-mixed');
  refused(await guest.get('/api/v1/auth/me', { headers: { cookie: 'access_token=abc' } }), 401, 'token-malformed');
  refused(await guest.get('/api/v1/auth/me', { headers: { cookie: 'access_token=' } }), 401, 'credential-missing');
  ok(await person.get('/api/v1/auth/me', { headers: { cookie: 'access_token=; theme=dark' } }));
  // Nor behind one that was emptied.
  refused(await person.get('/api/v1/auth/me', { headers: { cookie: `access_token=; access_token=${person.token}` } }), 400, 'credentials-mixed');
});

test('never beside a header on the public routes of v1 either; those of the pages look at no header', async () => {
  const person = await Client.person(daemon);
  const { refresh_token } = await login(person);
  const headers = { cookie: `access_token=${person.token}` };
  for (const [path, json] of [
    ['/api/v1/auth/login', { email: person.email, password: person.password }], ['/api/v1/auth/logout', { refresh_token }],
    ['/api/v1/auth/refresh', { refresh_token }], ['/api/v1/auth/password/reset', { email: person.email }],
    ['/api/v1/auth/register', { email: 'mixed@example.org', password: 'a long enough password' }],
  ]) refused(await person.post(path, { json, headers }), 400, 'credentials-mixed');
  await login(person);
  ok(await person.get('/api/v1/auth/me'));
  const { status } = await request(daemon.url, 'POST', '/api/login/', {
    headers: { ...headers, authorization: `Bearer ${person.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ email: person.email, password: person.password }),
  });
  assert.equal(status, 200);
});

test('an administrator gives a new password by reeldctl, which signs out everywhere', async () => {
  const person = await Client.person(daemon);
  const reset = await daemon.ctl(['user', 'reset-password', person.email, '--json']);
  assert.equal(reset.code, 0, reset.output);
  const { password } = JSON.parse(reset.output);
  await ended(person.token);
  await login({ email: person.email, password });
  const sessions = await daemon.ctl(['user', 'sessions', person.email, '--json']);
  assert.equal(JSON.parse(sessions.output).length, 1, sessions.output);
  assert.match((await daemon.ctl(['user', 'logout', person.email])).output, /signed out of 1 session/);
  assert.ok(!daemon.log.includes(password));
});

test('no token of a session is in any log line', async () => {
  const tokens = await login(await Client.person(daemon));
  const next = ok(await refresh(tokens.refresh_token)).json;
  for (const secret of [tokens, next].flatMap((one) => [one.access_token, one.refresh_token])) assert.ok(!daemon.log.includes(secret));
});

test('rows of sessions that are long over go, also of users who never come back', async () => {
  const person = await Client.person(daemon);
  for (let i = 0; i < 3; ++i) await Client.signIn(daemon, person);
  const rows = () => Number(daemon.database.query(`SELECT COUNT(*) FROM sessions WHERE user_id = ${person.id}`)[0][0]);
  assert.equal(rows(), 4);
  daemon.database.query(`UPDATE sessions SET expires_at = created_at - 2 * 86400000 WHERE user_id = ${person.id}`);
  await daemon.stop();
  await daemon.start();
  await until(() => rows() === 0, { what: 'the rows are gone', within: 10_000, every: 100 });
  await goesOn(root.token);
});

contractTest('sessions');
