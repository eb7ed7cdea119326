// Story: somebody copied files about as root. What the daemon needs and cannot use is named with the command
// that mends it; the very command of the message is run, and the daemon starts and plays.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site } from '../harness/site.mjs';

let site;
before(async () => { site = await Site.playing('files'); });
after(() => site.dispose());

// What is done to a file of a good installation, and which file the message must name.
const harms = [
  ['the database belongs to root', 'chown root:root /var/lib/reeld/reeld.db', '/var/lib/reeld/reeld.db'],
  ['the lock belongs to root', 'chown root:root /var/lib/reeld/reeld.lock', '/var/lib/reeld/reeld.lock'],
  ['the signing secret belongs to root', 'chown root:root /var/lib/reeld/secret', '/var/lib/reeld/secret'],
  ['the signing secret may be read by others', 'chmod 644 /var/lib/reeld/secret', '/var/lib/reeld/secret'],
  ['the spool belongs to root', 'chown root:root /var/lib/reeld/spool', '/var/lib/reeld/spool'],
  ['the folder of work belongs to root', 'chown root:root /var/lib/reeld/work', '/var/lib/reeld/work'],
  ['the database of the audit trail belongs to root', 'chown root:root /var/lib/reeld/instances/audit/instance.db', '/var/lib/reeld/instances/audit/instance.db'],
  ['the database of the audit trail may only be read', 'chmod 400 /var/lib/reeld/instances/audit/instance.db', '/var/lib/reeld/instances/audit/instance.db'],
  ['what the audit trail keeps beside it belongs to root', 'chmod 600 /var/lib/reeld/instances/audit/node && chown root:root /var/lib/reeld/instances/audit/node', '/var/lib/reeld/instances/audit/node'],
  ['the folder of media belongs to root', 'chown root:root /var/lib/reeld/instances/disk/media', '/var/lib/reeld/instances/disk/media'],
  ['all that lies in the folder of media belongs to root', 'chown -R root:root /var/lib/reeld/instances/disk/media/videos', '/var/lib/reeld/instances/disk/media/videos'],
  ['the folder of media may only be read', 'chmod 500 /var/lib/reeld/instances/disk/media', '/var/lib/reeld/instances/disk/media'],
  ['the configuration may be read by root alone', 'chmod 600 /etc/reeld/reeld.yaml', '/etc/reeld/reeld.yaml'],
  ['a file of conf.d may be read by root alone', 'echo "{}" >/etc/reeld/conf.d/own.yaml && chmod 600 /etc/reeld/conf.d/own.yaml', '/etc/reeld/conf.d/own.yaml'],
  ['conf.d may be entered by root alone', 'chmod 700 /etc/reeld/conf.d', '/etc/reeld/conf.d'],
  ['a plugin may be written by everybody', 'chmod 777 /usr/lib/reeld/plugins/auth-password.so', '/usr/lib/reeld/plugins/auth-password.so'],
  ['a plugin belongs to somebody else', 'chown 1234 /usr/lib/reeld/plugins/storage-disk.so', '/usr/lib/reeld/plugins/storage-disk.so'],
  ['the folder of plugins may be written by everybody', 'chmod 777 /usr/lib/reeld/plugins', '/usr/lib/reeld/plugins'],
];

for (const [what, harm, path] of harms) {
  test(`${what}: named with the command that mends it`, async () => {
    await site.does(harm);
    const cursor = await site.cursor();
    const started = await site.sh('systemctl restart reeld');
    const said = await site.journalSince(cursor);
    assert.notEqual(started.code, 0, `reeld started with ${what}`);
    const { SubState, ExecMainStatus } = await site.unit();
    assert.deepEqual([SubState, ExecMainStatus], ['failed', '78'], said);
    const fix = fixIn(said, path);
    assert.ok(fix, `no command for ${path} in:\n${said}`);
    await site.does(`${fix} && systemctl start reeld`);
    await site.answers();
  });
}

test('after all of it the clip plays', () => site.plays());

/// The first command, or commands joined by "&&", of a message that are about the path.
function fixIn(said, path) {
  const one = '(?:chown|chgrp|chmod)(?: -R)? \\S+ (/[^\\s;,()"]+)';
  const commands = [...said.matchAll(new RegExp(`${one}(?: && ${one})*`, 'g'))];
  return commands.find(([, target]) => target === path)?.[0];
}
