// Story: somebody registers on the Videoflix pages, follows the link in the mail, signs in, stays signed in,
// forgets the password, gets a new one and signs out. And somebody else tries to do it for him.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { MailServer } from '../harness/smtp.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';

const page = 'http://127.0.0.1:5500';
const password = 'a long enough password';
let daemon, mailbox, people = 0;
before(async () => {
  daemon = await Daemon.start({ set: ['auth.throttle.registrations=0', 'auth.throttle.address_failures=0'] });
  mailbox = new Mailbox(daemon);
});
after(() => daemon.dispose());

const visitor = () => new Visitor(daemon, { origin: page });
const registration = (email, more = {}) => ({ email, password, confirmed_password: password, ...more });
const register = (email, more) => visitor().post('/api/register/', registration(email, more));
const login = (who, email, secret = password) => who.post('/api/login/', { email, password: secret });
const activate = ({ uid, token }) => visitor().get(`/api/activate/${uid}/${token}/`);
const confirm = ({ uid, token }, fresh) => visitor().post(`/api/password_confirm/${uid}/${token}/`, { new_password: fresh, confirm_password: fresh });
const askReset = (email) => visitor().post('/api/password_reset/', { email });
const freshAddress = () => `person${++people}@example.org`;

/// A new address that is registered; with the link of its mail.
async function registered(email = freshAddress()) {
  answered(await register(email), 201, 'user', 'token');
  return { email, link: linkIn(await mailbox.next(email)) };
}
async function activated(email) {
  const person = await registered(email);
  answered(await activate(person.link), 200, 'message');
  return person;
}
async function signedIn(email) {
  const person = { ...(await activated(email)), browser: visitor() };
  answered(await login(person.browser, person.email), 200, 'detail', 'user');
  return person;
}
async function resetLink(email) {
  answered(await askReset(email), 200, 'detail');
  return linkIn(await mailbox.next(email));
}
const tokenOf = (browser) => browser.cookies.get('access_token');
/// Whether the access token of that browser opens anything.
async function opens(browser) {
  const { status } = await new Client(daemon).get('/api/v1/auth/me', { token: tokenOf(browser) });
  assert.ok([200, 401].includes(status));
  return status === 200;
}

test('register, mail, activate, login, refresh, reset, logout: the whole way', async () => {
  const email = freshAddress();
  const made = answered(await register(email), 201, 'user', 'token');
  assert.deepEqual(Object.keys(made.json.user).sort(), ['email', 'id']);
  assert.equal(made.json.user.email, email);
  assert.ok(Number.isSafeInteger(made.json.user.id));
  const link = linkIn(await mailbox.next(email));
  assert.equal(link.page, `${page}/pages/auth/activate.html`);
  assert.equal(Buffer.from(link.uid, 'base64url').toString(), String(made.json.user.id));

  answered(await login(visitor(), email), 400, 'non_field_errors');
  const done = answered(await activate(link), 200, 'message');
  assert.equal(done.json.message, 'Account successfully activated.');

  const browser = visitor();
  const login1 = answered(await login(browser, email), 200, 'detail', 'user');
  assert.equal(login1.json.detail, 'Login successful');
  assert.deepEqual(login1.json.user, { id: made.json.user.id, username: email });
  assert.ok(await opens(browser));

  const before = new Map(browser.cookies);
  answered(await browser.bare('/api/token/refresh/'), 200, 'detail', 'access');
  for (const name of ['access_token', 'refresh_token']) assert.notEqual(browser.cookies.get(name), before.get(name), name);
  assert.ok(await opens(browser));

  const reset = await resetLink(email);
  assert.equal(reset.page, `${page}/pages/auth/confirm_password.html`);
  answered(await confirm(reset, 'another long password'), 200, 'detail');
  assert.ok(!(await opens(browser)));
  answered(await login(visitor(), email), 400, 'non_field_errors');
  answered(await login(browser, email, 'another long password'), 200, 'detail', 'user');

  answered(await browser.bare('/api/logout/'), 200, 'detail');
  assert.equal(browser.cookies.size, 0);
});

test('login and refresh set three cookies with the attributes of the contract', async () => {
  const { browser } = await signedIn();
  const attributesOf = (answer) => Object.fromEntries(answer.cookies.map(({ name, attributes }) => [name, attributes]));
  const hidden = { path: '/', samesite: 'Lax', httponly: true };
  const expected = { access_token: hidden, refresh_token: hidden, csrftoken: { path: '/', samesite: 'Lax' } };
  const refreshed = await browser.bare('/api/token/refresh/');
  assert.deepEqual(attributesOf(refreshed), expected);
  assert.equal(refreshed.headers['cache-control'], 'no-store');
  const claims = JSON.parse(Buffer.from(tokenOf(browser).split('.')[1], 'base64url'));
  assert.equal(claims.exp - claims.iat, 30 * 60);
});

test('with an https public_url every cookie is Secure, the expired ones too', async () => {
  const secure = await Daemon.start({ set: ['http.public_url=https://video.example.org', 'auth.videoflix_activation=false'] });
  after(() => secure.dispose());
  const browser = new Visitor(secure);
  answered(await browser.post('/api/register/', registration('secure@example.org')), 201, 'user', 'token');
  const answers = [await login(browser, 'secure@example.org'), await browser.bare('/api/token/refresh/'), await browser.bare('/api/logout/')];
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.equal(answer.cookies.length, 3);
    for (const { name, attributes } of answer.cookies) assert.equal(attributes.secure, true, name);
  }
});

test('no token of any kind stands in the body of an answer', async () => {
  const email = freshAddress();
  const made = await register(email);
  const link = linkIn(await mailbox.next(email));
  assert.equal(made.json.token, '');
  assert.ok(!made.text.includes(link.token) && !made.text.includes(link.uid));
  await activate(link);
  const browser = visitor();
  for (const answer of [await login(browser, email), await browser.bare('/api/token/refresh/')]) {
    for (const secret of [...browser.cookies.values()]) assert.ok(!answer.text.includes(secret), answer.text);
  }
});

test('what register answers opens nothing without the mailbox', async () => {
  const { json } = await register(freshAddress());
  const uid = Buffer.from(String(json.user.id)).toString('base64url');
  for (const token of [json.token, 'x', 'A'.repeat(43), '']) {
    const answer = await visitor().get(`/api/activate/${uid}/${token}/`);
    assert.ok([400, 404].includes(answer.status), answer.text);
  }
  answered(await login(visitor(), json.user.email), 400, 'non_field_errors');
});

test('a link is good for its own purpose alone, and for its own user', async () => {
  const one = await registered();
  const two = await registered();
  answered(await confirm(one.link, 'another long password'), 400, 'detail');
  answered(await activate({ uid: two.link.uid, token: one.link.token }), 400, 'message');
  const reset = await resetLink(one.email);
  answered(await activate(reset), 400, 'message');
  answered(await confirm({ uid: two.link.uid, token: reset.token }, 'another long password'), 400, 'detail');
  // Neither was spent by what refused it.
  answered(await activate(one.link), 200, 'message');
  answered(await confirm(reset, 'another long password'), 200, 'detail');
});

test('a link that was changed, cut, used or is over is refused, and all refusals look alike', async () => {
  const { link } = await registered();
  const texts = new Set();
  const flip = (text, i) => text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1);
  for (const bad of [{ ...link, token: flip(link.token, 5) }, { ...link, token: link.token.slice(0, -1) }, { ...link, token: link.token + 'A' },
    { ...link, uid: 'OTk5OTk5' }, { ...link, uid: 'x' }, { ...link, uid: link.uid + '=' }, { ...link, uid: 'LTE' }, { ...link, uid: 'MQ' + 'A'.repeat(500) },
    { ...link, uid: '%27' }, { ...link, token: 'a.b.c' }]) {
    texts.add(answered(await activate(bad), 400, 'message').text);
    answered(await confirm(bad, 'another long password'), 400, 'detail');
  }
  answered(await activate(link), 200, 'message');
  texts.add(answered(await activate(link), 400, 'message').text);
  const late = await registered();
  daemon.database.query(`UPDATE mail_tokens SET expires_at = 1 WHERE user_id = ${Number(Buffer.from(late.link.uid, 'base64url'))}`);
  texts.add(answered(await activate(late.link), 400, 'message').text);
  assert.equal(texts.size, 1);
});

test('HEAD of an activation link spends nothing', async () => {
  const { link } = await registered();
  const head = () => visitor().ask('HEAD', `/api/activate/${link.uid}/${link.token}/`);
  assert.equal((await head()).status, 200);
  answered(await activate(link), 200, 'message');
  assert.equal((await head()).status, 400);
});

test('an activation link works once, also when it is followed 16 times at once', async () => {
  const { link } = await registered();
  const answers = await Promise.all(Array.from({ length: 16 }, () => activate(link)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
});

test('no link brings back a user whom an administrator deactivated', async () => {
  const root = await Client.admin(daemon);
  const { email, link } = await registered();
  const id = Number(Buffer.from(link.uid, 'base64url'));
  ok(await root.patch(`/api/v1/users/${id}/deactivate`));
  answered(await activate(link), 400, 'message');
  answered(await confirm(await resetLink(email), 'another long password'), 200, 'detail');
  answered(await login(visitor(), email, 'another long password'), 400, 'non_field_errors');
});

test('a reset link works once, also when two use it at once, and a refused body does not spend it', async () => {
  const { email } = await activated();
  const link = await resetLink(email);
  const send = (body) => visitor().post(`/api/password_confirm/${link.uid}/${link.token}/`, body);
  answered(await send({}), 400, 'new_password', 'confirm_password');
  answered(await send({ new_password: 'one long password', confirm_password: 'another long password' }), 400, 'non_field_errors');
  answered(await send({ new_password: 'short', confirm_password: 'short' }), 400, 'new_password');
  answered(await send('{'), 400, 'detail');
  const answers = await Promise.all(['the first new password', 'the second new password'].map((fresh) => confirm(link, fresh)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
  answered(await confirm(link, 'a third new password'), 400, 'detail');
  // A bad link is told before a bad body.
  answered(await send({}), 400, 'detail');
});

test('a reset ends every session, and every other reset link', async () => {
  const { email, browser } = await signedIn();
  const other = visitor();
  await login(other, email);
  const links = [await resetLink(email), await resetLink(email)];
  answered(await confirm(links[0], 'another long password'), 200, 'detail');
  for (const one of [browser, other]) {
    assert.ok(!(await opens(one)));
    answered(await one.bare('/api/token/refresh/'), 401, 'detail');
  }
  answered(await confirm(links[1], 'yet another password'), 400, 'detail');
});

test('a reset proves the mailbox as well as the first link did', async () => {
  const { email, link } = await registered();
  answered(await confirm(await resetLink(email), 'another long password'), 200, 'detail');
  answered(await login(visitor(), email, 'another long password'), 200, 'detail', 'user');
  answered(await activate(link), 400, 'message');
});

test('an address is one user in any spelling of case, on every route', async () => {
  const { link } = await registered('Case.Person@Example.ORG');
  for (const email of ['case.person@example.org', 'CASE.PERSON@EXAMPLE.ORG', 'Case.Person@Example.ORG']) {
    answered(await register(email), 400, 'non_field_errors');
  }
  await activate(link);
  const answer = answered(await login(visitor(), 'cAsE.pErSoN@example.org'), 200, 'detail', 'user');
  assert.equal(answer.json.user.username, 'Case.Person@Example.ORG');
  answered(await askReset('CASE.person@example.ORG'), 200, 'detail');
  answered(await confirm(linkIn(await mailbox.next('Case.Person@Example.ORG')), 'another long password'), 200, 'detail');
});

test('of 32 registrations at once in different case exactly one succeeds and one mail is sent', async () => {
  const email = 'crowd@example.org';
  const spelled = (i) => [...email].map((c, at) => ((i >> at % 5) & 1 ? c.toUpperCase() : c)).join('');
  const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => register(spelled(i))));
  const made = answers.filter(({ status }) => status === 201);
  assert.equal(made.length, 1, answers.map(({ status }) => status).join(' '));
  for (const { status, json } of answers) assert.ok(status === 201 || (status === 400 && json.non_field_errors) || status === 503, status);
  await mailbox.next(made[0].json.user.email);
  assert.deepEqual(daemon.database.query("SELECT COUNT(*) FROM users WHERE lower(email) = 'crowd@example.org'"), [['1']]);
  assert.deepEqual(daemon.database.query('SELECT COUNT(*) FROM mail_tokens WHERE user_id = ' + made[0].json.user.id), [['1']]);
});

test('a taken address, unequal passwords and a refused login have one vague text', async () => {
  const { email } = await activated();
  const answers = [
    await register(email), await register(freshAddress(), { confirmed_password: 'another long password' }), await login(visitor(), email, 'a wrong password'),
    await login(visitor(), 'nobody@example.org'), await login(visitor(), (await registered()).email),
  ];
  assert.equal(new Set(answers.map((answer) => answered(answer, 400, 'non_field_errors').text)).size, 1);
});

test('a weak password is refused at register and at reset', async () => {
  for (const weak of ['1', 'short', 'x'.repeat(129), 'password']) {
    answered(await register(freshAddress(), { password: weak, confirmed_password: weak }), 400, 'password');
  }
  const { email } = await activated();
  const link = await resetLink(email);
  for (const weak of ['1', 'short', 'x'.repeat(129)]) answered(await confirm(link, weak), 400, 'new_password');
});

test('what can be no password is refused in the shape of the pages, and is never a fault', async () => {
  const { email } = await activated();
  const long = 'x'.repeat(400_000);
  answered(await login(visitor(), email, ''), 400, 'password');
  answered(await login(visitor(), email, long), 400, 'non_field_errors');
  answered(await register(freshAddress(), { password: long, confirmed_password: long }), 400, 'password');
  answered(await login(visitor(), email, 'x'.repeat(1 << 20)), 413, 'detail');
  for (const text of ['a long \\u0000 password', 'a long \\ud800 password', 'a long \\udc00\\ud800']) {
    const json = `{"email":"${email}","password":"${text}","confirmed_password":"${text}"}`;
    for (const path of ['/api/login/', '/api/register/']) assert.equal((await visitor().ask('POST', path, { json })).status, 400, path);
  }
  answered(await login(visitor(), email), 200, 'detail', 'user');
});

test('strings are trimmed, passwords too, and forms are read like JSON', async () => {
  const email = freshAddress();
  const padded = { email: `  ${email}\t`, password: `\u00a0${password} \n`, confirmed_password: password, privacy_policy: 'on' };
  answered(await visitor().post('/api/register/', padded), 201, 'user', 'token');
  await activate(linkIn(await mailbox.next(email)));
  answered(await login(visitor(), ` ${email}`, `${password}  `), 200, 'detail', 'user');
  answered(await visitor().ask('POST', '/api/login/', { form: { email, password: ` ${password}` } }), 200, 'detail', 'user');
  const boundary = 'b0undary';
  const part = (name, value) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const multipart = part('email', email) + part('password', password) + `--${boundary}--\r\n`;
  answered(await visitor().ask('POST', '/api/login/', { body: multipart, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }), 200, 'detail', 'user');
});

test('two tabs that refresh at once both stay signed in; a spent refresh token ends the session later', async () => {
  const { browser } = await signedIn();
  const spent = new Map(browser.cookies);
  const answers = await Promise.all([browser.tab(), browser.tab()].map((tab) => tab.bare('/api/token/refresh/')));
  for (const answer of answers) answered(answer, 200, 'detail', 'access');
  const tokens = answers.map(({ cookies }) => cookies.find(({ name }) => name === 'refresh_token').value);
  assert.equal(tokens[0], tokens[1]);
  assert.ok(await opens(browser));
  // Ten seconds later, by the database's own word.
  daemon.database.query('UPDATE sessions SET rotated_at = rotated_at - 11000');
  const thief = visitor();
  thief.cookies = spent;
  answered(await thief.bare('/api/token/refresh/'), 401, 'detail');
  answered(await browser.bare('/api/token/refresh/'), 401, 'detail');
  assert.ok(!(await opens(browser)));
});

test('refresh tells a missing cookie from a bad one, and heeds no other token', async () => {
  answered(await visitor().bare('/api/token/refresh/'), 400, 'detail');
  const { browser } = await signedIn();
  for (const bad of ['x', 'a.b.c', tokenOf(browser), browser.cookies.get('refresh_token') + 'A', browser.cookies.get('refresh_token').slice(0, -2)]) {
    const other = visitor();
    other.cookies.set('refresh_token', bad);
    answered(await other.bare('/api/token/refresh/'), 401, 'detail');
  }
  // An Authorization header signs nobody in here.
  answered(await visitor().bare('/api/token/refresh/', { authorization: `Bearer ${tokenOf(browser)}` }), 400, 'detail');
  assert.ok(await opens(browser));
});

test('logout ends the session for access and refresh alike, and every answer of it expires the cookies', async () => {
  const { browser } = await signedIn();
  const kept = visitor();
  kept.cookies = new Map(browser.cookies);
  const signedOut = await browser.bare('/api/logout/');
  answered(signedOut, 200, 'detail');
  assert.ok(!(await opens(kept)));
  answered(await kept.bare('/api/token/refresh/'), 401, 'detail');
  const answers = [
    [signedOut, 200], [await visitor().bare('/api/logout/'), 400], [await kept.tab().bare('/api/logout/'), 401],
    [await visitor().bare('/api/logout/', { 'sec-fetch-site': 'cross-site' }), 403], [await visitor().get('/api/logout/'), 405],
    [await visitor().post('/api/logout/', 'x'.repeat(2 << 20)), 413],
  ];
  for (const [answer, status] of answers) {
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(answer.cookies.map(({ name }) => name).sort(), ['access_token', 'csrftoken', 'refresh_token']);
    for (const { value, attributes } of answer.cookies) {
      assert.deepEqual([value, attributes['max-age'], attributes.expires, attributes.path], ['', '0', 'Thu, 01 Jan 1970 00:00:00 GMT', '/']);
    }
  }
});

test('logout ends the session of the access cookie, whatever became of the refresh cookie', async () => {
  for (const [refresh, status] of [['broken', 200], [undefined, 400]]) {
    const { browser } = await signedIn();
    const kept = visitor();
    kept.cookies = new Map(browser.cookies);
    if (refresh) browser.cookies.set('refresh_token', refresh);
    else browser.cookies.delete('refresh_token');
    answered(await browser.bare('/api/logout/'), status, 'detail');
    assert.ok(!(await opens(kept)));
    answered(await kept.bare('/api/token/refresh/'), 401, 'detail');
  }
});

test('a cookie that scripts can read tells the pages to call logout', async () => {
  const { browser } = await signedIn();
  const { attributes } = (await browser.bare('/api/token/refresh/')).cookies.find(({ name }) => name === 'csrftoken');
  assert.equal(attributes.httponly, undefined);
  // The pages look for it in document.cookie of their own host: no other host, no path may be named.
  assert.equal(attributes.domain, undefined);
  assert.ok(browser.cookies.get('csrftoken').length > 0);
  answered(await browser.bare('/api/logout/', { 'x-csrftoken': browser.cookies.get('csrftoken') }), 200, 'detail');
});

test('a page of another site changes nothing by cookie, one of ours and no page at all do', async () => {
  const { email, browser } = await signedIn();
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'http://127.0.0.1:5501' }]) {
    for (const path of ['/api/token/refresh/', '/api/login/']) answered(await browser.ask('POST', path, { json: { email, password }, headers }), 403, 'detail');
  }
  // Nor on v1 by bringing a token of its own: who comes by cookie would be signed out as well.
  const stranger = await Client.person(daemon);
  const brought = ok(await stranger.post('/api/v1/auth/login', { form: { username: stranger.email, password: stranger.password } })).json.refresh_token;
  const signOut = (origin) => request(daemon.url, 'POST', '/api/v1/auth/logout', {
    headers: { origin, cookie: browser.cookieHeader(), 'content-type': 'application/x-www-form-urlencoded' }, body: `refresh_token=${brought}`,
  });
  refused(await signOut('https://evil.example'), 403, 'cross-site');
  ok(await stranger.post('/api/v1/auth/refresh', { json: { refresh_token: brought } }));
  for (const headers of [{ 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'same-origin', origin: daemon.url }, { origin: page }, { origin: '' }]) {
    answered(await browser.bare('/api/token/refresh/', headers), 200, 'detail', 'access');
  }
});

test('guesses are slowed down, on known and unknown addresses alike', async () => {
  const { email } = await activated();
  for (const address of [email, freshAddress()]) {
    const answers = [];
    for (let i = 0; i < 12; ++i) answers.push(await login(visitor(), address, 'a wrong password'));
    assert.deepEqual(answers.slice(0, 10).map(({ status }) => status), Array(10).fill(400));
    for (const answer of answers.slice(10)) {
      answered(answer, 429, 'detail');
      assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
  }
});

test('a mailbox gets five reset mails an hour, and the answers do not tell', async () => {
  const { email } = await activated();
  const texts = new Set();
  for (let i = 0; i < 8; ++i) texts.add(answered(await askReset(email), 200, 'detail').text);
  for (let i = 0; i < 8; ++i) texts.add(answered(await askReset('nobody@example.org'), 200, 'detail').text);
  assert.equal(texts.size, 1);
  await mailbox.settled();
  assert.equal((await mailbox.of(email)).filter((mail) => linkIn(mail).page.endsWith('confirm_password.html')).length, 5);
  assert.equal((await mailbox.of('nobody@example.org')).length, 0);
});

test('the link in a mail leads to the host that the pages call, so that cookies stay', async () => {
  const { link } = await registered();
  assert.equal(new URL(link.page).hostname, new URL(daemon.url).hostname);
});

test('requests for a new password outlive a daemon that is killed', async () => {
  const { email } = await activated();
  answered(await askReset(email), 200, 'detail');
  await daemon.kill();
  await daemon.start();
  answered(await confirm(linkIn(await mailbox.next(email)), 'another long password'), 200, 'detail');
});

test('links and tokens are in no log line and in no table', async () => {
  const { email, link, browser } = await signedIn();
  const reset = await resetLink(email);
  const secrets = [link.token, reset.token, ...browser.cookies.values()];
  const columns = daemon.database.query('SELECT id, user_id, purpose, token_hash FROM mail_tokens').flat().join('\n');
  for (const secret of secrets) {
    assert.ok(!daemon.log.includes(secret));
    assert.ok(!columns.includes(secret));
  }
});

test('a mail server that is down delays the mails and fails no request', async () => {
  const server = await MailServer.start();
  const smtp = JSON.stringify({ use: 'notifier-smtp', config: server.config() });
  const away = await Daemon.start({ set: [`plugins.smtp=${smtp}`, 'notifier=smtp', 'mail.retry_first_seconds=1', 'mail.retry_longest_seconds=1'] });
  after(() => away.dispose());
  after(() => server.down());
  await server.down();
  const browser = new Visitor(away, { origin: page });
  const email = 'patient@example.org';
  answered(await browser.post('/api/register/', registration(email)), 201, 'user', 'token');
  answered(await browser.post('/api/password_reset/', { email }), 200, 'detail');
  answered(await browser.post('/api/password_reset/', { email: 'nobody@example.org' }), 200, 'detail');
  await server.up();
  await server.mail(email, { count: 2 });
  const links = server.to(email).map(linkIn);
  const follow = (name) => links.find(({ page: at }) => at.endsWith(name));
  const [first, reset] = [follow('activate.html'), follow('confirm_password.html')];
  answered(await browser.get(`/api/activate/${first.uid}/${first.token}/`), 200, 'message');
  const fresh = { new_password: 'another long password', confirm_password: 'another long password' };
  answered(await browser.post(`/api/password_confirm/${reset.uid}/${reset.token}/`, fresh), 200, 'detail');
  answered(await login(browser, email, 'another long password'), 200, 'detail', 'user');
  assert.equal(server.to('nobody@example.org').length, 0);
});

test('where no activation is asked for, a new user signs in at once and gets no mail', async () => {
  const open = await Daemon.start({ set: ['auth.videoflix_activation=false'] });
  after(() => open.dispose());
  const browser = new Visitor(open);
  answered(await browser.post('/api/register/', registration('now@example.org')), 201, 'user', 'token');
  answered(await login(browser, 'now@example.org'), 200, 'detail', 'user');
  assert.equal((await new Mailbox(open).of('now@example.org')).length, 0);
});

test('v1 asks for activation where it is told to, and never lets in who still has to', async () => {
  const { email, link } = await registered();
  const guest = new Client(daemon);
  const credentials = { username: email, password };
  refused(await guest.post('/api/v1/auth/login', { form: credentials }), 401);
  await activate(link);
  ok(await guest.post('/api/v1/auth/login', { form: credentials }));
  const strict = await Daemon.start({ set: ['auth.v1_activation=true'] });
  after(() => strict.dispose());
  const outside = new Client(strict);
  const mine = { email: 'v1@example.org', password };
  ok(await outside.post('/api/v1/auth/register', { json: mine }));
  refused(await outside.post('/api/v1/auth/login', { form: { username: mine.email, password } }), 401);
  const mailed = linkIn(await new Mailbox(strict).next(mine.email));
  answered(await new Visitor(strict).get(`/api/activate/${mailed.uid}/${mailed.token}/`), 200, 'message');
  ok(await outside.post('/api/v1/auth/login', { form: { username: mine.email, password } }));
});
