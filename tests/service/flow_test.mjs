// Story: the flow that users of the FastAPI backend know, step by step and in its words, on a site that was just
// started: from the seeded administrator to the dashboards, the audit list and the limits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';

const password = 'a long enough password';
const seconds = 2;
let daemon, root;
const people = {};
const videos = {};
before(async () => { daemon = await Daemon.start(); });
after(() => daemon.dispose());

async function register(name) {
  const email = `${name}@example.org`;
  const made = ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email, password } }));
  assert.equal(made.json.message, 'User registered');
  people[name] = await Client.signIn(daemon, { email, password });
  people[name].id = made.json.user_id;
  return people[name];
}

/// Every frame, as a player gets it; no header, no cookie.
async function watch(who, id) {
  const { master, masterPath } = await who.play(id);
  const [rendition] = parseMaster(master);
  const { frames, errors } = await decode(daemon.url + resolveUri(masterPath, rendition.uri));
  assert.deepEqual([frames, errors], [seconds * 25, '']);
}

test('the site starts, is healthy, and its seeded administrator signs in', async () => {
  assert.deepEqual(ok(await new Client(daemon).get('/api/v1/health')).json, { status: 'healthy' });
  root = await Client.admin(daemon);
  assert.equal(ok(await root.get('/api/v1/auth/me')).json.role, 'ADMIN');
});

test('somebody registers, is a VIEWER and may not create; the administrator makes them CREATOR', async () => {
  const creator = await register('creator');
  assert.equal(ok(await creator.get('/api/v1/auth/me')).json.role, 'VIEWER');
  refused(await creator.post('/api/v1/videos/', { json: { title: 'not yet' } }), 403);
  const raised = ok(await root.patch(`/api/v1/users/${creator.id}/role`, { json: { role_name: 'CREATOR' } }));
  assert.equal(raised.json.message, 'User role updated to CREATOR');
  assert.equal(ok(await creator.get('/api/v1/auth/me')).json.role, 'CREATOR');
});

test('the creator makes a free video and a paid one, uploads both, and they become READY', async () => {
  const { creator } = people;
  videos.free = await creator.upload(clipBytes({ seconds }), { title: 'for everybody' });
  videos.paid = await creator.upload(clipBytes({ seconds }), { title: 'for sale', is_paid: true, price: 9.99 });
  for (const id of Object.values(videos)) await creator.ready(id);
  const viewer = await register('viewer');
  const listed = ok(await viewer.get('/api/v1/videos/')).json.map(({ id, is_paid: paid, price, status }) => ({ id, paid, price, status }));
  assert.deepEqual(listed, [
    { id: videos.paid, paid: true, price: 9.99, status: 'READY' }, { id: videos.free, paid: false, price: null, status: 'READY' },
  ]);
});

test('the viewer watches the free one; the paid one wants to be bought, is bought once, and plays', async () => {
  const { viewer } = people;
  await watch(viewer, videos.free);
  refused(await viewer.get(`/api/v1/stream/${videos.paid}`), 403, 'purchase-required');
  const bought = ok(await viewer.post(`/api/v1/payments/purchase/${videos.paid}`));
  assert.equal(bought.json.message, 'Video purchased successfully');
  refused(await viewer.post(`/api/v1/payments/purchase/${videos.paid}`), 409, 'already-purchased');
  await watch(viewer, videos.paid);
});

test('another subscribes, once, and watches the paid one without buying it', async () => {
  const subscriber = await register('subscriber');
  refused(await subscriber.get(`/api/v1/stream/${videos.paid}`), 403, 'purchase-required');
  assert.equal(ok(await subscriber.post('/api/v1/subscriptions/activate')).json.message, 'Subscription activated');
  refused(await subscriber.post('/api/v1/subscriptions/activate'), 409);
  await watch(subscriber, videos.paid);
});

test('they like it, and one of them changes their mind', async () => {
  const react = (who, type) => people[who].post(`/api/v1/analytics/${videos.paid}/engagement/${type}`);
  assert.equal(ok(await react('viewer', 'LIKE')).json.message, 'LIKE recorded');
  ok(await react('subscriber', 'LIKE'));
  ok(await react('subscriber', 'DISLIKE'));
  const { total_views: views, unique_viewers: viewers, likes, dislikes } = ok(await people.creator.get(`/api/v1/analytics/${videos.paid}`)).json;
  assert.deepEqual({ views, viewers, likes, dislikes }, { views: 2, viewers: 2, likes: 1, dislikes: 1 });
});

test('both dashboards add up, and each is for whom it is', async () => {
  const { creator, viewer } = people;
  const own = ok(await creator.get('/api/v1/revenue/creator')).json;
  assert.deepEqual([own.total_sales, own.your_earnings, own.platform_cut], [9.99, 8, 1.99]);
  const site = ok(await root.get('/api/v1/revenue/admin')).json;
  assert.deepEqual([site.creator_earnings, site.platform_earnings], [8, 1.99]);
  const seen = ok(await creator.get('/api/v1/analytics/creator')).json;
  assert.equal(seen.total_views, 3);
  assert.equal(ok(await root.get('/api/v1/analytics/admin')).json.total_views, 3);
  for (const path of ['revenue/creator', 'revenue/admin', 'analytics/admin']) refused(await viewer.get(`/api/v1/${path}`), 403);
  assert.match((await daemon.ctl(['ledger', 'check'])).output, /./);
  assert.equal((await daemon.ctl(['ledger', 'check'])).code, 0);
});

test('the audit list has it all, newest first, and not one play token', async () => {
  const records = await until(async () => {
    const all = ok(await root.get('/api/v1/audit/?limit=200')).json;
    return all.some(({ endpoint }) => endpoint === '/api/v1/analytics/admin') && all;
  }, { what: 'the last dashboard is in the trail' });
  const endpoints = records.map(({ method, endpoint }) => `${method} ${endpoint}`);
  for (const one of [`POST /api/v1/payments/purchase/${videos.paid}`, 'POST /api/v1/subscriptions/activate', `PUT /api/v1/videos/${videos.free}/upload`,
    `POST /api/v1/analytics/${videos.paid}/engagement/LIKE`, 'GET /api/v1/stream/play/…']) assert.ok(endpoints.includes(one), one);
  assert.ok(records.every(({ endpoint }) => !/play\/[^…]/.test(endpoint ?? '')));
  refused(await people.viewer.get('/api/v1/audit/'), 403);
});

test('with limits lowered by environment the next request too many is refused', async () => {
  await daemon.stop();
  daemon.settings = daemon.settings.filter((one) => !one.startsWith('plugins.rate-limit.'));
  daemon.env = { ...daemon.env, REELD__PLUGINS__RATE_LIMIT__CONFIG__STREAM: '2', REELD__PLUGINS__RATE_LIMIT__CONFIG__AUTH: '1' };
  await daemon.start();
  const viewer = await Client.signIn(daemon, { email: 'viewer@example.org', password });
  const login = await new Client(daemon).post('/api/v1/auth/login', { form: { username: 'viewer@example.org', password } });
  refused(login, 429);
  assert.ok(Number(login.headers['retry-after']) > 0);
  ok(await viewer.get(`/api/v1/stream/${videos.free}`));
  ok(await viewer.get(`/api/v1/stream/${videos.paid}`));
  refused(await viewer.get(`/api/v1/stream/${videos.free}`), 429);
  ok(await viewer.get('/api/v1/videos/'));
});

contractTest('flow');
