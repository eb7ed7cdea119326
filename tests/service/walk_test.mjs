// Story: the whole way of somebody new, on both surfaces: register, read the mail, follow its link, sign in,
// stay signed in, forget the password, choose another by mail, sign in with it, sign out. Told with the mails
// in a folder and with a real mail server between.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { certificate, MailServer } from '../harness/smtp.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

const page = 'http://127.0.0.1:5500';
const password = 'a long enough password';
const fresh = 'another long password';
const bad = ['x', 'A'.repeat(43), ''];

/// How mails reach their reader: next(email) is the newest that was not read yet.
const carriers = {
  'a folder': async () => ({ set: [], reader: (daemon) => new Mailbox(daemon), end: () => {} }),
  'a mail server': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reeld-walk-'));
    const account = { user: 'reeld@mail', password: 'what the mail server asks for' };
    const server = await MailServer.start({ tls: 'starttls', files: certificate(folder), auth: account });
    const secret = join(folder, 'password');
    writeFileSync(secret, account.password, { mode: 0o600 });
    const smtp = { use: 'notifier-smtp', config: server.config({ user: account.user, password_file: secret }) };
    const read = new Map();
    const next = (email) => {
      read.set(email, (read.get(email) ?? 0) + 1);
      return server.mail(email, { count: read.get(email) });
    };
    return {
      set: [`plugins.smtp=${JSON.stringify(smtp)}`, 'notifier=smtp'], reader: () => ({ next, of: async (email) => server.to(email) }),
      end: async () => { await server.down(); rmSync(folder, { recursive: true, force: true }); },
    };
  },
};

/// v1 as a client of it goes. `activation`: whether the site asks for it.
async function walkV1(daemon, mails, email, activation) {
  const guest = new Client(daemon);
  const post = (path, json, token) => guest.post(`/api/v1/auth/${path}`, { json, token });
  const login = (secret) => guest.post('/api/v1/auth/login', { form: { username: email, password: secret } });
  const me = (token) => guest.get('/api/v1/auth/me', { token });

  const made = ok(await post('register', { email, password }));
  assert.deepEqual(made.json, { message: 'User registered', user_id: made.json.user_id });
  if (activation) {
    const link = linkIn(await mails.next(email));
    assert.equal(link.page, `${page}/pages/auth/activate.html`);
    assert.equal(Buffer.from(link.uid, 'base64url').toString(), String(made.json.user_id));
    assert.ok(!made.text.includes(link.token));
    refused(await login(password), 401, 'invalid-credentials');
    for (const token of bad) refused(await post('activate', { uid: link.uid, token }), 400, 'link-invalid');
    ok(await post('activate', { uid: link.uid, token: link.token }));
    refused(await post('activate', { uid: link.uid, token: link.token }), 400, 'link-invalid');
  } else {
    assert.deepEqual(await mails.of(email), []);
  }

  const first = ok(await login(password)).json;
  assert.equal(ok(await me(first.access_token)).json.id, made.json.user_id);
  const second = ok(await post('refresh', { refresh_token: first.refresh_token })).json;
  assert.notEqual(second.refresh_token, first.refresh_token);
  ok(await me(second.access_token));

  ok(await post('password/reset', { email: email.toUpperCase() }));
  const link = linkIn(await mails.next(email));
  assert.equal(link.page, `${page}/pages/auth/confirm_password.html`);
  const confirm = (more) => post('password/reset/confirm', { uid: link.uid, token: link.token, new_password: fresh, ...more });
  for (const token of bad) refused(await confirm({ token }), 400, 'link-invalid');
  assert.deepEqual(refused(await confirm({ new_password: 'short' }), 422).json.errors.map(({ pointer }) => pointer), ['/new_password']);
  ok(await confirm());
  refused(await confirm(), 400, 'link-invalid');
  refused(await me(second.access_token), 401, 'session-ended');
  refused(await post('refresh', { refresh_token: second.refresh_token }), 401, 'session-ended');
  refused(await login(password), 401, 'invalid-credentials');

  const third = ok(await login(fresh)).json;
  ok(await post('logout', { refresh_token: third.refresh_token }, third.access_token));
  refused(await me(third.access_token), 401, 'session-ended');
  refused(await post('refresh', { refresh_token: third.refresh_token }), 401, 'session-ended');
}

/// The pages, in a browser that keeps cookies.
async function walkPages(daemon, mails, email) {
  const browser = new Visitor(daemon, { origin: page });
  const login = (secret, who = browser) => who.post('/api/login/', { email, password: secret });
  const opens = async () => (await new Client(daemon).get('/api/v1/auth/me', { token: browser.cookies.get('access_token') })).status === 200;

  answered(await browser.post('/api/register/', { email, password, confirmed_password: password }), 201, 'user', 'token');
  const link = linkIn(await mails.next(email));
  assert.equal(link.page, `${page}/pages/auth/activate.html`);
  answered(await login(password), 400, 'non_field_errors');
  answered(await browser.get(`/api/activate/${link.uid}/${link.token}/`), 200, 'message');
  answered(await login(password), 200, 'detail', 'user');
  assert.ok(await opens());
  answered(await browser.bare('/api/token/refresh/'), 200, 'detail', 'access');
  assert.ok(await opens());

  answered(await browser.post('/api/password_reset/', { email }), 200, 'detail');
  const reset = linkIn(await mails.next(email));
  assert.equal(reset.page, `${page}/pages/auth/confirm_password.html`);
  answered(await browser.post(`/api/password_confirm/${reset.uid}/${reset.token}/`, { new_password: fresh, confirm_password: fresh }), 200, 'detail');
  assert.ok(!(await opens()));
  answered(await login(password, new Visitor(daemon, { origin: page })), 400, 'non_field_errors');
  answered(await login(fresh), 200, 'detail', 'user');
  answered(await browser.bare('/api/logout/'), 200, 'detail');
  assert.equal(browser.cookies.size, 0);
}

for (const [how, start] of Object.entries(carriers)) {
  describe(`with ${how}`, () => {
    let daemon, carrier, mails;
    before(async () => {
      carrier = await start();
      daemon = await Daemon.start({ set: ['auth.v1_activation=true', ...carrier.set] });
      mails = carrier.reader(daemon);
    });
    after(async () => {
      await daemon.dispose();
      await carrier.end();
    });

    test(`mails in ${how}: from registration to signing out on v1, where the address has to be confirmed`, () => walkV1(daemon, mails, 'walker@example.org', true));
    test(`mails in ${how}: from registration to signing out on the Videoflix pages`, () => walkPages(daemon, mails, 'visitor@example.org'));
    test(`mails in ${how}: who began on one surface goes on on the other`, async () => {
      const email = 'both@example.org';
      const guest = new Client(daemon);
      ok(await guest.post('/api/v1/auth/register', { json: { email, password } }));
      const link = linkIn(await mails.next(email));
      const browser = new Visitor(daemon, { origin: page });
      answered(await browser.get(`/api/activate/${link.uid}/${link.token}/`), 200, 'message');
      answered(await browser.post('/api/password_reset/', { email }), 200, 'detail');
      const { uid, token } = linkIn(await mails.next(email));
      ok(await guest.post('/api/v1/auth/password/reset/confirm', { json: { uid, token, new_password: fresh } }));
      answered(await browser.post('/api/login/', { email, password: fresh }), 200, 'detail', 'user');
    });
    test(`mails in ${how}: nobody tells whether an address is known`, async () => {
      const guest = new Client(daemon);
      const answers = [];
      for (const email of ['walker@example.org', 'nobody@example.org']) answers.push(ok(await guest.post('/api/v1/auth/password/reset', { json: { email } })).text);
      assert.equal(answers[0], answers[1]);
      await mails.next('walker@example.org');
      assert.deepEqual(await mails.of('nobody@example.org'), []);
      refused(await guest.post('/api/v1/auth/password/reset', { json: { email: 'no address' } }), 422);
      for (const path of ['activate', 'password/reset', 'password/reset/confirm']) {
        refused(await guest.post(`/api/v1/auth/${path}`, { json: {} }), 422);
        refused(await guest.post(`/api/v1/auth/${path}`, { json: '{' }), 422);
      }
    });
    test(`mails in ${how}: from registration to signing out on v1, where nothing has to be confirmed`, async () => {
      await daemon.stop();
      daemon.settings.push('auth.v1_activation=false');
      await daemon.start();
      await walkV1(daemon, mails, 'runner@example.org', false);
    });
  });
}

contractTest('walk');
