// Story: people come from elsewhere. An external provider vouches for some, the passwords kept here for the
// rest; records that another system made are good for one more sign-in and are then replaced.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { build, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';

const people = [
  { email: 'Staff@example.org', name: 'Staff', password: 'written in the list' },
  { email: 'admin@example.org', password: 'another way in for them' },
  { email: '\u212Aim@example.org', password: 'the list knows kelvin' },
  { email: 'claimed@example.org', password: 'the list knows me' },
  { email: 'q@b\u00fccher.example', password: 'the list reads books' },
];
let daemon, guest;
before(async () => {
  daemon = await Daemon.prepare({ hashes: 'shipped' });
  daemon.settings.push(
    `plugin_dirs=['${join(build, 'plugins')}', '${join(build, 'examples')}']`,
    `plugins.staff={use: auth-static, config: {people: ${JSON.stringify(people)}}}`, 'auth_providers=[staff, password]');
  await daemon.start();
  guest = new Client(daemon);
});
after(() => daemon.dispose());

const login = (email, password) => guest.post('/api/v1/auth/login', { form: { username: email, password } });
const recordOf = (email) => daemon.database.query(`SELECT c.record FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = '${email}'`);
const keep = (email, record) => daemon.database.query(`UPDATE credentials SET record = '${record}' WHERE user_id = (SELECT id FROM users WHERE email = '${email}')`);

test('who is on the provider\'s list is let in by it, and becomes a viewer once', async () => {
  const first = ok(await login('staff@example.org', 'written in the list')).json;
  const me = ok(await guest.get('/api/v1/auth/me', { token: first.access_token })).json;
  assert.equal(me.role, 'VIEWER');
  const second = ok(await login('STAFF@example.org', 'written in the list')).json;
  assert.equal(ok(await guest.get('/api/v1/auth/me', { token: second.access_token })).json.id, me.id);
  assert.deepEqual(recordOf('staff@example.org'), []);
});

test('who is not on it is left to the next provider', async () => {
  ok(await guest.post('/api/v1/auth/register', { json: { email: 'plain@example.org', password: 'a long enough password' } }));
  ok(await login('plain@example.org', 'a long enough password'));
  refused(await login('plain@example.org', 'written in the list'), 401, 'invalid-credentials');
});

test('who is on it and has the wrong password is asked nowhere else', async () => {
  refused(await login('staff@example.org', 'something else'), 401, 'invalid-credentials');
  // The administrator's own password is known to the second provider, but the first has said no.
  refused(await login('admin@example.org', 'correct horse battery 1'), 401, 'invalid-credentials');
  const signed = ok(await login('admin@example.org', 'another way in for them')).json;
  assert.equal(ok(await guest.get('/api/v1/auth/me', { token: signed.access_token })).json.role, 'ADMIN');
});

test('who is vouched for under an address that looks like another\'s is not let in as him', async () => {
  ok(await guest.post('/api/v1/auth/register', { json: { email: 'kim@example.org', password: 'a long enough password' } }));
  refused(await login('\u212Aim@example.org', 'the list knows kelvin'), 401, 'invalid-credentials');
  ok(await login('kim@example.org', 'a long enough password'));
});

test('a domain is one in both spellings', async () => {
  ok(await guest.post('/api/v1/auth/register', { json: { email: 'q@xn--bcher-kva.example', password: 'a long enough password' } }));
  refused(await guest.post('/api/v1/auth/register', { json: { email: 'Q@B\u00dccher.example', password: 'a long enough password' } }), 409);
  const id = async (answer) => ok(await guest.get('/api/v1/auth/me', { token: ok(answer).json.access_token })).json.id;
  const mine = await id(await login('q@xn--bcher-kva.example', 'a long enough password'));
  assert.equal(await id(await login('q@b\u00fccher.example', 'the list reads books')), mine);
});

test('who registered an address that another is vouched for later keeps neither session nor password', async () => {
  const mine = { email: 'claimed@example.org', password: 'a stranger\'s password' };
  ok(await guest.post('/api/v1/auth/register', { json: mine }));
  const stranger = daemon.database.query("SELECT id FROM users WHERE email = 'claimed@example.org'")[0][0];
  assert.equal(recordOf('claimed@example.org').length, 1);
  // As long as the list did not know the address he could sign in.
  keep('claimed@example.org', recordOf('admin@example.org')[0][0]);
  const owner = ok(await login('claimed@example.org', 'the list knows me')).json;
  assert.equal(String(ok(await guest.get('/api/v1/auth/me', { token: owner.access_token })).json.id), String(stranger));
  assert.deepEqual(recordOf('claimed@example.org'), []);
});

test('whose password is not kept here cannot change it here', async () => {
  const { access_token: token } = ok(await login('staff@example.org', 'written in the list')).json;
  refused(await guest.post('/api/v1/auth/password', { token, json: { current_password: 'written in the list', new_password: 'another long password' } }), 409, 'no-password');
});

test('the provider is listed, and its passwords are printed nowhere', async () => {
  const { code, output } = await daemon.ctl(['plugins', 'list', '--json']);
  assert.equal(code, 0, output);
  assert.ok(JSON.parse(output).some(({ name }) => name === 'staff'));
  const config = await daemon.ctl(['config', 'print']);
  assert.ok(!config.output.includes('written in the list'), config.output);
});

test('a reload takes the provider\'s new list', async () => {
  const list = (...emails) => ['plugins:', '  staff:', '    use: auth-static', '    config:', '      people:',
    ...emails.map((email) => `        - {email: ${email}, password: a word of the list}`), ''].join('\n');
  const site = await Daemon.prepare();
  try {
    site.settings.push(`plugin_dirs=['${join(build, 'plugins')}', '${join(build, 'examples')}']`, 'auth_providers=[staff, password]');
    writeFileSync(site.config, list('first@example.org'));
    await site.start();
    const tries = async (email) => (await new Client(site).post('/api/v1/auth/login', { form: { username: email, password: 'a word of the list' } })).status;
    assert.deepEqual([await tries('first@example.org'), await tries('second@example.org')], [200, 401]);
    writeFileSync(site.config, list('second@example.org'));
    site.child.kill('SIGHUP');
    await until(async () => (await tries('second@example.org')) === 200, { what: 'the new list', within: 10_000, every: 300 });
    assert.equal(await tries('first@example.org'), 401);
  } finally {
    await site.dispose();
  }
});

test('of many guesses at once no more are looked at than may fail, whoever looks at them', async () => {
  const site = await Daemon.prepare();
  try {
    site.settings = site.settings.filter((setting) => !setting.startsWith('admin.'));  // no password is kept here
    site.settings.push(
      `plugin_dirs=['${join(build, 'plugins')}', '${join(build, 'examples')}']`, 'auth.throttle.address_failures=0',
      `plugins.staff={use: auth-static, config: {people: ${JSON.stringify(people)}}}`, 'auth_providers=[staff]');
    await site.start();
    const client = new Client(site);
    const guess = (password) => client.post('/api/v1/auth/login', { form: { username: 'staff@example.org', password } });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => guess(`guess ${i}`)));
    const count = (status) => answers.filter((answer) => answer.status === status).length;
    assert.deepEqual([count(401), count(429)], [10, 190]);
    for (const answer of answers) if (answer.status === 429) assert.ok(Number(refused(answer, 429, 'too-many-attempts').headers['retry-after']) >= 1);
  } finally {
    await site.dispose();
  }
});

test('a bcrypt or Django record of another system lets its owner in and is replaced', async () => {
  const records = {
    'fastapi@example.org': ['$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'],
    'django@example.org': ['pbkdf2_sha256$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=', 'password'],
  };
  for (const [email, [record, password]] of Object.entries(records)) {
    ok(await guest.post('/api/v1/auth/register', { json: { email, password: 'a long enough password' } }));
    keep(email, record);
    refused(await login(email, 'wrong password'), 401);
    assert.deepEqual(recordOf(email), [[record]]);
    ok(await login(email, password));
    assert.match(recordOf(email)[0][0], /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    ok(await login(email, password));
    refused(await login(email, 'a long enough password'), 401);
  }
});

test('a record is made anew at sign-in once the parameters have risen', async () => {
  ok(await guest.post('/api/v1/auth/register', { json: { email: 'old@example.org', password: 'a long enough password' } }));
  const before = recordOf('old@example.org')[0][0];
  await daemon.stop();
  daemon.settings.push('plugins.password={use: auth-password, config: {memlimit_kib: 20480}}');
  await daemon.start();
  ok(await login('old@example.org', 'a long enough password'));
  const after_ = recordOf('old@example.org')[0][0];
  assert.notEqual(after_, before);
  assert.match(after_, /m=20480,/);
  ok(await login('old@example.org', 'a long enough password'));
  assert.equal(recordOf('old@example.org')[0][0], after_);
});

contractTest('providers');
