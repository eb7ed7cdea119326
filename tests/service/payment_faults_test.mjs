// Story: the payment provider is slow or away, and the daemon is killed in the middle of two hundred
// purchases. Afterwards no order is lost, nobody is charged twice, and the ledger is exact.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { behave } from '../harness/sandbox.mjs';
import { until } from '../harness/until.mjs';

let daemon, root, creator, videos;
before(async () => {
  daemon = await Daemon.start();
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  videos = await Promise.all(Array.from({ length: 10 }, () => creator.upload(clipBytes({ seconds: 1 }), { is_paid: true, price: '3.33' })));
  for (const id of videos) await creator.ready(id);
});
after(() => daemon.dispose());

const buy = (who, id, headers = {}) => who.post(`/api/v1/payments/purchase/${id}`, { headers, timeout: 60_000 });
const rows = (sql) => daemon.database.query(sql);
const stateOf = (who, id) => rows(`SELECT state FROM orders WHERE user_id = ${who.id} AND video_id = ${id} ORDER BY id DESC LIMIT 1`)[0]?.[0];

test('a provider that is away makes a purchase wait, and the next try goes on with it', async () => {
  const buyer = await Client.person(daemon);
  await behave(daemon, { down: true });
  const answer = refused(await buy(buyer, videos[0], { 'idempotency-key': 'a' }), 503, 'payment-unavailable');
  assert.ok(Number(answer.headers['retry-after']) > 0);
  refused(await buy(buyer, videos[0]), 503, 'payment-unavailable');
  assert.equal(stateOf(buyer, videos[0]), 'pending');
  refused(await buyer.get(`/api/v1/stream/${videos[0]}`), 403);
  await behave(daemon, {});
  assert.equal(ok(await buy(buyer, videos[0], { 'idempotency-key': 'a' })).json.status, 'paid');
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${buyer.id}`)[0][0], '1');
});

test('a refund that the provider cannot do now is done as soon as it can', async () => {
  const buyer = await Client.person(daemon);
  const { order_id: order } = ok(await buy(buyer, videos[0])).json;
  await behave(daemon, { down: true });
  refused(await root.post(`/api/v1/payments/${order}/refund`), 503, 'payment-unavailable');
  await buyer.play(videos[0]);
  await behave(daemon, {});
  assert.equal(ok(await root.post(`/api/v1/payments/${order}/refund`)).json.status, 'refunded');
});

test('a provider that answers too late has charged all the same: the order is paid once it is asked', async () => {
  const buyer = await Client.person(daemon);
  await behave(daemon, { delay_ms: 60_000 });
  refused(await buy(buyer, videos[0]), 503, 'payment-unavailable');
  await behave(daemon, {});
  await until(() => stateOf(buyer, videos[0]) === 'paid', { what: 'the provider was asked', within: 60_000 });
  await buyer.play(videos[0]);
});

test('while the provider thinks, the buyer\'s next purchase of the same video is 409', async () => {
  const buyer = await Client.person(daemon);
  await behave(daemon, { delay_ms: 3000 });
  const first = buy(buyer, videos[1]);
  await until(() => stateOf(buyer, videos[1]) === 'pending', { what: 'the first has begun' });
  refused(await buy(buyer, videos[1]), 409, 'purchase-in-progress');
  ok(await first);
  await behave(daemon, {});
});

test('while sixty-four purchases hang at the provider, everybody else is answered at once', async () => {
  const buyers = [];
  for (let i = 0; i < 7; ++i) buyers.push(await Client.person(daemon));
  const wanted = buyers.flatMap((buyer) => videos.map((id) => ({ buyer, id }))).slice(0, 64);
  await behave(daemon, { delay_ms: 6000 });
  const busy = [];
  const crowd = wanted.map(async (one) => {
    const answer = await buy(one.buyer, one.id);
    if (answer.status === 503) busy.push({ ...one, answer });
    return answer;
  });
  await until(() => busy.length > 0, { what: 'somebody is sent away' });
  const [reader] = buyers;
  for (let round = 0; round < 3; ++round) {
    const began = performance.now();
    ok(await reader.get('/api/v1/health'));
    ok(await reader.get('/api/v1/videos/'));
    await Client.signIn(daemon, reader);
    const ms = performance.now() - began;
    assert.ok(ms < 3000, `health, list and login took ${ms.toFixed(0)} ms`);
  }
  const paid = (await Promise.all(crowd)).filter(({ status }) => status === 200).length;
  assert.ok(paid >= 4 && paid + busy.length === 64, `${paid} bought, ${busy.length} were sent away`);
  await behave(daemon, {});
  const first = busy.filter(({ answer }) => answer.json.code === 'payment-busy');
  assert.ok(first.length > 40, `${first.length} were sent away at once`);
  for (const { buyer, id, answer } of first) {
    assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.equal(stateOf(buyer, id), undefined, 'nothing was begun');
  }
  for (const { buyer, id } of busy) ok(await buy(buyer, id));
});

test('the daemon is killed in the middle of two hundred purchases: no order is lost, nobody is charged twice', async () => {
  const buyers = [];
  for (let i = 0; i < 20; ++i) buyers.push(await Client.person(daemon));
  const wanted = buyers.flatMap((buyer) => videos.map((id) => ({ buyer, id, key: { 'idempotency-key': `of ${id}`.replace(' ', '-') } })));
  const acknowledged = [];
  let answered = 0;
  const shopping = Promise.all(buyers.map(async (buyer) => {
    for (const one of wanted.filter((want) => want.buyer === buyer)) {
      const answer = await buy(buyer, one.id, one.key).catch(() => undefined);
      if (answer?.status === 200) acknowledged.push({ ...one, order: answer.json.order_id });
      if (++answered === 100) daemon.kill();
    }
  }));
  await shopping;
  await daemon.exited;
  assert.ok(acknowledged.length >= 50 && acknowledged.length < 200, `${acknowledged.length} were acknowledged before the end`);
  await daemon.start();
  for (const { buyer, id, order } of acknowledged) {
    assert.deepEqual(rows(`SELECT id, state FROM orders WHERE user_id = ${buyer.id} AND video_id = ${id}`), [[String(order), 'paid']]);
  }
  for (const { buyer, id, key } of wanted) ok(await buy(buyer, id, key));
  await until(() => rows("SELECT id FROM orders WHERE state = 'pending'").length === 0, { what: 'nothing is pending' });
  const ids = buyers.map((buyer) => buyer.id).join(', ');
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id IN (${ids}) AND state = 'paid'`)[0][0], '200');
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id IN (${ids})`)[0][0], '200');
  assert.equal(rows(`SELECT COUNT(*) FROM ledger_postings WHERE order_id IN (SELECT id FROM orders WHERE user_id IN (${ids}))`)[0][0], '600');
  assert.equal(rows('SELECT COALESCE(SUM(amount_minor), 0) FROM ledger_postings')[0][0], '0');
  for (const { buyer, id } of wanted.slice(0, 10)) await buyer.play(id);
});

contractTest('payment_faults');
