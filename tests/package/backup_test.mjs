// Story: the administrator makes a backup by hand as the guide says, while the site runs; the disk is lost, the
// package is installed on a new system, and the backup is brought back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Site } from '../harness/site.mjs';
import { follow } from './follow.mjs';

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
