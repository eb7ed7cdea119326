// Story: an integrator with nothing but libreeld-dev and a compiler builds the plugin of sdk/README.md, with
// CMake and with one compiler line; an administrator drops it in, names it in conf.d, and people sign in by it.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { outDir, top } from '../harness/daemon.mjs';
import { command, container, packages } from '../harness/machine.mjs';
import { packageFile, Site } from '../harness/site.mjs';
import { follow, section } from './follow.mjs';

const developerRoot = process.env.REELD_TEST_DEVELOPER_ROOT;
const folder = join(outDir, 'integrator');
const [compilerLine, installLine] = section('Plugins of others')[0].text.split('\n');
const guide = readFileSync(join(top, 'sdk/README.md'), 'utf8');

before(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'word_of_the_day.cpp'), guide.match(/```cpp\n([\s\S]*?)```/)[1]);
  writeFileSync(join(folder, 'CMakeLists.txt'), `cmake_minimum_required(VERSION 3.25)
project(word-of-the-day VERSION 1.0.0 LANGUAGES CXX)
find_package(reeld-sdk 0.1 CONFIG REQUIRED)
reeld_add_plugin(word-of-the-day SOURCES word_of_the_day.cpp)
`);
});

/// A script on a Debian with a compiler, CMake and what libreeld-dev brings; /plugin is the integrator's folder.
async function develops(script) {
  const { code, output } = await command('systemd-nspawn', [
    ...container(developerRoot), '--volatile=overlay', '--pipe', '--machine=reeld-integrator', `--bind-ro=${packages}:/packages`, `--bind=${folder}:/plugin`,
    'sh', '-euc', `dpkg -i ${packageFile('libreeld-dev')}; cd /plugin; ${script}`,
  ], { timeout: 180_000 });
  assert.equal(code, 0, output);
  return output;
}

test('the plugin of the guide builds with CMake against the installed package', async () => {
  await develops('cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build');
  copyFileSync(join(folder, 'build/plugins/word-of-the-day.so'), join(folder, 'by-cmake.so'));
});

test('it builds with the one compiler line of the administrator\'s guide', async () => {
  await develops(compilerLine);
  copyFileSync(join(folder, 'word-of-the-day.so'), join(folder, 'by-hand.so'));
});

for (const use of ['by-cmake', 'by-hand']) {
  test(`${use}: dropped into the folder and named in conf.d it is loaded, and people sign in by it`, async () => {
    const site = await Site.install(`plugin-${use}`);
    try {
      copyFileSync(join(folder, `${use}.so`), site.at('/root/word-of-the-day.so'));
      await site.does(`cd /root && ${installLine}`);
      await follow(site, 'Plugins of others', (index) => index === 1);
      assert.match(await site.does('reeldctl plugins check'), /word/);
      assert.match(await site.does('reeld --check-config'), /plugin word: /);
      await site.does('systemctl restart reeld');
      await site.answers();
      const plugins = JSON.parse(await site.does('reeldctl plugins list --json'));
      assert.equal(plugins.find(({ name }) => name === 'word').state, 'started');
      const somebody = await Client.signIn(site, { email: 'somebody@example.org', password: 'sesame' });
      assert.equal((await somebody.get('/api/v1/auth/me')).json.email, 'somebody@example.org');
      const refused = await new Client(site).post('/api/v1/auth/login', { form: { username: 'somebody@example.org', password: 'sesam' } });
      assert.equal(refused.status, 401);
    } finally {
      await site.dispose();
    }
  });
}

test('a plugin of another ABI is refused by apt, by a package that names it', async () => {
  const site = await Site.install('plugin-abi');
  try {
    await site.does('mkdir -p /tmp/other/DEBIAN && printf "Package: reeld-plugin-other\\nVersion: 1\\nArchitecture: all\\nMaintainer: root <root@localhost>\\nDescription: a plugin\\nDepends: reeld-plugin-abi-2\\n" >/tmp/other/DEBIAN/control && dpkg-deb --build /tmp/other >/dev/null');
    const other = await site.sh('dpkg -i /tmp/other.deb');
    assert.notEqual(other.code, 0);
    assert.match(other.output, /reeld-plugin-abi-2/);
    await site.does('dpkg --purge reeld-plugin-other && sed -i s/abi-2/abi-1/ /tmp/other/DEBIAN/control && dpkg-deb --build /tmp/other >/dev/null && dpkg -i /tmp/other.deb');
  } finally {
    await site.dispose();
  }
});
