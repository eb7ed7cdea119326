// A real mail server for a story: listens on a port of its own, with STARTTLS, TLS from the first byte or
// neither, with or without AUTH; keeps what it was sent. How it behaves is changed while it runs, and it can
// go down and come back on the same port.
import { simpleParser } from 'mailparser';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { freePorts } from './daemon.mjs';
import { until } from './until.mjs';

/// A certificate that signs itself, for these names: { key, cert } as paths of PEM files in the folder.
export function certificate(folder, name = 'mail', subjects = 'DNS:localhost,IP:127.0.0.1') {
  const key = join(folder, `${name}.key`);
  const cert = join(folder, `${name}.pem`);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=a mail server', '-addext', `subjectAltName=${subjects}`, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key, cert };
}

/// An answer with that code: the conduct's functions throw it.
export function refusal(responseCode, message = 'refused') {
  return Object.assign(new Error(message), { responseCode });
}

export class MailServer {
  /// `tls` is none, starttls or implicit (then with a certificate()); `auth` is { user, password, methods }.
  static async start({ tls = 'none', files, auth, options = {} } = {}) {
    const server = new MailServer();
    [server.port] = await freePorts(1);
    Object.assign(server, { tls, files, auth, options, mails: [], connections: 0, logins: [], conduct: {} });
    await server.up();
    return server;
  }

  /// What a daemon is told to send through this server.
  config(more = {}) {
    return { host: '127.0.0.1', port: this.port, tls: this.tls, ...(this.files ? { ca_file: this.files.cert } : {}), ...more };
  }

  async up() {
    const { tls, files, auth } = this;
    this.server = new SMTPServer({
      secure: tls === 'implicit',
      ...(files ? { key: readFileSync(files.key), cert: readFileSync(files.cert) } : {}),
      disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(auth ? [] : ['AUTH'])],
      authOptional: !auth,
      allowInsecureAuth: tls === 'none',
      ...(auth?.methods ? { authMethods: auth.methods } : {}),
      closeTimeout: 100,
      logger: false,
      onConnect: (session, done) => { this.connections++; settle(() => this.conduct.connect?.(session), done); },
      onAuth: (login, session, done) => {
        this.logins.push({ method: login.method, secure: session.secure, user: login.username });
        const good = login.username === auth.user && login.password === auth.password;
        done(good ? null : refusal(535, 'wrong password'), good ? { user: login.username } : undefined);
      },
      onMailFrom: (address, session, done) => settle(() => this.conduct.from?.(address.address), done),
      onRcptTo: (address, session, done) => settle(() => this.conduct.to?.(address.address), done),
      onData: (stream, session, done) => this.take(stream, session, done),
      ...this.options,
    });
    this.server.on('error', () => {});  // a client that hangs up is its own business
    await new Promise((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', resolve);
    });
  }
  async down() {
    await new Promise((resolve) => this.server.close(resolve));
  }

  take(stream, session, done) {
    const pieces = [];
    stream.on('data', (piece) => pieces.push(piece));
    stream.on('end', () => settle(async () => {
      const raw = Buffer.concat(pieces);
      await this.conduct.data?.(raw);
      const { mailFrom, rcptTo } = session.envelope;
      this.mails.push({ raw, from: mailFrom.address, to: rcptTo.map(({ address }) => address), secure: session.secure, user: session.user, parsed: await simpleParser(raw) });
    }, done));
  }

  /// The mails to that address so far.
  to(address) {
    return this.mails.filter((mail) => mail.to.includes(address));
  }
  /// The newest mail to that address once there are `count` of them.
  async mail(address, { count = 1, within = 20_000 } = {}) {
    await until(() => this.to(address).length >= count, { what: () => `${count} mails to ${address} (now ${this.to(address).length})`, within });
    return this.to(address).at(-1);
  }
}

/// Answers a step of the dialogue as the conduct says: at once, after a while, or with a refusal.
function settle(step, done) {
  Promise.resolve().then(step).then(() => done(), (error) => done(error));
}

/// The address that a mail's link leads to; the text and the page must agree.
export function linkOf({ parsed }) {
  const [inText] = parsed.text.match(/https?:\S+/) ?? [];
  const [, inPage] = parsed.html.match(/<a href="([^"]+)"/) ?? [];
  if (!inText || inText !== inPage?.replaceAll('&amp;', '&')) throw new Error(`the links differ: ${inText} and ${inPage}`);
  return new URL(inText);
}
