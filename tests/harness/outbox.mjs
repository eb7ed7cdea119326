// The mails of a daemon on its embedded default: files in DATA/mail.
import { simpleParser } from 'mailparser';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.mjs';

export const mailFolder = (daemon) => join(daemon.dataDir, 'mail');

/// All mails so far, oldest first: { file, raw, parsed }.
export async function mailsOf(daemon) {
  const folder = mailFolder(daemon);
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
  return Promise.all(files.map(async (name) => {
    const raw = readFileSync(join(folder, name));
    return { file: join(folder, name), raw, parsed: await simpleParser(raw) };
  }));
}

/// The newest mail to that address once there are `count` of them.
export async function mailTo(daemon, address, { count = 1, within = 20_000 } = {}) {
  let found = [];
  await until(async () => {
    found = (await mailsOf(daemon)).filter(({ parsed }) => parsed.to.text === address);
    return found.length >= count;
  }, { what: () => `${count} mails to ${address} (now ${found.length})`, within });
  return found.at(-1);
}
