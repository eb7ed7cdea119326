// The payment provider of a test: how it is told to behave, and webhooks as it would sign them.
import { createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { until } from './until.mjs';

export const hookSecret = 'a secret that signs webhooks';
export const hookPath = '/hooks/payment/sandbox';

/// The setting for Daemon.prepare().
export const sandboxSetting = (config) => `plugins.sandbox.config=${JSON.stringify(config)}`;

/// Gives a running daemon another configuration of the sandbox, and waits until it is in force. The daemon was
/// started without sandboxSetting().
export async function behave(daemon, config) {
  const told = () => daemon.log.split('configuration read again').length;
  const before = told();
  writeFileSync(daemon.config, `plugins: {sandbox: {config: ${JSON.stringify(config)}}}\n`, { mode: 0o600 });
  daemon.child.kill('SIGHUP');
  await until(() => told() > before, { what: 'the configuration is read again' });
}

export const signatureOf = (body, { secret = hookSecret, at = Math.floor(Date.now() / 1000) } = {}) =>
  `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;

/// The body of an event about an order as the database has it.
export function eventOf(daemon, orderId, type, fields = {}) {
  const [reference, amount, currency] = daemon.database.query(`SELECT reference, price_minor, currency FROM orders WHERE id = ${orderId}`)[0];
  return JSON.stringify({
    id: `evt_sb_${reference}_${type}`, type: `payment.${type}`, order_id: reference, ref: `sb_${reference}`,
    amount_minor: Number(amount), currency, time_ms: Date.now(), ...fields,
  });
}

/// Sends it; `headers` instead of the right signature.
export function hook(client, body, { headers, path = hookPath, ...signing } = {}) {
  return client.post(path, {
    token: null, body, headers: { 'content-type': 'application/json', ...(headers ?? { 'Sandbox-Signature': signatureOf(body, signing) }) },
  });
}
