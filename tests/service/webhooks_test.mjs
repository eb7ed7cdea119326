// Story: the payment provider sends its buyers to a checkout and tells by webhook what became of them: signed,
// twice, late, in the wrong order. Others try to tell as well.
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
import { behave, eventOf, hook, hookPath, hookSecret, signatureOf } from '../harness/sandbox.mjs';
import { until } from '../harness/until.mjs';
import { WallClock } from '../harness/wall_clock.mjs';

// Paid on the telling alone, not by asking.
const waiting = { outcome: 'checkout', pay_after_ms: 86_400_000, webhook_secret: hookSecret };
const minutes = 60;

let daemon, clock, root, creator, guest, video;
before(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeld-webhooks-'));
  clock = new WallClock(dataDir);
  daemon = await Daemon.start({ dataDir, env: clock.env });
  await behave(daemon, waiting);
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  video = await forSale();
});
after(() => daemon.dispose());

async function forSale() {
  const id = await creator.upload(clipBytes({ seconds: 1 }), { is_paid: true, price: 20 });
  await creator.ready(id);
  return id;
}
const buy = (who, id = video) => who.post(`/api/v1/payments/purchase/${id}`);
const stateOf = (order) => daemon.database.query(`SELECT state FROM orders WHERE id = ${order}`)[0][0];
const postings = (order) => daemon.database.query(`SELECT amount_minor FROM ledger_postings WHERE order_id = ${order} ORDER BY id`).map(([amount]) => Number(amount));
const outcomes = (order) => daemon.database.query(`SELECT type, outcome FROM payment_events WHERE order_id = ${order} ORDER BY type`).map((row) => row.join(' '));
const nowBy = (offset = 0) => Math.floor(Date.now() / 1000) + offset;
async function begun() {
  const buyer = await Client.person(daemon);
  const { json } = ok(await buy(buyer));
  assert.equal(json.status, 'pending');
  assert.match(json.checkout_url, /^https:\/\//);
  return { buyer, order: json.order_id, checkout: json.checkout_url };
}
async function paid() {
  const { buyer, order } = await begun();
  ok(await hook(guest, eventOf(daemon, order, 'paid')));
  return { buyer, order };
}

test('a purchase waits for the checkout, a second one gets the same, and the webhook opens the video', async () => {
  const { buyer, order, checkout } = await begun();
  const again = ok(await buy(buyer)).json;
  assert.deepEqual([again.order_id, again.checkout_url], [order, checkout]);
  refused(await buyer.get(`/api/v1/stream/${video}`), 403);
  assert.equal(ok(await hook(guest, eventOf(daemon, order, 'paid'))).json.message, 'applied');
  assert.deepEqual(postings(order), [-2000, 1600, 400]);
  await buyer.play(video);
  refused(await buy(buyer), 409, 'already-purchased');
});

test('a webhook that comes again changes nothing and is 200', async () => {
  const { order } = await begun();
  const event = eventOf(daemon, order, 'paid');
  const answers = await Promise.all(Array.from({ length: 16 }, () => hook(guest, event)));
  for (const answer of answers) ok(answer);
  assert.equal(answers.filter(({ json }) => json.message === 'applied').length, 1);
  assert.equal(ok(await hook(guest, event, { at: nowBy(-10) })).json.message, 'nothing changed');
  assert.equal(postings(order).length, 3);
});

test('a webhook that is forged, altered, unsigned or 301 seconds old is 401, changes nothing and is audited', async () => {
  const { order } = await begun();
  const event = eventOf(daemon, order, 'paid');
  const right = signatureOf(event);
  const sent = {
    forged: { secret: 'another secret' },
    old: { at: nowBy(-301) },
    early: { at: nowBy(301 + 2) },
    unsigned: { headers: {} },
    altered: { headers: { 'Sandbox-Signature': signatureOf(event.replace('2000', '1')) } },
    'another time': { headers: { 'Sandbox-Signature': right.replace(/t=\d+/, `t=${nowBy(-1)}`) } },
    cut: { headers: { 'Sandbox-Signature': right.slice(0, -1) } },
    longer: { headers: { 'Sandbox-Signature': right + '0' } },
    odd: { headers: { 'Sandbox-Signature': 't=,v1=' } },
  };
  for (const [how, options] of Object.entries(sent)) refused(await hook(guest, event, options), 401, 'webhook-unverified', how);
  assert.equal(stateOf(order), 'pending');
  assert.deepEqual(outcomes(order), []);
  ok(await hook(guest, event, { at: nowBy(-290) }));
  assert.equal(stateOf(order), 'paid');
  await until(async () => {
    const trail = ok(await root.get('/api/v1/audit/?limit=200')).json;
    return trail.filter(({ endpoint, status }) => endpoint === hookPath && status === 401).length >= Object.keys(sent).length;
  }, { what: 'refused webhooks are in the audit trail' });
});

test('bodies that cannot be read, are too large or concern nobody change nothing', async () => {
  const { order } = await begun();
  for (const body of ['', 'null', '{', '[]', '{"type":7}', '{"type":"payment.paid"}', '\u0000', '{"id":'.repeat(1000)]) refused(await hook(guest, body), 400);
  refused(await hook(guest, 'x'.repeat((256 << 10) + 1)), 413);
  refused(await hook(guest, eventOf(daemon, order, 'paid'), { path: '/hooks/payment/nobody' }), 404);
  refused(await hook(guest, eventOf(daemon, order, 'paid'), { path: '/hooks/payment/disk' }), 404);
  for (const body of [
    JSON.stringify({ type: 'customer.created' }),
    eventOf(daemon, order, 'paid', { order_id: 'r-of-nobody', id: 'evt_nobody' }),
    eventOf(daemon, order, 'paid', { amount_minor: 1, id: 'evt_cheap' }),
    eventOf(daemon, order, 'paid', { amount_minor: -2000, id: 'evt_minus' }),
    eventOf(daemon, order, 'paid', { currency: 'USD', id: 'evt_dollar' }),
  ]) assert.equal(ok(await hook(guest, body)).json.message, 'nothing changed', body);
  assert.equal(stateOf(order), 'pending');
  assert.deepEqual(outcomes(order), ['paid mismatch', 'paid mismatch', 'paid mismatch']);
});

test('a dispute shuts the buyer out, and what is decided of it holds', async () => {
  const won = await paid();
  const { masterPath } = await won.buyer.play(video);
  ok(await hook(guest, eventOf(daemon, won.order, 'disputed')));
  refused(await won.buyer.get(masterPath, { token: null }), [401, 403]);
  refused(await won.buyer.get(`/api/v1/stream/${video}`), 403);
  refused(await buy(won.buyer), 409, 'purchase-disputed');
  ok(await hook(guest, eventOf(daemon, won.order, 'paid', { id: 'evt_won' })));
  await won.buyer.play(video);
  assert.equal(postings(won.order).length, 3);

  const lost = await paid();
  ok(await hook(guest, eventOf(daemon, lost.order, 'disputed')));
  ok(await hook(guest, eventOf(daemon, lost.order, 'refunded')));
  assert.deepEqual(postings(lost.order), [-2000, 1600, 400, 2000, -1600, -400]);
  assert.equal(stateOf(lost.order), 'refunded');
});

test('events that come in the wrong order end where the right one would', async () => {
  const { buyer, order } = await begun();
  assert.equal(ok(await hook(guest, eventOf(daemon, order, 'refunded'))).json.message, 'nothing changed');
  ok(await hook(guest, eventOf(daemon, order, 'disputed')));
  assert.equal(stateOf(order), 'pending');
  assert.equal(ok(await hook(guest, eventOf(daemon, order, 'paid'))).json.message, 'applied');
  assert.equal(stateOf(order), 'refunded');
  assert.deepEqual(postings(order), [-2000, 1600, 400, 2000, -1600, -400]);
  refused(await buyer.get(`/api/v1/stream/${video}`), 403);
});

test('the sandbox sends its own webhook twice and in the wrong order, and the order is right', async () => {
  await behave(daemon, { ...waiting, pay_after_ms: 0, webhook_url: `${daemon.url}${hookPath}`, webhook_copies: 2, webhook_events: ['disputed', 'paid'] });
  const { order } = await begun();
  await until(() => outcomes(order).length === 2, { what: 'both events have come' });
  assert.deepEqual(outcomes(order), ['disputed applied', 'paid applied']);
  assert.equal(stateOf(order), 'disputed');
  await behave(daemon, waiting);
});

test('a pending order is given up after half an hour; money that comes later still buys the video', async () => {
  const { buyer, order } = await begun();
  clock.set(31 * minutes);
  await until(() => stateOf(order) === 'expired', { what: 'the order is given up' });
  assert.equal(ok(await hook(guest, eventOf(daemon, order, 'paid'), { at: nowBy(31 * minutes) })).json.message, 'applied');
  assert.deepEqual(postings(order), [-2000, 1600, 400]);
  clock.set(0);
  const again = await Client.signIn(daemon, buyer);
  await again.play(video);
});

test('late money for what was bought meanwhile, or is gone, goes back', async () => {
  const twice = await begun();
  const gone = { buyer: await Client.person(daemon), video: await forSale() };
  gone.order = ok(await buy(gone.buyer, gone.video)).json.order_id;
  ok(await creator.delete(`/api/v1/videos/${gone.video}`));
  clock.set(31 * minutes);
  for (const { order } of [twice, gone]) await until(() => stateOf(order) === 'expired', { what: 'the order is given up' });
  const buyer = await Client.signIn(daemon, twice.buyer);
  const second = ok(await buy(buyer)).json.order_id;
  ok(await hook(guest, eventOf(daemon, second, 'paid'), { at: nowBy(31 * minutes) }));
  for (const { order } of [twice, gone]) {
    ok(await hook(guest, eventOf(daemon, order, 'paid'), { at: nowBy(31 * minutes) }));
    assert.deepEqual(outcomes(order), ['paid refund-due']);
    await until(() => daemon.database.query(`SELECT id FROM orders WHERE id = ${order} AND refund_at IS NULL`).length === 1, { what: 'the money went back' });
    assert.deepEqual([stateOf(order), postings(order)], ['expired', []]);
  }
  assert.equal(stateOf(second), 'paid');
  clock.set(0);
});

contractTest('webhooks');
