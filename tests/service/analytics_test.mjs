// Story: what happens on the site is counted by day, exactly, whoever was down meanwhile; creators and
// administrators see it the moment it was answered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';

const today = new Date().toISOString().slice(0, 10);
let daemon, admin, creator, other, guest, film, clip;
before(async () => {
  daemon = await Daemon.start();
  admin = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', admin);
  other = await Client.person(daemon, 'CREATOR', admin);
  guest = await Client.person(daemon);
  [film, clip] = await Promise.all(['a film', 'a clip'].map((title) => creator.upload(clipBytes({ seconds: 2, size: '320x180' }), { title })));
  await creator.ready(film);
  await creator.ready(clip);
});
after(() => daemon.dispose());

const creators = async (client, query = '') => ok(await client.get(`/api/v1/analytics/creator${query}`)).json;
const sites = async (query = '') => ok(await admin.get(`/api/v1/analytics/admin${query}`)).json;
const sums = ({ total_views, unique_viewers, likes, dislikes }) => ({ total_views, unique_viewers, likes, dislikes });
/// Of the plugin's own tables.
function rollup(text) {
  if (daemon.database.kind === 'postgres') return daemon.database.query(`SET search_path TO plugin_rollup; ${text}`);
  return execFileSync('sqlite3', ['-batch', '-separator', '\t', '-cmd', '.timeout 10000', join(daemon.dataDir, 'instances/rollup/instance.db'), text], { encoding: 'utf8' })
    .split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}
/// What the site's own rows say, against what is reported.
async function agrees() {
  const [[views, viewers]] = daemon.database.query('SELECT COUNT(*), COUNT(DISTINCT user_id) FROM views');
  const [[likes, dislikes]] = daemon.database.query("SELECT COALESCE(SUM(CASE WHEN reaction = 'LIKE' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN reaction = 'DISLIKE' THEN 1 ELSE 0 END), 0) FROM reactions");
  const [[watched]] = daemon.database.query('SELECT COALESCE(SUM(watched_ms), 0) FROM watch');
  const told = await sites();
  assert.deepEqual([told.total_views, told.unique_viewers, told.likes, told.dislikes, told.watched_ms], [views, viewers, likes, dislikes, watched].map(Number));
  return told;
}

test('what was answered is in the very next report, for the creator and for the site', async () => {
  const empty = await creators(creator);
  assert.deepEqual(sums(empty), { total_views: 0, unique_viewers: 0, likes: 0, dislikes: 0 });
  assert.equal(empty.days.length, 30);
  assert.equal(empty.to, today);
  assert.deepEqual(empty.top_videos, []);
  for (let round = 1; round <= 5; ++round) {
    await guest.play(film);
    assert.equal((await creators(creator)).total_views, round);
  }
  await other.play(clip);
  ok(await guest.post(`/api/v1/analytics/${film}/engagement/LIKE`));
  ok(await guest.post(`/api/v1/videos/${film}/progress`, { json: { position_ms: 2000, watched: [{ from_ms: 0, to_ms: 2000 }] } }));
  const told = await creators(creator);
  assert.deepEqual(sums(told), { total_views: 6, unique_viewers: 2, likes: 1, dislikes: 0 });
  assert.equal(told.new_viewers, 2);
  const day = told.days.at(-1);
  assert.deepEqual([day.date, sums(day)], [today, sums(told)]);
  assert.deepEqual(told.top_videos.map(({ video_id, title, total_views, unique_viewers }) => [video_id, title, total_views, unique_viewers]), [[film, 'a film', 5, 1], [clip, 'a clip', 1, 1]]);
  assert.equal(told.total_sales, 0);
  assert.deepEqual(sums(await sites()), sums(told));
  assert.equal((await creators(other)).total_views, 0);
  await agrees();
});

test('days are chosen by from and to, and a report for a spreadsheet is a line for each', async () => {
  const none = await creators(creator, '?from=2001-01-01&to=2001-01-31');
  assert.deepEqual([none.total_views, none.unique_viewers, none.days.length, none.from], [0, 0, 31, '2001-01-01']);
  const day = await creators(creator, `?from=${today}`);
  assert.deepEqual(day.days.map(({ date }) => date), [today]);
  for (const options of [{ headers: { accept: 'text/csv' } }, {}]) {
    const answer = ok(await creator.get(`/api/v1/analytics/creator?from=${today}${options.headers ? '' : '&format=csv'}`, options));
    assert.match(answer.headers['content-type'], /^text\/csv/);
    const [head, line, end] = answer.text.split('\r\n');
    assert.equal(head, 'date,total_views,unique_viewers,new_viewers,likes,dislikes,watched_ms,orders,refunds,total_sales,creator_earnings,platform_earnings');
    assert.deepEqual([line.split(',').slice(0, 5), end], [[today, ...[day.total_views, day.unique_viewers, day.new_viewers, day.likes].map(String)], '']);
  }
  ok(await creator.get('/api/v1/analytics/creator', { headers: { accept: 'application/json, text/csv' } })).json;
  const pointer = async (query) => refused(await creator.get(`/api/v1/analytics/creator?${query}`), 422).json.errors[0].pointer;
  assert.equal(await pointer('from=yesterday'), '/from');
  assert.equal(await pointer('to=2026-13-01'), '/to');
  assert.equal(await pointer('from=2026-02-02&to=2026-02-01'), '/from');
  assert.equal(await pointer('from=2001-01-01&to=2026-01-01'), '/from');
  assert.equal(await pointer('format=xml'), '/format');
});

test('a video has days of its own, for its owner and administrators', async () => {
  const told = ok(await creator.get(`/api/v1/analytics/${clip}/days?from=${today}`)).json;
  assert.deepEqual([told.video_id, told.creator_id, told.days.length, told.total_views, told.unique_viewers], [clip, creator.id, 1, 1, 1]);
  assert.match(ok(await admin.get(`/api/v1/analytics/${clip}/days?format=csv`)).text, new RegExp(`\r\n${today},1,1,`));
  refused(await guest.get(`/api/v1/analytics/${clip}/days`), 403);
  refused(await admin.get('/api/v1/analytics/999999/days'), 404);
  refused(await creator.get(`/api/v1/analytics/${clip}/days?to=x`), 422);
});

test('sales are those of the ledger: what is paid, less what is paid back, shared to the cent', async () => {
  const film = await other.upload(clipBytes({ seconds: 1, size: '320x180' }), { title: 'for sale', is_paid: true, price: '9.99' });
  await other.ready(film);
  const buyers = await Promise.all(Array.from({ length: 3 }, () => Client.person(daemon)));
  const orders = await Promise.all(buyers.map(async (buyer) => ok(await buyer.post(`/api/v1/payments/purchase/${film}`)).json.order_id));
  const sold = ({ orders: paid, refunds, total_sales, creator_earnings, platform_earnings }) => [paid, refunds, total_sales, creator_earnings, platform_earnings];
  assert.deepEqual(sold(await creators(other)), [3, 0, 29.97, 24, 5.97]);
  ok(await admin.post(`/api/v1/payments/${orders[0]}/refund`));
  const told = await creators(other);
  assert.deepEqual(sold(told), [3, 1, 19.98, 16, 3.98]);
  assert.deepEqual([sold(told.days.at(-1)), sold(told.top_videos[0])], [sold(told), sold(told)]);
  const { total_sales, your_earnings, platform_cut } = ok(await other.get('/api/v1/revenue/creator')).json;
  assert.deepEqual([total_sales, your_earnings, platform_cut], sold(told).slice(2));
  // What opens everything is no sale of a video, and lets its user react.
  ok(await guest.post('/api/v1/subscriptions/activate'));
  assert.deepEqual(sold(await sites()), sold(told));
  refused(await buyers[0].post(`/api/v1/analytics/${film}/engagement/LIKE`), 403, 'purchase-required');
  for (const fan of [buyers[1], guest]) ok(await fan.post(`/api/v1/analytics/${film}/engagement/LIKE`));
  assert.equal((await creators(other)).likes, 2);
});

test('creators see their own, administrators all', async () => {
  refused(await guest.get('/api/v1/analytics/creator'), 403);
  refused(await creator.get('/api/v1/analytics/admin'), 403);
  refused(await new Client(daemon).get('/api/v1/analytics/admin'), 401);
  refused(await other.get(`/api/v1/analytics/creator?creator_id=${creator.id}`), 403);
  assert.equal((await creators(admin, `?creator_id=${creator.id}`)).total_views, (await creators(creator)).total_views);
  assert.equal((await creators(admin)).total_views, 0);
});

test('a sink that is down for more than an hour loses nothing, and the report says so meanwhile', async () => {
  rollup('ALTER TABLE rollup_days RENAME TO away');
  const before = Number(daemon.database.query('SELECT COUNT(*) FROM views')[0][0]);
  for (let i = 0; i < 5; ++i) await guest.play(film);
  ok(await guest.post(`/api/v1/analytics/${clip}/engagement/DISLIKE`));
  const late = refused(await creator.get('/api/v1/analytics/creator'), 503, 'events-wait');
  assert.ok(Number(late.headers['retry-after']) > 0);
  // An hour goes by, and with it the time for which taken events are kept.
  daemon.database.query('UPDATE outbox SET created_at = created_at - 7200000');
  await until(() => /a sink did not take its events/.test(daemon.log), { what: 'the sink is offered them again' });
  await daemon.kill();
  await daemon.start();
  rollup('ALTER TABLE away RENAME TO rollup_days');
  assert.equal((await agrees()).total_views, before + 5);
});

test('events that are delivered twice count once', async () => {
  await agrees();
  await daemon.stop();
  // As if it had been killed before it could note how far the sink is.
  daemon.database.query("UPDATE sink_cursors SET seq = 0 WHERE sink = 'rollup'");
  await daemon.start();
  await agrees();
  const [[cursor]] = daemon.database.query("SELECT seq FROM sink_cursors WHERE sink = 'rollup'");
  assert.ok(Number(cursor) > 0);
});

test('killed again and again while people play, it counts every view that was answered', async () => {
  let answered = 0;
  for (let round = 0; round < 3; ++round) {
    const counted = Number(daemon.database.query('SELECT COUNT(*) FROM views')[0][0]);
    const plays = Array.from({ length: 12 }, () => guest.play(film).then(() => { ++answered; }, () => {}));
    await until(() => Number(daemon.database.query('SELECT COUNT(*) FROM views')[0][0]) > counted + 2, { what: 'some views are counted', every: 5 });
    await daemon.kill();
    await Promise.all(plays);
    await daemon.start();
  }
  const told = await agrees();
  assert.ok(told.total_views >= answered, `${told.total_views} of ${answered}`);
});

// On SQLite a plugin's tables are a file in the daemon's own folder: there is no other daemon to count for.
if (process.env.REELD_TEST_DATABASE === 'postgres') test('of two daemons either has in its report what was answered by the other', async () => {
  const second = await Daemon.start({ database: daemon.database.shared() });
  try {
    const there = await Client.signIn(second, creator);
    const here = await Client.signIn(daemon, guest);
    const watching = await Client.signIn(second, guest);
    for (let round = 0; round < 3; ++round) {
      const before = (await creators(there)).total_views;
      await here.play(film);
      assert.equal((await creators(there)).total_views, before + 1);
      await watching.play(film);
      assert.equal((await creators(creator)).total_views, before + 2);
    }
  } finally {
    await second.dispose();
  }
});

test('a site where nothing counts says so', async () => {
  const bare = await Daemon.start({ set: ['analytics=[audit]'] });
  try {
    refused(await (await Client.admin(bare)).get('/api/v1/analytics/admin'), 501, 'no-analytics');
  } finally {
    await bare.dispose();
  }
});

contractTest('analytics');
