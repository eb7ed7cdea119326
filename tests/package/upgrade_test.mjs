// Story: the same build comes as a higher version; the administrator had edited a configuration file. The site
// is upgraded, reinstalled and at last removed; media are the site's and stay.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clipBytes } from '../harness/clips.mjs';
import { outDir } from '../harness/daemon.mjs';
import { command, packages } from '../harness/machine.mjs';
import { packageFile, Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';

const next = join(outDir, 'packages-next');
let site;
before(async () => {
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  await repack('+next1', (tree) => tree);
  await repack('+next2', (tree) => {
    const path = join(tree, 'etc/reeld/reeld.yaml');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n# What a later version has to say.\n`);
  });
  site = await Site.playing('upgrade', { binds: [`${next}:/next`] });
});
after(() => site.dispose());

/// reeld with a suffix to its version; `change` may edit its files.
async function repack(suffix, change) {
  const tree = join(next, 'tree');
  const said = await command('dpkg-deb', ['--raw-extract', packageFile('reeld', packages, packages), tree]);
  assert.equal(said.code, 0, said.output);
  change(tree);
  const control = join(tree, 'DEBIAN/control');
  const text = readFileSync(control, 'utf8').replace(/^Version: (.*)$/m, `Version: $1${suffix}`);
  writeFileSync(control, text);
  const version = text.match(/^Version: (.*)$/m)[1];
  const built = await command('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, join(next, `reeld_${version}_any.deb`)]);
  assert.equal(built.code, 0, built.output);
  rmSync(tree, { recursive: true });
}
const packageOf = (suffix) => packageFile('reeld', next, '/next', suffix);
const installed = () => site.does("dpkg-query -W -f '${Version}' reeld");

test('an upgrade restarts the daemon once, keeps an edited file and what plays', async () => {
  const edited = `${site.read('/etc/reeld/reeld.yaml')}\n# Edited here.\n`;
  site.write('/etc/reeld/reeld.yaml', edited);
  const before = await site.mainPid();
  const said = await site.does(`dpkg -i ${packageOf('+next1')}`);
  assert.doesNotMatch(said, /warning|error/i);
  assert.match(await installed(), /\+next1$/);
  await site.answers();
  assert.notEqual(await site.mainPid(), before);
  assert.equal((await site.unit()).NRestarts, '0');
  assert.equal(site.read('/etc/reeld/reeld.yaml'), edited);
  await site.plays();
});

test('an upgrade that changes the same file keeps the edited one and lays the new one beside it', async () => {
  const edited = site.read('/etc/reeld/reeld.yaml');
  await site.does(`dpkg --force-confdef --force-confold -i ${packageOf('+next2')}`);
  assert.equal(site.read('/etc/reeld/reeld.yaml'), edited);
  assert.match(site.read('/etc/reeld/reeld.yaml.dpkg-dist'), /later version/);
  await site.answers();
  await site.plays();
});

test('while a video is encoded an upgrade costs it nothing', async () => {
  const id = await site.admin.upload(clipBytes({ seconds: 10, size: '1280x720' }));
  await until(async () => (await site.admin.video(id)).status === 'PROCESSING', { what: 'it is being encoded' });
  await site.does(`dpkg --force-confold -i ${packageOf('+next2')}`);
  await site.answers();
  await site.admin.ready(id);
});

test('removing the package stops the daemon and keeps configuration and media', async () => {
  await site.does('dpkg --remove reeld');
  assert.notEqual((await site.sh('systemctl is-active reeld')).stdout.trim(), 'active');
  await site.does('test -s /etc/reeld/reeld.yaml && test -s /var/lib/reeld/reeld.db');
});

test('purging it removes configuration, keeps media and says so', async () => {
  const said = await site.sh('dpkg --purge reeld');
  assert.equal(said.code, 0, said.output);
  assert.match(said.output, /\/var\/lib\/reeld/);
  await site.does('test ! -e /etc/reeld && test -s /var/lib/reeld/reeld.db && test -n "$(find /var/lib/reeld/instances -name "*.ts")"');
  // What an administrator (here the story) has added beside the unit is not the package's to take away.
  const left = await site.does('find / -xdev -path /etc/systemd/system/reeld.service.d -prune -o -path /proc -prune -o -path /packages -prune -o -path /next -prune -o -path /var/lib/reeld -prune -o -name "*reeld*" -print');
  assert.equal(left.split('\n').filter((line) => line && !/journal|\/run\//.test(line)).join('\n'), '');
});

test('installed again, the media that stayed play', async () => {
  await site.does(`dpkg -i ${packageFile('reeld')}`);
  await site.answers();
  await site.plays();
});
