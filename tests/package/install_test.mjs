// Story: an administrator installs the package on a minimal Debian, makes the first administrator, uploads a
// clip and plays it; and looks at what was installed.
import assert from 'node:assert/strict';
import { lstatSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { contractTest } from '../harness/contract.mjs';
import { figure } from '../harness/figure.mjs';
import { request } from '../harness/http.mjs';
import { packageFile, Site } from '../harness/site.mjs';

let site;
before(async () => { site = await Site.boot('install'); });
after(() => site.dispose());

test('from the install to the first answer', async () => {
  const began = performance.now();
  const installed = site.does(`dpkg -i ${packageFile('reeld')}`);
  await Promise.all([installed, site.answers()]);
  figure('from dpkg -i to the first answer', (performance.now() - began) / 1000, 3, 's');
});

test('what was installed is whole and not large', async () => {
  assert.equal(await site.does('dpkg --audit'), '');
  const files = (await site.does('dpkg -L reeld')).split('\n').filter((file) => file && !lstatSync(site.at(file)).isDirectory());
  const bytes = files.reduce((sum, file) => sum + lstatSync(site.at(file)).size, 0);
  figure('installed size of reeld', bytes / 1e6, 25, 'MB');
  assert.ok(bytes <= 25e6, `${bytes} bytes`);
  for (const wanted of ['/usr/sbin/reeld', '/usr/lib/reeld/plugins/encoder-libav.so', '/etc/reeld/reeld.yaml', '/usr/share/man/man8/reeld.8.gz', '/usr/share/man/man1/reeldctl.1.gz', '/usr/share/man/man5/reeld.yaml.5.gz']) {
    assert.ok(files.includes(wanted), `${wanted} is not in the package:\n${files.join('\n')}`);
  }
});

test('the service is enabled and its socket unit is not', async () => {
  assert.equal((await site.sh('systemctl is-enabled reeld.service')).stdout.trim(), 'enabled');
  assert.equal((await site.sh('systemctl is-enabled reeld.socket')).stdout.trim(), 'disabled');
  assert.equal((await site.unit('reeld', 'User')).User, 'reeld');
  assert.equal((await site.sh('systemctl --failed --quiet --plain list-units "reeld*"')).stdout.trim(), '');
});

test('programs, package and library say the same version', async () => {
  const [, version] = packageFile('reeld').match(/reeld_([0-9.]+)/);
  assert.equal((await site.does('reeld --version')).trim(), `reeld ${version}`);
  assert.match(await site.does('reeldctl --version'), new RegExp(`\\b${version.replaceAll('.', '\\.')}\\b`));
  assert.equal((await request(site.adminUrl, 'GET', '/version')).json.version, version);
  const { stdout: provides } = await site.sh("dpkg-query -W -f '${Provides}' reeld");
  assert.match(provides, /\breeld-plugin-abi-1\b/);
});

test('nothing listens but on loopback', async () => {
  const listening = site.read('/proc/1/net/tcp').split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === '0A');
  assert.ok(listening.length >= 2);
  for (const [, address] of listening) assert.match(address, /^0100007F:/);
});

test('the first administrator signs in, a clip is uploaded and plays through its grant', async () => {
  await site.firstAdmin();
  await site.firstClip();
  await site.plays();
});

test('the daemon is ready, its encoders in their sandbox', async () => {
  await site.ready();
  const { text } = await request(site.adminUrl, 'GET', '/readyz');
  assert.match(text, /sandbox/);
  assert.match(await site.does('reeldctl status'), /ready|ok/i);
});

test('members of the group reeld administer, others are told who may', async () => {
  await site.does('useradd --groups reeld member && useradd stranger');
  assert.match(await site.does('runuser -u member -- reeldctl status'), /ready|ok/i);
  const refused = await site.sh('runuser -u stranger -- reeldctl status');
  assert.notEqual(refused.code, 0);
  assert.match(refused.output, /group/);
});

test('what it writes belongs to its own user and to nobody else', async () => {
  const strange = await site.does('find /var/lib/reeld /var/cache/reeld /run/reeld ! -user reeld -o -perm /o+rwx ! -type l ! -path /run/reeld');
  assert.equal(strange, '');
});

test('systemd finds little exposed', async () => {
  const { code, output } = await site.sh('systemd-analyze security --no-pager --threshold=20 reeld');
  const score = Number(output.match(/Overall exposure level for reeld.service: ([0-9.]+)/)?.[1]);
  figure('systemd-analyze security', score, 2, 'of 10');
  assert.equal(code, 0, output);
});

test('the journal has levels, not prefixes', async () => {
  const lines = (await site.does('journalctl --unit=reeld _COMM=reeld --output=json --no-pager')).trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(lines.length > 3);
  for (const { MESSAGE, PRIORITY } of lines) {
    assert.doesNotMatch(MESSAGE, /^<\d>/);
    assert.match(PRIORITY, /^[3-7]$/);
  }
});

contractTest('install');
