// Story: the users of an older system move here. Their addresses, roles and password records come in a file;
// each signs in with the password of before, on both surfaces, and the record is then made anew.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { admin, build, Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

// Of the libraries' own test vectors: bcrypt of "U*U", Django's pbkdf2_sha256 of "password".
const bcrypt = ['$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'U*U'];
const django = ['pbkdf2_sha256$4096$salt$xeR41ZKIyEGqUw22hFxMjZYok6ABzk4RpJY4c6qYE0o=', 'password'];

let daemon, guest, files = 0;
before(async () => {
  daemon = await Daemon.start({ set: ['auth.throttle.account_failures=0', 'auth.throttle.address_failures=0'] });
  guest = new Client(daemon);
});
after(() => daemon.dispose());

const file = (text) => {
  const path = join(daemon.dataDir, `people-${++files}`);
  writeFileSync(path, text);
  return path;
};
const importOf = (path, ...args) => daemon.ctl(['user', 'import', path, ...args]);
const imported = async (text, ...args) => {
  const { code, output } = await importOf(file(text), '--json', ...args);
  return { code, ...JSON.parse(output) };
};
const login = (email, password) => guest.post('/api/v1/auth/login', { form: { username: email, password } });
const visit = (email, password) => new Visitor(daemon).post('/api/login/', { email, password });
const recordOf = (email) => daemon.database.query(`SELECT c.record FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = '${email}'`)[0]?.[0];
const users = () => daemon.database.query('SELECT COUNT(*) FROM users')[0][0];

test('what psql writes of the FastAPI backend is taken as it is, and its users sign in on both surfaces', async () => {
  const table = 'email,role,record,created_at,active\n' +
    `V1@Example.org,CREATOR,${bcrypt[0]},2025-03-01 09:33:09.546437,t\n` +
    `shut.out@example.org,VIEWER,${bcrypt[0]},2025-03-02 09:33:09+02,f\n`;
  const result = await imported(table);
  assert.deepEqual(result, { code: 0, users: 2, made: 2, existing: [], faults: [], dry_run: false });
  refused(await login('v1@example.org', 'wrong password'), 401, 'invalid-credentials');
  const token = ok(await login('v1@example.org', bcrypt[1])).json.access_token;
  const me = ok(await guest.get('/api/v1/auth/me', { token })).json;
  assert.deepEqual([me.email, me.role], ['V1@Example.org', 'CREATOR']);
  assert.match(recordOf('V1@Example.org'), /^\$argon2id\$/);
  answered(await visit('V1@example.org', bcrypt[1]), 200, 'detail', 'user');
  refused(await login('shut.out@example.org', bcrypt[1]), 401, 'invalid-credentials');
  const root = await Client.admin(daemon);
  const listed = ok(await root.get('/api/v1/users/?limit=200')).json;
  const created = listed.find(({ email }) => email === 'V1@Example.org').created_at;
  assert.equal(new Date(created).toISOString(), '2025-03-01T09:33:09.546Z');
});

test('what Django writes is taken as it is, in JSON lines; whose address is not proved has to prove it', async () => {
  const lines = [
    { email: 'viewer@example.org', role: 'VIEWER', record: django[0], created_at: '2025-03-01T09:33:09.546437+00:00', verified: true },
    { email: 'boss@example.org', role: 'ADMIN', record: django[0], verified: true },
    { email: 'fresh@example.org', record: django[0], verified: false },
  ];
  const result = await imported(lines.map((line) => JSON.stringify(line)).join('\n'));
  assert.deepEqual([result.code, result.made], [0, 3]);
  answered(await visit('viewer@example.org', django[1]), 200, 'detail', 'user');
  assert.match(recordOf('viewer@example.org'), /^\$argon2id\$/);
  const boss = ok(await login('BOSS@example.org', django[1])).json.access_token;
  ok(await guest.get('/api/v1/users/admin-only', { token: boss }));
  answered(await visit('fresh@example.org', django[1]), 400, 'non_field_errors');
  // A link for a new password proves the mailbox.
  ok(await guest.post('/api/v1/auth/password/reset', { json: { email: 'fresh@example.org' } }));
  const { uid, token } = linkIn(await new Mailbox(daemon).next('fresh@example.org'));
  ok(await guest.post('/api/v1/auth/password/reset/confirm', { json: { uid, token, new_password: 'another long password' } }));
  answered(await visit('fresh@example.org', 'another long password'), 200, 'detail', 'user');
});

test('whom the Videoflix backend shut out, or never activated, stays out until an administrator lets him in', async () => {
  // As the query of the administrator's guide writes it, where is_active is false.
  const email = 'off@example.org';
  const table = `email,role,record,created_at,active,verified\n${email},VIEWER,${django[0]},2025-03-01 09:33:09+00,f,f\n`;
  assert.equal((await imported(table)).made, 1);
  answered(await visit(email, django[1]), 400, 'non_field_errors');
  ok(await guest.post('/api/v1/auth/password/reset', { json: { email } }));
  const { uid, token } = linkIn(await new Mailbox(daemon).next(email));
  ok(await guest.post('/api/v1/auth/password/reset/confirm', { json: { uid, token, new_password: 'another long password' } }));
  for (const secret of [django[1], 'another long password']) answered(await visit(email, secret), 400, 'non_field_errors');
  const { code, output } = await daemon.ctl(['user', 'activate', email]);
  assert.equal(code, 0, output);
  answered(await visit(email, 'another long password'), 200, 'detail', 'user');
});

test('an import can be run again: who is here is told and stays as he is', async () => {
  const table = `email,role,record\n${admin.email.toUpperCase()},VIEWER,${bcrypt[0]}\nlate@example.org,VIEWER,${bcrypt[0]}\n`;
  const first = await imported(table);
  assert.deepEqual([first.code, first.made, first.existing], [0, 1, [{ line: 2, email: admin.email.toUpperCase() }]]);
  ok(await login('late@example.org', bcrypt[1]));
  const renewed = recordOf('late@example.org');
  const again = await imported(table);
  assert.deepEqual([again.code, again.made, again.existing.map(({ line }) => line)], [0, 0, [2, 3]]);
  assert.equal(recordOf('late@example.org'), renewed);
  const root = await Client.admin(daemon);
  assert.equal(ok(await root.get('/api/v1/auth/me')).json.role, 'ADMIN');
  const { code, output } = await importOf(file(table));
  assert.equal(code, 0);
  assert.match(output, /^line 3: late@example\.org is here already and stays as it is$/m);
  assert.match(output, /^0 users imported, 2 were here$/m);
});

test('all faults are told with their lines, and with one of them nobody is made', async () => {
  const before_ = users();
  const table = ['email,role,record,created_at,active,verified',
    `good@example.org,VIEWER,${bcrypt[0]},,,`,
    `no address,VIEWER,${bcrypt[0]},,,`,
    `a@example.org,viewer,${bcrypt[0]},,,`,
    'b@example.org,VIEWER,md5$planted-secret,,,',
    `c@example.org,VIEWER,${bcrypt[0]},yesterday,,`,
    `d@example.org,VIEWER,${bcrypt[0]},,perhaps,`,
    `GOOD@example.org,VIEWER,${bcrypt[0]},,,`,
    'e@example.org,VIEWER', 'f@example.org,VIEWER,,,,'].join('\n');
  const result = await imported(table);
  assert.equal(result.code, 1);
  assert.equal(result.made, 0);
  assert.deepEqual(result.faults.map(({ line, field }) => [line, field]),
    [[3, 'email'], [4, 'role'], [5, 'record'], [6, 'created_at'], [7, 'active'], [8, 'email'], [9, ''], [10, 'record']]);
  const { code, output } = await importOf(file(table));
  assert.equal(code, 1);
  assert.match(output, /^line 4: role must be ADMIN, CREATOR or VIEWER$/m);
  assert.match(output, /^line 8: email is the same as in line 2 /m);
  assert.match(output, /^nobody was imported: 8 faults$/m);
  assert.ok(!output.includes('planted-secret') && !daemon.log.includes('planted-secret'));
  assert.equal(users(), before_);
});

test('a dry run says what would be done and does nothing', async () => {
  const before_ = users();
  const table = `email,record\ndry@example.org,${bcrypt[0]}\n${admin.email},${bcrypt[0]}\n`;
  const result = await imported(table, '--dry-run');
  assert.deepEqual([result.code, result.made, result.existing.length, result.dry_run], [0, 1, 1, true]);
  const { output } = await importOf(file(table), '--dry-run');
  assert.match(output, /^1 user would be imported, 1 were here$/m);
  assert.equal(users(), before_);
});

test('thousands come through a pipe, while others go on signing in', async () => {
  const count = 3000;
  const child = spawn(join(build, 'bin/reeldctl'), ['--socket', join(daemon.dataDir, 'reeldctl.sock'), 'user', 'import', '-', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { let text = ''; child.stdout.on('data', (data) => { text += data; }); child.on('close', (code) => resolve({ code, text })); });
  child.stdin.write('email,record,active\n');
  for (let i = 0; i < count; ++i) child.stdin.write(`many${i}@example.org,${bcrypt[0]},true\n`);
  child.stdin.end();
  ok(await login('late@example.org', bcrypt[1]));
  const { code, text } = await ended;
  assert.equal(code, 0, text);
  assert.deepEqual([JSON.parse(text).made, JSON.parse(text).existing], [count, []]);
  ok(await login(`many${count - 1}@example.org`, bcrypt[1]));
});

test('a file that is not there, a folder and a wrong heading are refused', async () => {
  for (const path of [join(daemon.dataDir, 'nobody'), daemon.dataDir]) {
    const { code, output } = await importOf(path);
    assert.equal(code, 1);
    assert.match(output, /cannot (open|read)/);
  }
  const { code, output } = await importOf(file('email,password\na@example.org,x\n'));
  assert.equal(code, 1);
  assert.match(output, /^line 1: there is no field "password"/m);
});

contractTest('import');
