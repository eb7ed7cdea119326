// The mails of one daemon as their reader sees them: the next one to an address, and the link in it.
import assert from 'node:assert/strict';
import { mailsOf } from './outbox.mjs';
import { until } from './until.mjs';

export class Mailbox {
  constructor(daemon) {
    this.daemon = daemon;
    this.seen = new Set();
  }
  /// Every mail to that address so far, oldest first.
  async of(email) {
    return (await mailsOf(this.daemon)).filter(({ parsed }) => parsed.to.text === email);
  }
  /// The next mail to that address that was not yet given out; waits for it.
  async next(email, within = 20_000) {
    const mail = await until(async () => (await this.of(email)).find(({ file }) => !this.seen.has(file)), { what: `a mail to ${email} arrives`, within });
    this.seen.add(mail.file);
    return mail;
  }
  /// Waits until the daemon has nothing left to send.
  async settled(within = 20_000) {
    const left = () => this.daemon.database.query("SELECT (SELECT COUNT(*) FROM reset_requests) + (SELECT COUNT(*) FROM mail_queue WHERE state IN ('waiting', 'sending'))");
    await until(() => left()[0][0] === '0', { what: 'every mail is sent', within });
  }
}

/// { page, uid, token } of the one link a mail carries, the same in text and HTML.
export function linkIn({ parsed }) {
  const links = (text) => [...new Set((text.match(/https?:\/\/[^\s"'<>]+\?uid=[^\s"'<>]+/g) ?? []).map((link) => link.replaceAll('&amp;', '&')))];
  const [found, ...more] = links(parsed.text);
  assert.ok(found, `no link in\n${parsed.text}`);
  assert.deepEqual([more, links(parsed.html)], [[], [found]]);
  const url = new URL(found);
  assert.deepEqual([...url.searchParams.keys()], ['uid', 'token']);
  return { page: url.origin + url.pathname, uid: url.searchParams.get('uid'), token: url.searchParams.get('token') };
}
