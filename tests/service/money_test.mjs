// Story: a paid video is bought. Once, at the price that was shown, shared to the cent, and played; whatever
// the buyers, their haste or their keys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { behave } from '../harness/sandbox.mjs';
import { until } from '../harness/until.mjs';

let daemon, root, creator, viewer, guest, video;
before(async () => {
  daemon = await Daemon.start();
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  viewer = await Client.person(daemon);
  video = await forSale('9.99');
});
after(() => daemon.dispose());

async function forSale(price, fields = {}) {
  const id = await creator.upload(clipBytes({ seconds: 1 }), { is_paid: true, price, ...fields });
  await creator.ready(id);
  return id;
}
const buy = (who, id, headers = {}) => who.post(`/api/v1/payments/purchase/${id}`, { headers });
const refund = (who, order, headers = {}) => who.post(`/api/v1/payments/${order}/refund`, { headers });
const orders = async (who, query = '') => ok(await who.get(`/api/v1/payments/${query}`)).json;
const link = (who, id) => who.get(`/api/v1/stream/${id}`);
const rows = (sql) => daemon.database.query(sql);
const postings = (order) => rows(`SELECT a.kind, p.amount_minor, p.rate_bp FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.order_id = ${order} ORDER BY p.id`).map(([kind, amount, rate]) => [kind, Number(amount), Number(rate)]);
const events = (type, order) => rows(`SELECT json FROM outbox WHERE type = '${type}' AND subject = 'order:${order}'`).map(([json]) => JSON.parse(json));

test('a paid video plays for who bought it, and for nobody before', async () => {
  refused(await link(viewer, video), 403, 'purchase-required');
  const { json } = ok(await buy(viewer, video));
  assert.equal(json.message, 'Video purchased successfully');
  assert.deepEqual([json.video_id, json.status, json.amount, json.currency, json.checkout_url], [video, 'paid', 9.99, 'EUR', null]);
  await viewer.play(video);
  refused(await link(await Client.person(daemon), video), 403, 'purchase-required');
  assert.deepEqual(postings(json.order_id), [['clearing', -999, 10000], ['creator', 800, 8000], ['platform', 199, 2000]]);
  assert.deepEqual(events('order.paid', json.order_id), [{
    order: json.order_id, video, creator: creator.id, user: viewer.id, amount_minor: 999, creator_minor: 800, platform_minor: 199, currency: 'EUR',
  }]);
});

test('what cannot be bought is refused in the order of the contract, and nothing is written', async () => {
  const before_ = rows('SELECT COUNT(*) FROM orders')[0][0];
  refused(await buy(viewer, 999999), 404);
  const deleted = await forSale('5');
  ok(await creator.delete(`/api/v1/videos/${deleted}`));
  refused(await buy(viewer, deleted), 404);
  const free = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(free);
  refused(await buy(viewer, free), 400, 'video-free');
  refused(await buy(creator, free), 400, 'video-free');
  refused(await buy(creator, video), 400, 'video-own');
  const unready = ok(await creator.post('/api/v1/videos/', { json: { title: 'no file', is_paid: true, price: 3 } })).json.id;
  refused(await buy(viewer, unready), 400, 'video-not-ready');
  refused(await buy(viewer, video), 409, 'already-purchased');
  refused(await buy(guest, video), 401);
  for (const id of ['x', '0', '-1', '99999999999999999999', '1.5', '%00']) refused(await buy(viewer, id), [400, 404, 422]);
  assert.equal(rows('SELECT COUNT(*) FROM orders')[0][0], before_);
});

test('an administrator and another creator may buy as well', async () => {
  ok(await buy(root, video));
  ok(await buy(await Client.person(daemon, 'CREATOR', root), video));
});

test('of 32 concurrent purchases of a video by one user one succeeds and the rest are 409', async () => {
  const hasty = await Client.person(daemon);
  const answers = await Promise.all(Array.from({ length: 32 }, () => buy(hasty, video)));
  const good = answers.filter(({ status }) => status === 200);
  assert.equal(good.length, 1, answers.map(({ status }) => status).join(' '));
  for (const answer of answers) if (answer !== good[0]) refused(answer, 409);
  assert.equal((await orders(hasty)).length, 1);
  assert.equal(postings(good[0].json.order_id).length, 3);
  await hasty.play(video);
  refused(await buy(hasty, video), 409, 'already-purchased');
});

test('32 concurrent purchases with one Idempotency-Key all get the first answer', async () => {
  const careful = await Client.person(daemon);
  const key = { 'idempotency-key': 'order-1' };
  const answers = await Promise.all(Array.from({ length: 32 }, () => buy(careful, video, key)));
  for (const answer of answers) assert.deepEqual(ok(answer).json, answers[0].json);
  assert.deepEqual(ok(await buy(careful, video, key)).json, answers[0].json);
  assert.equal((await orders(careful)).length, 1);
  refused(await buy(careful, 999999, key), 400, 'idempotency-key-reused');
  refused(await buy(careful, video, { 'idempotency-key': 'order-2' }), 409, 'already-purchased');
});

test('a key is of its user alone, refusals are answers too, and one that is no key is refused', async () => {
  const [one, two] = [await Client.person(daemon), await Client.person(daemon)];
  const key = { 'idempotency-key': 'the-same' };
  assert.notEqual(ok(await buy(one, video, key)).json.order_id, ok(await buy(two, video, key)).json.order_id);
  const missing = { 'idempotency-key': 'of-what-is-missing' };
  const first = refused(await buy(one, 999998, missing), 404);
  const second = refused(await buy(one, 999998, missing), 404);
  assert.equal(second.json.detail, first.json.detail);
  for (const bad of ['', 'a b', 'x'.repeat(256)]) refused(await buy(one, video, { 'idempotency-key': bad }), 400, 'idempotency-key');
});

test('the price is the one of the moment, whatever becomes of it later', async () => {
  const id = await forSale('0.01');
  const first = ok(await buy(viewer, id)).json;
  ok(await creator.put(`/api/v1/videos/${id}`, { json: { price: '999999.99' } }));
  const other = await Client.person(daemon);
  const second = ok(await buy(other, id)).json;
  assert.deepEqual([first.amount, second.amount], [0.01, 999999.99]);
  assert.deepEqual(postings(first.order_id), [['clearing', -1, 10000], ['creator', 1, 8000], ['platform', 0, 2000]]);
  assert.deepEqual(postings(second.order_id), [['clearing', -99999999, 10000], ['creator', 80000000, 8000], ['platform', 19999999, 2000]]);
  assert.match((await other.get('/api/v1/payments/')).text, /"amount":999999\.99[,}]/);
  assert.equal((await orders(viewer))[0].amount, 0.01);
});

test('one sees one\'s own orders, newest first, paged and counted', async () => {
  const answer = ok(await viewer.get('/api/v1/payments/?limit=1'));
  assert.equal(answer.json.length, 1);
  assert.ok(Number(answer.headers['x-total-count']) >= 2);
  assert.match(answer.headers.link, /rel="next"/);
  const all = await orders(viewer);
  assert.deepEqual(all.map(({ id }) => id), all.map(({ id }) => id).sort((a, b) => b - a));
  assert.deepEqual(await orders(await Client.person(daemon)), []);
  refused(await guest.get('/api/v1/payments/'), 401);
  refused(await viewer.get('/api/v1/payments/?limit=x'), 422);
});

test('a purchase on one surface plays on the other', async () => {
  const buyer = await Client.person(daemon);
  const listed = async () => ok(await buyer.get('/api/video/')).json.map(({ id }) => id);
  assert.ok(!(await listed()).includes(video));
  ok(await buy(buyer, video));
  assert.ok((await listed()).includes(video));
});

test('a refund ends what was granted, reverses the ledger, is told and recorded', async () => {
  const buyer = await Client.person(daemon);
  const { order_id: order } = ok(await buy(buyer, video)).json;
  const { masterPath } = await buyer.play(video);
  ok(await buyer.get(masterPath, { token: null }));
  refused(await refund(buyer, order), 403);
  refused(await refund(root, 999999), 404);
  assert.equal(ok(await refund(root, order, { 'idempotency-key': 'r1' })).json.status, 'refunded');
  assert.equal(ok(await refund(root, order, { 'idempotency-key': 'r1' })).json.status, 'refunded');
  refused(await refund(root, order), 409, 'already-refunded');
  refused(await buyer.get(masterPath, { token: null }), [401, 403]);
  refused(await link(buyer, video), 403, 'purchase-required');
  const all = postings(order).map(([, amount]) => amount);
  assert.equal(all.length, 6);
  assert.deepEqual(all.slice(3), all.slice(0, 3).map((amount) => -amount));
  assert.equal(events('order.refunded', order)[0].amount_minor, 999);
  const [seen] = await orders(buyer);
  assert.ok(seen.status === 'refunded' && seen.refunded_at !== null, JSON.stringify(seen));
  await until(async () => ok(await root.get('/api/v1/audit/?limit=200')).json.some(({ action, resource }) => action === 'REFUND' && resource === `order:${order}`), { what: 'the refund is in the audit trail' });
  ok(await buy(buyer, video));
  await buyer.play(video);
});

test('of 32 refunds of an order at once the money goes back once', async () => {
  const buyer = await Client.person(daemon);
  const { order_id: order } = ok(await buy(buyer, video)).json;
  const answers = await Promise.all(Array.from({ length: 32 }, () => refund(root, order)));
  for (const answer of answers) if (answer.status !== 200) refused(answer, 409);
  assert.equal(postings(order).length, 6);
  assert.equal(events('order.refunded', order).length, 1);
});

test('a payment that is declined is 402, costs nothing and can be tried again', async () => {
  await behave(daemon, { declined_minor: [1313] });
  const buyer = await Client.person(daemon);
  const id = await forSale('13.13');
  refused(await buy(buyer, id), 402, 'payment-declined');
  refused(await link(buyer, id), 403, 'purchase-required');
  const [order] = await orders(buyer);
  assert.equal(order.status, 'failed');
  assert.deepEqual(postings(order.id), []);
  refused(await refund(root, order.id), 409, 'not-refundable');
  await behave(daemon, {});
  ok(await buy(buyer, id));
  assert.deepEqual((await orders(buyer)).map(({ status }) => status), ['paid', 'failed']);
});

test('what is deleted keeps its orders and its money', async () => {
  const id = await forSale('7');
  const { order_id: order } = ok(await buy(viewer, id)).json;
  ok(await creator.delete(`/api/v1/videos/${id}`));
  refused(await link(viewer, id), 404);
  assert.equal(postings(order).length, 3);
  assert.equal((await orders(viewer))[0].status, 'paid');
  const purged = await daemon.ctl(['video', 'purge', String(id)]);
  assert.equal(purged.code, 0, purged.output);
  assert.equal((await orders(viewer))[0].id, order);
});

test('without a payment provider nothing is sold, and what was bought plays', async () => {
  await daemon.stop();
  daemon.settings.push('payment=');
  await daemon.start();
  refused(await buy(await Client.person(daemon), video), 501, 'payment-off');
  await viewer.play(video);
});

contractTest('money');
