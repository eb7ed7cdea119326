// Story: what was earned. Creators and administrators read it from the ledger, whose exactness anybody with a
// shell can have proved, and who may play what can be explained step by step.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { until } from '../harness/until.mjs';
import { WallClock } from '../harness/wall_clock.mjs';

const day = 86_400;
let daemon, clock, root, creator, other, buyers, videos;
before(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeld-ledger-'));
  clock = new WallClock(dataDir);
  daemon = await Daemon.start({ dataDir, env: clock.env });
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  other = await Client.person(daemon, 'CREATOR', root);
  buyers = [await Client.person(daemon), await Client.person(daemon)];
  videos = [await forSale(creator, '9.99'), await forSale(creator, '0.07'), await forSale(other, '5')];
});
after(() => daemon.dispose());

async function forSale(who, price) {
  const id = await who.upload(clipBytes({ seconds: 1 }), { is_paid: true, price });
  await who.ready(id);
  return id;
}
const buy = async (who, id) => ok(await who.post(`/api/v1/payments/purchase/${id}`)).json.order_id;
const revenue = async (who, of, query = '') => ok(await who.get(`/api/v1/revenue/${of}${query}`)).json;
const amounts = ({ currency, series, ...rest }) => rest;
const dateIn = (days = 0) => new Date(Date.now() + days * day * 1000).toISOString().slice(0, 10);

test('without a sale everything is 0, and each sees what the contract lets him see', async () => {
  assert.deepEqual(await revenue(creator, 'creator'), { total_sales: 0, your_earnings: 0, platform_cut: 0, currency: 'EUR', series: [] });
  assert.deepEqual(amounts(await revenue(root, 'admin')), { total_revenue: 0, platform_earnings: 0, creator_earnings: 0, subscription_revenue: 0 });
  refused(await root.get('/api/v1/revenue/creator'), 403);
  refused(await buyers[0].get('/api/v1/revenue/creator'), 403);
  refused(await creator.get('/api/v1/revenue/admin'), 403);
  refused(await new Client(daemon).get('/api/v1/revenue/admin'), 401);
});

test('the shares of every sale add up to the cent', async () => {
  for (const buyer of buyers) for (const id of videos) await buy(buyer, id);
  const mine = await creator.get('/api/v1/revenue/creator');
  assert.match(mine.text, /"total_sales":20\.12,"your_earnings":16\.12,"platform_cut":4,/);
  assert.deepEqual(amounts(await revenue(other, 'creator')), { total_sales: 10, your_earnings: 8, platform_cut: 2 });
  assert.deepEqual(amounts(await revenue(root, 'admin')), { total_revenue: 30.12, platform_earnings: 6, creator_earnings: 24.12, subscription_revenue: 0 });
});

test('a refund is taken off on the day it is made, and what is deleted stays counted', async () => {
  const order = (await buyers[1].get('/api/v1/payments/')).json.find(({ video_id }) => video_id === videos[0]).id;
  clock.set(2 * day);
  const later = await Client.admin(daemon);
  ok(await later.post(`/api/v1/payments/${order}/refund`));
  const owner = await Client.signIn(daemon, creator);
  ok(await owner.delete(`/api/v1/videos/${videos[1]}`));
  const all = await revenue(owner, 'creator');
  assert.deepEqual(amounts(all), { total_sales: 10.13, your_earnings: 8.12, platform_cut: 2.01 });
  assert.deepEqual(all.series, [
    { day: dateIn(), total_sales: 20.12, your_earnings: 16.12, platform_cut: 4 },
    { day: dateIn(2), total_sales: -9.99, your_earnings: -8, platform_cut: -1.99 },
  ]);
  assert.deepEqual(amounts(await revenue(owner, 'creator', `?to=${dateIn()}`)), { total_sales: 20.12, your_earnings: 16.12, platform_cut: 4 });
  assert.equal((await revenue(owner, 'creator', `?from=${dateIn(1)}`)).total_sales, -9.99);
  assert.equal((await revenue(owner, 'creator', `?from=${dateIn(3)}`)).total_sales, 0);
  assert.equal((await revenue(owner, 'creator', `?from=${dateIn()}T00:00:00Z&to=${dateIn(1)}T00:00:00Z`)).total_sales, 20.12);
  clock.set(0);
});

test('a range that cannot be read is 422', async () => {
  for (const query of ['?from=x', '?to=2026-13-01', '?from=2026-11-02&to=2026-11-01T00:00:00Z', '?from=', '?to=99999999999999999999']) refused(await creator.get(`/api/v1/revenue/creator${query}`), 422);
});

test('the same by day as CSV', async () => {
  const answer = ok(await creator.get('/api/v1/revenue/creator', { headers: { accept: 'text/csv' } }));
  assert.match(answer.headers['content-type'], /^text\/csv/);
  assert.equal(answer.text, `day,total_sales,your_earnings,platform_cut,currency\r\n${dateIn()},20.12,16.12,4,EUR\r\n${dateIn(2)},-9.99,-8,-1.99,EUR\r\n`);
  const site = ok(await root.get('/api/v1/revenue/admin', { headers: { accept: 'text/csv;q=1' } })).text.split('\r\n');
  assert.equal(site[1], `${dateIn()},30.12,6,24.12,0,EUR`);
});

test('reeldctl proves the ledger exact, and names what somebody changed in it', async () => {
  const exact = await daemon.ctl(['ledger', 'check']);
  assert.equal(exact.code, 0, exact.output);
  assert.match(exact.output, /6 orders, 21 postings: exact/);
  const [[id, amount]] = daemon.database.query('SELECT id, amount_minor FROM ledger_postings ORDER BY id LIMIT 1');
  daemon.database.query(`UPDATE ledger_postings SET amount_minor = amount_minor + 1 WHERE id = ${id}`);
  const wrong = await daemon.ctl(['ledger', 'check']);
  assert.equal(wrong.code, 1, wrong.output);
  assert.match(wrong.output, /order:\d+:paid does not sum to zero/);
  const faults = async () => Number((await request(daemon.adminUrl, 'GET', '/metrics')).text.match(/^reeld_billing_ledger_faults (\d+)/m)[1]);
  assert.ok(await faults() >= 1);
  daemon.database.query(`UPDATE ledger_postings SET amount_minor = ${amount} WHERE id = ${id}`);
  assert.equal((await daemon.ctl(['ledger', 'check'])).code, 0);
  assert.equal(await faults(), 0);
});

test('the check runs by itself as well, and a metric says when', async () => {
  await daemon.stop();
  await daemon.start();
  await until(async () => {
    const { text } = await request(daemon.adminUrl, 'GET', '/metrics');
    return Number(text.match(/^reeld_billing_ledger_checked_seconds (\S+)/m)?.[1]) > 1e9;
  }, { what: 'the ledger was checked' });
});

test('reeldctl prints every posting, as CSV and as JSON', async () => {
  const { code, output } = await daemon.ctl(['ledger', 'export']);
  assert.equal(code, 0, output);
  const lines = output.trim().split('\n');
  assert.equal(lines.length, 22);
  assert.equal(lines[0], 'id,entry,order,account,user,amount,currency,rate_bp,time');
  assert.match(lines[2], new RegExp(`^\\d+,order:\\d+:paid,\\d+,creator,${creator.id},8,EUR,8000,\\d{4}-`));
  const json = (await daemon.ctl(['--json', 'ledger', 'export'])).output.trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(json.reduce((sum, { amount_minor }) => sum + amount_minor, 0), 0);
});

test('reeldctl lists orders and gives the money of one back', async () => {
  const list = async (...args) => JSON.parse((await daemon.ctl(['--json', 'order', 'list', ...args])).output);
  const mine = await list('--user', buyers[0].email, '--state', 'paid');
  assert.deepEqual(mine.map(({ video, state, amount }) => [video, state, amount]).sort(), videos.map((id, i) => [id, 'paid', ['9.99', '0.07', '5'][i]]).sort());
  assert.match((await daemon.ctl(['order', 'list', '--limit', '1'])).output, /^ID .*\n.*EUR.*\n$/);
  const { id } = mine.find(({ video }) => video === videos[2]);
  assert.match((await daemon.ctl(['order', 'refund', String(id)])).output, /order \d+: 5 EUR given back/);
  refused(await buyers[0].get(`/api/v1/stream/${videos[2]}`), 403);
  const again = await daemon.ctl(['order', 'refund', String(id)]);
  assert.deepEqual([again.code, /refunded already/.test(again.output)], [1, true]);
  assert.equal((await daemon.ctl(['order', 'list', '--state', 'odd'])).code, 1);
});

test('reeldctl explains who may play what', async () => {
  const explain = async (who, id) => (await daemon.ctl(['access', 'explain', String(who), String(id)])).output;
  assert.match(await explain(buyers[0].email, videos[0]), /is there a purchase\? yes\n.*allowed \(purchase\)/);
  assert.match(await explain(buyers[1].id, videos[0]), /is there a purchase\? no\n.*purchase required/);
  assert.match(await explain(creator.id, videos[0]), /is the viewer its owner\? yes\n.*allowed \(owner\)/);
  assert.match(await explain(creator.id, videos[1]), /not found/);
  const nobody = await daemon.ctl(['access', 'explain', 'nobody@example.org', String(videos[0])]);
  assert.equal(nobody.code, 1);
  assert.equal(JSON.parse((await daemon.ctl(['--json', 'access', 'explain', String(root.id ?? 1), String(videos[0])])).output).because, 'admin');
});

contractTest('ledger');
