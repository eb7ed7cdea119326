// Story: somebody measures. How long an answer takes does not tell whether an address is known: 200 known
// and 200 unknown ones are asked in turns, and the medians differ by less than a tenth.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, Daemon } from '../harness/daemon.mjs';
import { Visitor } from '../harness/visitor.mjs';

const count = 200;
const password = 'a long enough password';
const addresses = (name) => Array.from({ length: count }, (_, i) => `${name}${String(i).padStart(3, '0')}@example.org`);
const known = addresses('somebody');
const unknown = addresses('anybodys');

const untroubled = ['auth.throttle.registrations=0', 'auth.throttle.account_failures=0', 'auth.throttle.address_failures=0'];
let daemon;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
before(async () => {
  daemon = await Daemon.start({ hashes: 'shipped', set: ['auth.videoflix_activation=false', ...untroubled] });
  const made = await new Visitor(daemon).post('/api/register/', { email: 'first@example.org', password, confirmed_password: password });
  assert.equal(made.status, 201, made.text);
  const [[record]] = daemon.database.query("SELECT c.record FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = 'first@example.org'");
  await bring(daemon, record);
});
after(() => { agent.destroy(); return daemon.dispose(); });

/// Makes all who are known, with that record each.
async function bring(site, record) {
  const file = join(site.dataDir, 'people.csv');
  writeFileSync(file, ['email,record', ...known.map((email) => `${email},"${record}"`)].join('\n'));
  const { code, output } = await site.ctl(['user', 'import', file]);
  assert.equal(code, 0, output);
}

/// Milliseconds from the first byte sent to the last received. What differs from answer to answer is left out.
function timed(site, path, body) {
  const bytes = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    http.request({ hostname: '127.0.0.1', port: site.port, agent, method: 'POST', path, headers: { 'content-type': 'application/json', 'content-length': bytes.length, 'x-request-id': 'the-same' } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; });
      answer.on('end', () => resolve({ ms: Number(process.hrtime.bigint() - began) / 1e6, status: answer.statusCode, text }));
    }).on('error', reject).end(bytes);
  });
}
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function compare(path, bodyOf, site) {
  for (let i = 0; i < 10; ++i) await timed(site, path, bodyOf('warm@example.org'));
  const times = { known: [], unknown: [] };
  const answers = new Set();
  for (let i = 0; i < count; ++i) {
    // Who goes first changes, so that neither always follows the other's work.
    const pair = [['known', known[i]], ['unknown', unknown[i]]];
    for (const [kind, email] of i % 2 ? pair : pair.reverse()) {
      const { ms, status, text } = await timed(site, path, bodyOf(email));
      times[kind].push(ms);
      answers.add(`${status} ${text}`);
    }
  }
  assert.equal(answers.size, 1, [...answers].join('\n'));
  const [a, b] = [median(times.known), median(times.unknown)];
  return { a, b, apart: Math.abs(a - b) / Math.min(a, b) };
}

/// A shared machine may disturb one measurement, not three.
async function holds(path, bodyOf, t, site = daemon) {
  let last;
  for (let tries = 0; tries < 3; ++tries) {
    last = await compare(path, bodyOf, site);
    t.diagnostic(`${path}: known ${last.a.toFixed(2)} ms, unknown ${last.b.toFixed(2)} ms, ${(last.apart * 100).toFixed(1)} % apart`);
    if (last.apart < 0.1) return;
  }
  assert.fail(`${path}: known ${last.a} ms, unknown ${last.b} ms`);
}

test('asking for a new password takes as long for an unknown address as for a known one', (t) =>
  holds('/api/password_reset/', (email) => ({ email }), t));

test('a refused login takes as long for an unknown address as for a known one', (t) =>
  holds('/api/login/', (email) => ({ email, password: 'a wrong password' }), t));

test('asking for a new password on v1 takes as long for an unknown address as for a known one', (t) =>
  holds('/api/v1/auth/password/reset', (email) => ({ email }), t));

test('time does not tell whether an address is known', (t) =>
  holds('/api/v1/auth/login', (email) => ({ email, password: 'a wrong password' }), t));

test('time does not tell who came from another system and has not signed in yet', async (t) => {
  const moved = await Daemon.start({ hashes: 'shipped', set: untroubled });
  try {
    // bcrypt at a cost that shows: several times that of a record of our own.
    const record = '$2b$09$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
    await bring(moved, record);
    await holds('/api/v1/auth/login', (email) => ({ email, password: 'a wrong password' }), t, moved);
  } finally {
    await moved.dispose();
  }
});

test('time does not tell who is on the list of a provider that comes first', async (t) => {
  const chained = await Daemon.prepare({ hashes: 'shipped' });
  const people = known.map((email) => ({ email, password }));
  chained.settings.push(...untroubled, `plugin_dirs=['${join(build, 'plugins')}', '${join(build, 'examples')}']`,
    `plugins.staff={use: auth-static, config: {people: ${JSON.stringify(people)}}}`, 'auth_providers=[staff, password]');
  try {
    await chained.start();
    await holds('/api/v1/auth/login', (email) => ({ email, password: 'a wrong password' }), t, chained);
  } finally {
    await chained.dispose();
  }
});
