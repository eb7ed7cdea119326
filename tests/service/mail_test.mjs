// Story: reeld sends mail: into a folder by default, else through a mail server that signs in, encrypts,
// refuses, puts off, is slow or down. A mail is delayed by that and never lost, and nobody waits for it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { admin, build, Daemon, run } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { mailFolder, mailsOf, mailTo } from '../harness/outbox.mjs';
import { certificate, linkOf, MailServer, refusal } from '../harness/smtp.mjs';
import { until } from '../harness/until.mjs';

let folder, files;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-mail-'));
  files = certificate(folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

const impatient = ['mail.retry_first_seconds=1', 'mail.retry_longest_seconds=1'];
const from = ['mail.from=noreply@example.org', 'mail.from_name=Grüße von hier', 'mail.frontend_url=https://video.example.org/'];
const through = (config) => [`plugins.smtp=${JSON.stringify({ use: 'notifier-smtp', config })}`, 'notifier=smtp'];
const secretFile = (content) => {
  const path = join(folder, randomBytes(6).toString('hex'));
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

/// A story with a daemon, and with a mail server it sends through unless `server` is false.
function story(name, { server: made = {}, set = [], config = {} }, body) {
  test(name, async () => {
    const server = made && await MailServer.start(made);
    const daemon = await Daemon.prepare({ set: [...from, ...impatient, ...(server ? through(server.config(config)) : []), ...set] });
    try {
      await daemon.start();
      await body({ daemon, server });
    } finally {
      await daemon.dispose();
      await server?.down?.().catch(() => {});
    }
  });
}

const ctl = async (daemon, ...args) => {
  const { code, output } = await daemon.ctl(args);
  assert.equal(code, 0, output);
  return output;
};
const trial = (daemon, email = admin.email) => ctl(daemon, 'mail', 'test', email);
const listed = async (daemon, ...args) => JSON.parse(await ctl(daemon, 'mail', 'list', '--json', ...args));
const settled = (daemon, state, error = /(?:)/) => until(async () => {
  const [mail] = await listed(daemon);
  return mail.state === state && error.test(mail.last_error) && mail;
}, { what: () => `the newest mail is ${state} with ${error}:\n${daemon.log.slice(-1500)}`, within: 20_000 });

/// What a registration writes: a token of which the database has no more than a hash, and its mail.
function enqueue(daemon, purpose, user = 1) {
  const id = randomBytes(16).toString('base64url');
  const now = Date.now();
  daemon.database.query(`INSERT INTO mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at) VALUES ('${id}', ${user}, '${purpose}', '${id}', ${now}, ${now})`);
  daemon.database.query(`INSERT INTO mail_queue (purpose, user_id, token_id, run_at, begun_at, created_at) VALUES ('${purpose}', ${user}, '${id}', ${now}, ${now}, ${now})`);
  return id;
}

story('by default a mail is a file in the data folder that its owner alone may read', { server: false }, async ({ daemon }) => {
  await trial(daemon);
  const { file, parsed } = await mailTo(daemon, admin.email);
  assert.equal(statSync(mailFolder(daemon)).mode & 0o777, 0o700);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(parsed.from.value[0].address, 'noreply@example.org');
  assert.equal(parsed.from.value[0].name, 'Grüße von hier');
  assert.match(parsed.messageId, /^<\d+-[\w-]+@example\.org>$/);
  assert.ok(Math.abs(parsed.date - Date.now()) < 60_000, parsed.date);
  assert.match(parsed.text, /arrives|reaches/);
  assert.match(parsed.html, /<html/);
  assert.equal(parsed.headers.get('content-type').value, 'multipart/alternative');
  assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
  // The folder may be emptied, or be gone: the next mail makes it again.
  rmSync(mailFolder(daemon), { recursive: true });
  await trial(daemon);
  await until(async () => readdirSync(daemon.dataDir).includes('mail') && (await mailsOf(daemon)).length === 1, { what: 'the folder is made again' });
});

story('the links lead to the pages of the frontend, and only their hash is in the database', { server: false }, async ({ daemon }) => {
  for (const [purpose, page, life] of [['activation', 'activate', 24], ['password-reset', 'confirm_password', 1]]) {
    const id = enqueue(daemon, purpose);
    const sent = await until(async () => (await mailsOf(daemon)).find(({ parsed }) => linkOf({ parsed }).pathname.includes(page)), { what: purpose });
    const link = linkOf(sent);
    assert.equal(link.origin + link.pathname, `https://video.example.org/pages/auth/${page}.html`);
    assert.equal(Buffer.from(link.searchParams.get('uid'), 'base64url').toString(), '1');
    assert.equal(link.searchParams.get('uid'), Buffer.from('1').toString('base64url'));
    const token = link.searchParams.get('token');
    assert.match(token, /^[\w-]{43}$/);
    const [[hash, expires]] = daemon.database.query(`SELECT token_hash, expires_at FROM mail_tokens WHERE id = '${id}'`);
    assert.equal(hash, createHash('sha256').update(token).digest('hex'));
    assert.ok(Math.abs(Number(expires) - Date.now() - life * 3_600_000) < 60_000, expires);
    assert.equal(daemon.database.query(`SELECT COUNT(*) FROM mail_tokens WHERE id = '${token}' OR token_hash = '${token}'`)[0][0], '0');
    assert.ok(!daemon.log.includes(token), 'the token is in the log');
  }
});

const password = 'planted-secret of the mail server';
const account = { user: 'reeld@mail', password };
for (const [tls, methods] of [['starttls', ['PLAIN']], ['implicit', ['LOGIN']], ['none', ['PLAIN', 'LOGIN']]]) {
  test(`a mail goes through a server with tls: ${tls} that signs in by ${methods[0]}`, async () => {
    const server = await MailServer.start({ tls, files: tls === 'none' ? undefined : files, auth: { ...account, methods } });
    const config = server.config({ user: account.user, password_file: secretFile(password + '\n') });
    const daemon = await Daemon.start({ set: [...from, ...through(config)] });
    try {
      await trial(daemon);
      const mail = await server.mail(admin.email);
      assert.equal(mail.from, 'noreply@example.org');
      assert.equal(mail.secure, tls !== 'none');
      assert.equal(mail.user, account.user);
      assert.deepEqual(server.logins, [{ method: methods[0], secure: tls !== 'none', user: account.user }]);
      assert.equal(mail.parsed.from.value[0].name, 'Grüße von hier');
      assert.equal(mail.parsed.to.value[0].address, admin.email);
      await settled(daemon, 'sent');
      assert.ok(!daemon.log.includes(password));
    } finally {
      await daemon.dispose();
      await server.down();
    }
  });
}

story('lines of a mail are short, end in CR LF and begin with no dot', {}, async ({ daemon, server }) => {
  const user = ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email: 'dots@example.org', password: 'a long enough password' } })).json.user_id;
  enqueue(daemon, 'activation', user);
  const mail = await server.mail('dots@example.org');
  for (const line of mail.raw.toString('latin1').split('\r\n')) assert.ok(line.length <= 78 && !line.startsWith('.'), line);
  assert.ok(!mail.raw.toString('latin1').replaceAll('\r\n', '').match(/[\r\n]/), 'a bare CR or LF');
  assert.equal(linkOf(mail).searchParams.get('token').length, 43);
});

for (const [what, subjects, trusted] of [['of nobody we trust', 'DNS:localhost,IP:127.0.0.1', false], ['of another host', 'DNS:other.example.org', true]]) {
  test(`a server with a certificate ${what} gets no mail and no password`, async () => {
    const theirs = certificate(folder, 'theirs', subjects);
    for (const tls of ['starttls', 'implicit']) {
      const server = await MailServer.start({ tls, files: theirs, auth: account });
      const config = server.config({ user: account.user, password_file: secretFile(password), ca_file: trusted ? theirs.cert : files.cert });
      const daemon = await Daemon.start({ set: [...from, ...impatient, ...through(config)] });
      try {
        await trial(daemon);
        await settled(daemon, 'waiting', /certificate|SSL/);
        assert.deepEqual([server.mails, server.logins], [[], []]);
      } finally {
        await daemon.dispose();
        await server.down();
      }
    }
  });
}

story('a server that does not offer STARTTLS gets nothing in the clear', { server: { tls: 'none' }, config: { tls: 'starttls' } }, async ({ daemon, server }) => {
  await trial(daemon);
  await settled(daemon, 'waiting', /STARTTLS/);
  assert.deepEqual(server.mails, []);
});

test('a wrong password delays mail; with the right one in the file it goes out', async () => {
  const server = await MailServer.start({ tls: 'starttls', files, auth: account });
  const path = secretFile('planted-secret that is wrong');
  const daemon = await Daemon.start({ set: [...from, ...impatient, ...through(server.config({ user: account.user, password_file: path }))] });
  try {
    await trial(daemon);
    await settled(daemon, 'waiting', /does not let "reeld@mail" sign in \(535/);
    writeFileSync(path, password);
    await server.mail(admin.email);
    assert.ok(!daemon.log.includes('planted-secret'));
  } finally {
    await daemon.dispose();
    await server.down();
  }
});

test('a server that moved is found after a reload', async () => {
  const here = await MailServer.start();
  const there = await MailServer.start();
  const daemon = await Daemon.prepare({ set: [...from, ...impatient, 'notifier=smtp'] });
  const use = (server) => writeFileSync(daemon.config, JSON.stringify({ plugins: { smtp: { use: 'notifier-smtp', config: server.config() } } }));
  try {
    use(here);
    await daemon.start();
    await here.down();
    await trial(daemon);
    await settled(daemon, 'waiting', /Connection refused|connect/);
    use(there);
    process.kill(daemon.pid, 'SIGHUP');
    await there.mail(admin.email);
  } finally {
    await daemon.dispose();
    await there.down();
  }
});

story('a refused recipient is final, is listed with the reason, and can be tried again by hand', {}, async ({ daemon, server }) => {
  server.conduct.to = () => { throw refusal(550, 'no such mailbox'); };
  await trial(daemon);
  const mail = await settled(daemon, 'discarded', /550 no such mailbox/);
  assert.equal(mail.attempt, 1);
  assert.equal(server.connections, 1);
  assert.match(await ctl(daemon, 'mail', 'list', '--state', 'discarded'), /trial +admin@example\.org +discarded +1 +- .*550 no such mailbox/);
  server.conduct.to = undefined;
  await ctl(daemon, 'mail', 'retry', String(mail.id));
  await server.mail(admin.email);
  await settled(daemon, 'sent');
  const again = await daemon.ctl(['mail', 'retry', String(mail.id)]);
  assert.equal(again.code, 1);
  assert.match(again.output, /mail 1 is sent/);
  assert.match((await daemon.ctl(['mail', 'retry', '4711'])).output, /there is no mail 4711/);
  assert.match((await daemon.ctl(['mail', 'test', 'nobody@example.org'])).output, /there is no user nobody@example.org/);
});

story('what the server puts off comes again, wherever in the dialogue it did so', {}, async ({ daemon, server }) => {
  for (const step of ['connect', 'from', 'to', 'data']) {
    let refusals = 0;
    const sofar = server.mails.length;
    server.conduct = { [step]: () => { if (++refusals <= 2) throw refusal(step === 'connect' ? 421 : 451, 'come again'); } };
    await trial(daemon);
    await server.mail(admin.email, { count: sofar + 1 });
    const mail = await settled(daemon, 'sent');
    assert.equal(mail.attempt, 3, step);
  }
});

story('refusals of us rather than of the mail are no reason to give it up', {}, async ({ daemon, server }) => {
  server.conduct.to = () => { throw refusal(550, '5.7.1 relaying denied'); };
  await trial(daemon);
  await settled(daemon, 'waiting', /does not let us send: 550 5\.7\.1/);
  server.conduct = {};
  await server.mail(admin.email);
});

story('a mail that cannot be sent for its whole time is given up with a line in the log', { set: ['mail.give_up_seconds=2'] }, async ({ daemon, server }) => {
  server.conduct.to = () => { throw refusal(451, 'not now'); };
  await trial(daemon);
  const mail = await settled(daemon, 'discarded', /451 not now/);
  assert.ok(mail.attempt >= 2 && mail.finished_at - mail.created_at >= 2000, JSON.stringify(mail));
  assert.match(daemon.log, /error a mail is given up .*mail=1/);
  const metrics = (await request(daemon.adminUrl, 'GET', '/metrics')).text;
  assert.match(metrics, /^reeld_notify_sends_total\{outcome="discarded"\} 1$/m);
  assert.match(metrics, /^reeld_notify_sends_total\{outcome="deferred"\} [1-9]/m);
});

story('a slow server holds up neither requests nor the other mails', { config: { timeout_seconds: 2 } }, async ({ daemon, server }) => {
  const slow = 'slow@example.org';
  ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email: slow, password: 'a long enough password' } }));
  let stuck;
  server.conduct.to = (address) => (address === slow && !stuck ? new Promise((resolve) => { stuck = resolve; }) : undefined);
  await trial(daemon, slow);
  await until(() => stuck, { what: 'the server thinks' });
  await trial(daemon);
  const began = Date.now();
  ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email: 'quick@example.org', password: 'a long enough password' } }));
  assert.ok(Date.now() - began < 2000);
  await server.mail(admin.email);
  assert.equal(server.to(slow).length, 0);
  await until(async () => (await listed(daemon)).some((mail) => /takes too long/.test(mail.last_error)), { what: 'the slow mail is broken off' });
  await server.mail(slow);
  stuck();
});

story('a server that is down for an hour delays mail, and every mail comes once', { set: ['mail.retry_first_seconds=1', 'mail.retry_longest_seconds=2'] }, async ({ daemon, server }) => {
  await server.down();
  for (let i = 0; i < 10; ++i) enqueue(daemon, i % 2 ? 'activation' : 'password-reset');
  // The hour: every mail was refused several times.
  await until(async () => (await listed(daemon)).every(({ attempt, state }) => attempt >= 3 && state !== 'sent'), { what: 'each was tried three times', within: 30_000 });
  assert.equal((await request(daemon.adminUrl, 'GET', '/readyz')).status, 200);
  assert.match((await request(daemon.adminUrl, 'GET', '/metrics')).text, /^reeld_notify_waiting_mails 10$/m);
  ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email: 'meanwhile@example.org', password: 'a long enough password' } }));
  await server.up();
  await server.mail(admin.email, { count: 10, within: 40_000 });
  await until(async () => (await listed(daemon)).every(({ state }) => state === 'sent'), { what: 'all are sent' });
  assert.equal(new Set(server.mails.map(({ parsed }) => parsed.messageId)).size, 10);
  assert.equal(server.mails.length, 10);
  for (const mail of server.mails) assert.equal(linkOf(mail).searchParams.get('token').length, 43);
});

/// A call as the Videoflix pages make it; the status, the cookies and the body.
async function page(daemon, method, path, json, cookie) {
  const body = json && JSON.stringify(json);
  const answer = await request(daemon.url, method, `/api/${path}`, { body, headers: { 'content-type': 'application/json', ...(body ? { 'content-length': Buffer.byteLength(body) } : {}), ...(cookie ? { cookie } : {}) } });
  const cookies = (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
  return { status: answer.status, cookies, json: answer.json };
}
const linkPath = (mail, route) => `${route}/${linkOf(mail).searchParams.get('uid')}/${linkOf(mail).searchParams.get('token')}/`;

story('while the mail server is down people register and ask for resets as ever, and their mails come later', {}, async ({ daemon, server }) => {
  const [email, first, second] = ['ada@example.org', 'a long enough password', 'another long password'];
  const reset = (address) => page(daemon, 'POST', 'password_reset/', { email: address });
  await server.down();
  const began = Date.now();
  assert.equal((await page(daemon, 'POST', 'register/', { email, password: first, confirmed_password: first })).status, 201);
  assert.deepEqual(await reset(admin.email), await reset('nobody@example.org'));
  assert.ok(Date.now() - began < 5000);
  assert.equal((await page(daemon, 'POST', 'login/', { email, password: first })).status, 400);
  await until(async () => (await listed(daemon)).length === 2 && (await listed(daemon)).every(({ attempt }) => attempt > 1), { what: 'both mails were tried' });
  await server.up();
  const activate = linkPath(await server.mail(email), 'activate');
  assert.equal((await page(daemon, 'GET', activate)).status, 200);
  assert.equal((await page(daemon, 'GET', activate)).status, 400);
  const { status, cookies } = await page(daemon, 'POST', 'login/', { email, password: first });
  assert.equal(status, 200);
  assert.equal((await page(daemon, 'POST', 'token/refresh/', undefined, cookies)).status, 200);
  assert.equal((await reset(email)).status, 200);
  const confirm = linkPath(await server.mail(email, { count: 2 }), 'password_confirm');
  assert.equal((await page(daemon, 'GET', confirm.replace('password_confirm', 'activate'))).status, 400);
  assert.equal((await page(daemon, 'POST', confirm, { new_password: second, confirm_password: second })).status, 200);
  const again = await page(daemon, 'POST', 'login/', { email, password: second });
  assert.equal(again.status, 200);
  assert.equal((await page(daemon, 'POST', 'logout/', undefined, again.cookies)).status, 200);
  await server.mail(admin.email);
  assert.equal(server.mails.length, 3);
});

story('no address can add a header or a recipient: what is none is refused and gets no mail', {}, async ({ daemon, server }) => {
  for (const email of ['a@example.org\r\nBcc: b@example.org', 'a@example.org\nbcc:b@example.org', 'a@example.org>\r\nRCPT TO:<b@example.org', 'a@example.org,b@example.org', '"a b"@example.org', 'a\u0000@example.org', 'a@example.org\r']) {
    const { status } = await page(daemon, 'POST', 'register/', { email, password: 'a long enough password', confirmed_password: 'a long enough password' });
    assert.ok(status === 400 || email.endsWith('\r'), `${JSON.stringify(email)}: ${status}`);
  }
  await trial(daemon);
  await server.mail(admin.email);
  for (const { to, raw } of server.mails) {
    assert.equal(to.length, 1);
    assert.ok(!/^bcc:/im.test(raw.toString()), raw.toString());
  }
});

test('links lead to the host that the pages call, unless another is set', async () => {
  const daemon = await Daemon.start();
  try {
    enqueue(daemon, 'activation');
    // One host for pages and API: otherwise the browser keeps no cookie that a page behind a link gets.
    assert.equal(linkOf(await mailTo(daemon, admin.email)).origin, 'http://127.0.0.1:5500');
  } finally {
    await daemon.dispose();
  }
});

story('killed between writing a mail down and sending it, the daemon sends it when it is back', {}, async ({ daemon, server }) => {
  await server.down();
  await trial(daemon);
  await daemon.kill();
  await server.up();
  await daemon.start();
  await server.mail(admin.email);
  await settled(daemon, 'sent');
  assert.equal(server.mails.length, 1);
});

story('killed while the server thinks about a mail, the daemon sends it again with the same Message-ID', {}, async ({ daemon, server }) => {
  let taken;
  server.conduct.data = (raw) => { if (!taken) { taken = raw; return new Promise(() => {}); } };
  await trial(daemon);
  await until(() => taken, { what: 'the mail is under way' });
  await daemon.kill();
  await daemon.start();
  const mail = await server.mail(admin.email);
  const idOf = (raw) => raw.toString().match(/^Message-ID: (.*)\r$/m)[1];
  assert.equal(idOf(mail.raw), idOf(taken));
});

story('ended in an orderly way while the server thinks, the daemon ends soon and keeps the mail', { config: { timeout_seconds: 50 } }, async ({ daemon, server }) => {
  let stuck = false;
  server.conduct.to = () => { if (!stuck) { stuck = true; return new Promise(() => {}); } };
  await trial(daemon);
  await until(() => stuck, { what: 'the server thinks' });
  const { code, took } = await daemon.stop();
  assert.deepEqual([code, took < 10_000], [0, true], `${took} ms`);
  await daemon.start();
  await server.mail(admin.email);
  assert.equal((await settled(daemon, 'sent')).attempt, 1);
});

story('an address beyond ASCII gets its mail from a server that knows SMTPUTF8', {}, async ({ daemon, server }) => {
  const email = 'jörg@bücher.example.org';
  ok(await new Client(daemon).post('/api/v1/auth/register', { json: { email, password: 'a long enough password' } }));
  await trial(daemon, email);
  const mail = await until(() => server.mails[0], { what: 'it arrives' });
  assert.equal(mail.to[0], email);
  assert.equal(mail.parsed.to.value[0].address, email);
});

test('a domain beyond ASCII goes to every server in ASCII; a name before the @ needs SMTPUTF8, and its mail says so', async () => {
  const lines = [];
  const plain = net.createServer((socket) => {
    let left = '';
    let inMail = false;
    socket.on('error', () => {}).write('220 old.example ESMTP\r\n');
    socket.on('data', (bytes) => {
      const whole = (left + bytes.toString('latin1')).split('\r\n');
      left = whole.pop();
      for (const line of whole) {
        lines.push(line);
        if (inMail && line !== '.') continue;
        inMail = /^DATA/i.test(line);
        socket.write(/^EHLO/i.test(line) ? '250-old.example\r\n250 PIPELINING\r\n' : inMail ? '354 go on\r\n' : /^QUIT/i.test(line) ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
  });
  await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const daemon = await Daemon.start({ set: [
    ...from, ...impatient, ...through({ host: '127.0.0.1', port: plain.address().port, tls: 'none', timeout_seconds: 5 }),
  ] });
  after(() => plain.close());
  after(() => daemon.dispose());
  const guest = new Client(daemon);
  for (const email of ['plain@bücher.example', 'jörg@example.org']) {
    ok(await guest.post('/api/v1/auth/register', { json: { email, password: 'a long enough password' } }));
  }
  await trial(daemon, 'plain@bücher.example');
  await settled(daemon, 'sent');
  assert.ok(lines.some((line) => /^MAIL FROM:<noreply@example\.org>/.test(line)), lines.join('\n'));
  assert.ok(lines.includes('RCPT TO:<plain@xn--bcher-kva.example>') && lines.includes('To: <plain@xn--bcher-kva.example>'), lines.join('\n'));
  assert.ok(lines.every((line) => !/[\x80-\xff]/.test(line)), lines.join('\n'));
  const before_ = lines.filter((line) => /^MAIL/.test(line)).length;
  await trial(daemon, 'jörg@example.org');
  await settled(daemon, 'discarded', /does not offer SMTPUTF8/);
  assert.equal(lines.filter((line) => /^MAIL/.test(line)).length, before_);
});

test('what is wrong with the mail server\'s configuration is said at the start, with its place', async () => {
  const open = secretFile(password);
  chmodSync(open, 0o644);
  const rows = [
    [{ user: 'x' }, /\/password_file: user and password_file go together/],
    [{ password_file: '/x' }, /\/user: user and password_file go together/],
    [{ user: 'x', password_file: '/nowhere/pw' }, /\/password_file: cannot open \/nowhere\/pw: No such file/],
    [{ user: 'x', password_file: open }, /\/password_file: .*chmod 600/],
    [{ host: 'mail.example.org', tls: 'none', user: 'x', password_file: secretFile('p') }, /\/tls: would send the password in the clear/],
    [{ tls: 'ssl' }, /\/tls/],
    [{ host: 'a b' }, /\/host/],
    [{ port: 70000 }, /\/port/],
    [{ hots: 'x' }, /hots/],
  ];
  for (const [config, message] of rows) {
    const daemon = await Daemon.prepare({ set: through(config) });
    daemon.launch();
    assert.equal((await daemon.exited).code, 78, JSON.stringify(config));
    assert.match(daemon.log, message, JSON.stringify(config));
    await daemon.dispose();
  }
});

test('a sender or a frontend that no mail could have is refused by the configuration', async () => {
  const daemon = await Daemon.prepare();
  for (const [key, value] of [
    ['from', 'nobody'], ['from', 'Name <a@example.org>'], ['from', 'a@example.org\r\nBcc: b@example.org'], ['from', 'a@b@example.org'], ['from', ''],
    ['from_name', 'x\nBcc: b@example.org'], ['frontend_url', 'video.example.org'], ['frontend_url', 'javascript:alert(1)'],
    ['frontend_url', 'https://video.example.org/?a=b'], ['frontend_url', 'https://video.example.org/"onmouseover="x'], ['retry_first_seconds', '0'],
  ]) {
    writeFileSync(daemon.config, JSON.stringify({ mail: { [key]: value } }));
    const { code, output } = await run(join(build, 'bin/reeld'), ['--check-config', ...daemon.arguments], { env: daemon.env });
    assert.equal(code, 78, `${key} ${value}: ${output}`);
    assert.match(output, new RegExp(`mail.*${key}`), output);
  }
  await daemon.dispose();
});

const onPostgres = process.env.REELD_TEST_DATABASE === 'postgres';
(onPostgres ? test : () => {})('two daemons on one database send every mail once', async () => {
  const server = await MailServer.start();
  const one = await Daemon.prepare({ set: [...from, ...through(server.config())] });
  const other = await Daemon.prepare({ set: [...from, ...through(server.config())] });
  other.settings.push(...one.database.settings);
  try {
    await one.start();
    await other.start();
    for (let i = 0; i < 30; ++i) enqueue(one, 'activation');
    await server.mail(admin.email, { count: 30 });
    await until(async () => (await listed(one)).every(({ state }) => state === 'sent'), { what: 'all are sent' });
    assert.equal(server.mails.length, 30);
    assert.equal(new Set(server.mails.map(({ parsed }) => parsed.messageId)).size, 30);
  } finally {
    await one.dispose();
    await other.dispose();
    await server.down();
  }
});
