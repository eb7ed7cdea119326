// Story: somebody subscribes and watches everything; renews, cancels, changes his plan, does not pay. Months
// pass in a call.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { eventOf, hook, hookSecret } from '../harness/sandbox.mjs';
import { until } from '../harness/until.mjs';
import { WallClock } from '../harness/wall_clock.mjs';

const day = 86_400;
const plans = "{standard: {price: 9.99, interval_days: 30, opens: all}, year: {title: A year, price: 99.00, interval_days: 365, opens: all}, small: {price: 1, interval_days: 7, opens: all}}";

let daemon, clock, root, creator, guest, video, days = 0;
before(async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'reeld-subscriptions-'));
  clock = new WallClock(dataDir);
  daemon = await Daemon.start({ dataDir, env: clock.env, set: [`plugins.plans.config={plans: ${plans}}`] });
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  video = await creator.upload(clipBytes({ seconds: 1 }), { is_paid: true, price: 5 });
  await creator.ready(video);
});
after(() => daemon.dispose());

/// Time goes forward alone: what was issued later would be of the future otherwise.
async function pass(more) {
  days += more;
  clock.set(days * day);
}
const again = async (who) => Object.assign(who, { token: (await Client.signIn(daemon, who)).token });
const activate = (who, options = {}) => who.post('/api/v1/subscriptions/activate', options);
const own = async (who) => ok(await who.get('/api/v1/subscriptions/')).json;
const plays = async (who) => (await who.get(`/api/v1/stream/${video}`)).status === 200;
const rows = (sql) => daemon.database.query(sql);
const accounts = (order) => rows(`SELECT a.kind, p.amount_minor FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.order_id = ${order} ORDER BY p.id`).map(([kind, amount]) => [kind, Number(amount)]);
const told = (type, id) => rows(`SELECT json FROM outbox WHERE type = 'subscription.${type}' AND subject = 'subscription:${id}'`).length;
const length = ({ period_start, period_end }) => (Date.parse(period_end) - Date.parse(period_start)) / day / 1000;
async function subscribed(options) {
  const who = await Client.person(daemon);
  const { subscription, order_id: order } = ok(await activate(who, options)).json;
  return Object.assign(who, { subscription: subscription.id, order });
}
const status = async (who) => (await own(await again(who)))[0].status;
async function behaves(config) {
  const length_ = daemon.log.split('configuration read again').length;
  writeFileSync(daemon.config, `plugins: {sandbox: {config: ${JSON.stringify({ webhook_secret: hookSecret, ...config })}}}\n`);
  daemon.child.kill('SIGHUP');
  await until(() => daemon.log.split('configuration read again').length > length_, { what: 'the configuration is read again' });
}

test('the plans are listed, the usual one first, for those who are signed in', async () => {
  const list = ok(await root.get('/api/v1/subscriptions/plans')).json;
  assert.deepEqual(list.map(({ id, title, price, interval_days }) => [id, title, price, interval_days]), [['standard', 'standard', 9.99, 30], ['year', 'A year', 99, 365], ['small', 'small', 1, 7]]);
  refused(await guest.get('/api/v1/subscriptions/plans'), 401);
});

test('a subscription without a body is the usual plan, is paid into the pool and opens every paid video', async () => {
  const viewer = await Client.person(daemon);
  assert.ok(!(await plays(viewer)));
  const { json } = ok(await activate(viewer));
  assert.equal(json.message, 'Subscription activated');
  assert.equal(json.subscription.plan.id, 'standard');
  assert.equal(json.subscription.status, 'active');
  assert.equal(length(json.subscription), 30);
  assert.deepEqual(accounts(json.order_id), [['clearing', -999], ['pool', 999]]);
  await viewer.play(video);
  assert.deepEqual(ok(await viewer.get('/api/video/')).json.map(({ id }) => id), [video]);
  assert.match((await daemon.ctl(['access', 'explain', String(viewer.id), String(video)])).output, /is there a subscription\? yes\n.*allowed \(subscription\)/);
  assert.equal(told('started', json.subscription.id), 1);
  assert.equal(ok(await root.get('/api/v1/revenue/admin')).json.subscription_revenue, 9.99);
  refused(await activate(viewer), 409, 'already-subscribed');
  refused(await viewer.post('/api/v1/payments/subscribe'), 409, 'already-subscribed');
  ok(await viewer.post(`/api/v1/payments/purchase/${video}`));
});

test('the route that was promised does the same, with a plan as well', async () => {
  const viewer = await Client.person(daemon);
  assert.equal(ok(await viewer.post('/api/v1/payments/subscribe', { json: { plan: 'year' } })).json.subscription.plan.price, 99);
  const other = await Client.person(daemon);
  refused(await activate(other, { json: { plan: 'nothing' } }), 404, 'plan-unknown');
  refused(await activate(other, { json: { plan: 7 } }), 422);
  refused(await activate(other, { json: '{' }), 422);
  refused(await activate(guest), 401);
  assert.deepEqual(await own(other), []);
});

test('of 32 concurrent activations by one user one succeeds and the rest are 409', async () => {
  const hasty = await Client.person(daemon);
  const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => hasty.post(i % 2 ? '/api/v1/subscriptions/activate' : '/api/v1/payments/subscribe')));
  assert.equal(answers.filter(({ status: code }) => code === 200).length, 1, answers.map(({ status: code }) => code).join(' '));
  for (const answer of answers) if (answer.status !== 200) refused(answer, 409);
  assert.equal((await own(hasty)).length, 1);
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${hasty.id}`)[0][0], '1');
  await hasty.play(video);
});

test('32 activations with one key all get the first answer', async () => {
  const careful = await Client.person(daemon);
  const answers = await Promise.all(Array.from({ length: 32 }, () => activate(careful, { headers: { 'idempotency-key': 's1' } })));
  for (const answer of answers) assert.deepEqual(ok(answer).json, answers[0].json);
  assert.equal((await own(careful)).length, 1);
});

test('a change to a dearer plan costs the difference at once, to a cheaper one it waits for the period', async () => {
  const viewer = await subscribed();
  refused(await viewer.get('/api/v1/subscriptions/quote?plan=standard'), 409, 'same-plan');
  refused(await viewer.get('/api/v1/subscriptions/quote?plan=x'), 404);
  refused(await viewer.get('/api/v1/subscriptions/quote'), 422);
  refused(await (await Client.person(daemon)).get('/api/v1/subscriptions/quote?plan=year'), 404, 'not-subscribed');
  const quote = ok(await viewer.get('/api/v1/subscriptions/quote?plan=year')).json;
  assert.ok(quote.due >= 89.01 && quote.due <= 89.02 && !quote.at_period_end, JSON.stringify(quote));
  const changed = ok(await viewer.post('/api/v1/subscriptions/change', { json: { plan: 'year' } })).json;
  assert.deepEqual([changed.subscription.plan.id, length(changed.subscription)], ['year', 365]);
  const later = ok(await viewer.post('/api/v1/subscriptions/change', { json: { plan: 'small' } })).json;
  assert.deepEqual([later.subscription.plan.id, later.subscription.next_plan, later.order_id], ['year', 'small', null]);
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${viewer.id}`)[0][0], '2');
  await viewer.play(video);
});

test('who cancels watches until the period ends, can take it back, and is not charged again', async () => {
  const [stays, leaves] = [await subscribed(), await subscribed()];
  for (const who of [stays, leaves]) assert.equal(ok(await who.post('/api/v1/subscriptions/cancel')).json.subscription.renews, false);
  ok(await leaves.post('/api/v1/subscriptions/cancel'));
  const back = ok(await activate(stays)).json;
  assert.deepEqual([back.order_id, back.subscription.id, back.subscription.renews], [null, stays.subscription, true]);
  refused(await (await Client.person(daemon)).post('/api/v1/subscriptions/cancel'), 404, 'not-subscribed');
  assert.ok(await plays(leaves));
  const { masterPath } = await leaves.play(video);
  await pass(31);
  await until(async () => (await status(leaves)) === 'ended', { what: 'the subscription has ended' });
  await until(async () => told('renewed', stays.subscription) === 1, { what: 'the other is renewed' });
  assert.ok(!(await plays(leaves)));
  refused(await leaves.get(masterPath, { token: null }), [401, 403]);
  await again(stays);
  const [renewed] = await own(stays);
  assert.deepEqual([renewed.status, length(renewed)], ['active', 30]);
  assert.ok(Date.parse(renewed.period_end) > Date.now() + (days + 20) * day * 1000);
  await stays.play(video);
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${leaves.id}`)[0][0], '1');
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${stays.id} AND state = 'paid'`)[0][0], '2');
  assert.equal(told('ended', leaves.subscription), 1);
});

test('an expired subscription keeps nobody from beginning anew, looked at or not', async () => {
  const viewer = await subscribed();
  ok(await viewer.post('/api/v1/subscriptions/cancel'));
  await pass(31);
  await again(viewer);
  const anew = ok(await activate(viewer)).json;
  assert.notEqual(anew.subscription.id, viewer.subscription);
  await viewer.play(video);
  assert.deepEqual((await own(viewer)).map(({ status: one }) => one), ['active', 'ended']);
});

test('a renewal that is declined leaves some days of grace, and is tried again', async () => {
  const [pays, never] = [await subscribed({ json: { plan: 'small' } }), await subscribed({ json: { plan: 'small' } })];
  await behaves({ outcome: 'decline' });
  await pass(7.01);
  for (const who of [pays, never]) await until(async () => (await status(who)) === 'grace', { what: 'the renewal was declined' });
  assert.ok((await plays(pays)) && (await plays(never)));
  refused(await activate(pays), 409, 'already-subscribed');
  await pass(1.01);
  await until(() => rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${never.id} AND state = 'failed'`)[0][0] >= 2, { what: 'it is tried a second time' });
  ok(await (await again(never)).post('/api/v1/subscriptions/cancel'));
  await behaves({});
  await pass(1.01);
  await until(async () => (await status(pays)) === 'active', { what: 'the renewal is paid' });
  const [renewed] = await own(pays);
  assert.equal(length(renewed), 7);
  await pass(1.1);
  await until(async () => (await status(never)) === 'ended', { what: 'grace is over' });
  assert.ok(!(await plays(never)));
  assert.ok(await plays(await again(pays)));
});

test('a refund of the period ends the subscription now, a dispute holds it', async () => {
  const [refunded, disputed] = [await subscribed(), await subscribed()];
  const { masterPath } = await refunded.play(video);
  const admin = await Client.admin(daemon);
  ok(await admin.post(`/api/v1/payments/${refunded.order}/refund`));
  refused(await refunded.get(masterPath, { token: null }), [401, 403]);
  assert.ok(!(await plays(refunded)));
  assert.equal((await own(refunded))[0].status, 'ended');
  assert.deepEqual(accounts(refunded.order).map(([, amount]) => amount), [-999, 999, 999, -999]);
  ok(await activate(refunded));

  const at = Math.floor(Date.now() / 1000) + days * day;
  ok(await hook(guest, eventOf(daemon, disputed.order, 'disputed'), { at }));
  assert.ok(!(await plays(disputed)));
  assert.equal((await own(disputed))[0].status, 'held');
  refused(await activate(disputed), 409);
  ok(await hook(guest, eventOf(daemon, disputed.order, 'paid', { id: `evt_won_${disputed.order}` }), { at }));
  assert.ok(await plays(disputed));
});

test('a subscription that waits for its buyer opens nothing, and fails when he does not come', async () => {
  await behaves({ outcome: 'checkout', pay_after_ms: 86_400_000 });
  const viewer = await Client.person(daemon);
  const first = ok(await activate(viewer)).json;
  assert.deepEqual([first.message, first.subscription.status, first.subscription.period_end], ['Payment pending', 'pending', null]);
  assert.match(first.checkout_url, /^https:/);
  assert.equal(ok(await activate(viewer)).json.checkout_url, first.checkout_url);
  assert.ok(!(await plays(viewer)));
  await pass(0.03);
  await until(async () => (await status(viewer)) === 'failed', { what: 'it is given up' });
  const second = ok(await activate(viewer)).json;
  assert.notEqual(second.subscription.id, first.subscription.id);
  // The money of the first comes after all: there are never two, so it goes back.
  const at = Math.floor(Date.now() / 1000 + days * day);
  ok(await hook(guest, eventOf(daemon, first.order_id, 'paid'), { at }));
  ok(await hook(guest, eventOf(daemon, second.order_id, 'paid'), { at }));
  assert.ok(await plays(viewer));
  await until(() => rows(`SELECT id FROM orders WHERE id = ${first.order_id} AND refund_at IS NULL`).length === 1, { what: 'the money went back' });
  assert.deepEqual(accounts(first.order_id), []);
  await behaves({});
});

test('a declined start is 402 and can be tried again', async () => {
  await behaves({ outcome: 'decline' });
  const viewer = await Client.person(daemon);
  refused(await activate(viewer), 402, 'payment-declined');
  assert.equal((await own(viewer))[0].status, 'failed');
  await behaves({});
  ok(await activate(viewer));
});

test('who is shut out is not charged again', async () => {
  const viewer = await subscribed({ json: { plan: 'small' } });
  ok(await (await Client.admin(daemon)).patch(`/api/v1/users/${viewer.id}/deactivate`));
  await pass(8);
  await until(() => rows(`SELECT state FROM subscriptions WHERE id = ${viewer.subscription}`)[0][0] === 'ended', { what: 'it has ended' });
  assert.equal(rows(`SELECT COUNT(*) FROM orders WHERE user_id = ${viewer.id}`)[0][0], '1');
});

test('the daemon is killed while it renews: every subscription is charged once', async () => {
  const people = [];
  for (let i = 0; i < 20; ++i) people.push(await subscribed({ json: { plan: 'small' } }));
  const ids = people.map(({ id }) => id).join(', ');
  const renewed = () => Number(rows(`SELECT COUNT(*) FROM orders WHERE user_id IN (${ids}) AND term = 'renewal'`)[0][0]);
  await behaves({ delay_ms: 100 });
  await pass(7.01);
  await until(() => renewed() >= 5, { what: 'renewals are under way' });
  await daemon.kill();
  await daemon.start();
  await until(() => rows(`SELECT COUNT(*) FROM orders WHERE user_id IN (${ids}) AND term = 'renewal' AND state = 'paid'`)[0][0] === '20', { what: 'all are renewed', within: 60_000 });
  assert.equal(renewed(), 20);
  assert.equal(rows(`SELECT COUNT(*) FROM subscriptions WHERE user_id IN (${ids}) AND state = 'active'`)[0][0], '20');
});

test('without plans there is nothing to subscribe to', async () => {
  await daemon.stop();
  daemon.settings.push('subscription=');
  await daemon.start();
  refused(await activate(await Client.person(daemon)), 501, 'subscription-off');
});

contractTest('subscriptions');
