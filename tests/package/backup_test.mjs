// Story: the administrator makes a backup by hand as the guide says, while the site runs; the disk is lost, the
// package is installed on a new system, and the backup is brought back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Site } from '../harness/site.mjs';
import { follow, section } from './follow.mjs';

let site;
before(async () => { site = await Site.playing('backup'); });
after(() => site.dispose());

test('the backup of the guide is made while the daemon runs', async () => {
  site.write('/etc/reeld/conf.d/10-page.yaml', 'http: {cors_origins: ["https://www.example.org"]}\n');
  await follow(site, 'Backup by hand', (index) => index === 0);
  // A second one over the first: that is what a timer does.
  await follow(site, 'Backup by hand', (index) => index === 0);
  await site.does('test -s /var/backups/reeld/reeld.db');
});

test('a backup that finds no room leaves the one before it as it was', async () => {
  await site.does('cp -a /var/backups/reeld /var/backups/kept && mkdir -p /mnt/full && mount -t tmpfs -o size=64k tmpfs /mnt/full');
  const script = section('Backup by hand')[0].text.replaceAll('/var/backups/reeld/reeld.db.new', '/mnt/full/reeld.db.new');
  const { code, output } = await site.sh(script);
  assert.notEqual(code, 0);
  assert.match(output, /full/);
  await site.does('cmp /var/backups/reeld/reeld.db /var/backups/kept/reeld.db && umount /mnt/full && rm -rf /var/backups/kept');
});

test('brought back after everything is lost, the people sign in and the clip plays', async () => {
  await site.does('systemctl stop reeld && rm -rf /var/lib/reeld/* /etc/reeld/conf.d/10-page.yaml && systemctl start reeld');
  await site.answers();
  await site.does('reeldctl user create --admin intruder@example.org');
  await follow(site, 'Backup by hand', (index) => index === 1);
  await site.answers();
  await site.ready();
  site.admin = await Client.signIn(site, site.admin);
  await site.plays();
  assert.ok(!(await site.does('reeldctl user list')).includes('intruder'));
  assert.match(site.read('/etc/reeld/conf.d/10-page.yaml'), /www\.example\.org/);
});
