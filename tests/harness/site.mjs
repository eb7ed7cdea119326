// A machine with reeld installed from its package, an administrator made the documented way, and a clip that
// plays: where most stories of the package begin.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { clipBytes } from './clips.mjs';
import { request } from './http.mjs';
import { Machine, packages } from './machine.mjs';
import { decode, fetchStream } from './media.mjs';
import { until } from './until.mjs';

/// The one package file of that name (and with that in its version), as the machine sees it.
export function packageFile(name, folder = packages, inside = '/packages', version = '') {
  const found = readdirSync(folder).filter((file) => file.startsWith(`${name}_`) && file.includes(version) && file.endsWith('.deb'));
  assert.equal(found.length, 1, `${name}_*${version}*.deb in ${folder}: ${found.join(' ')}`);
  return join(inside, found[0]);
}

export const clipSeconds = 3;
const clipFrames = clipSeconds * 25;

export class Site extends Machine {
  /// Boots and installs; `prepare(site)` runs before the package comes.
  static async install(name, { prepare, binds } = {}) {
    const site = await Site.boot(name, { binds });
    // A story asks more often than a person does.
    const unlimited = ['AUTH', 'STREAM', 'UPLOAD', 'DEFAULT'].map((bucket) => `Environment=REELD__PLUGINS__RATE_LIMIT__CONFIG__${bucket}=0\n`).join('');
    await site.does('mkdir -p /etc/systemd/system/reeld.service.d');
    site.write('/etc/systemd/system/reeld.service.d/unlimited.conf', `[Service]\n${unlimited}`);
    await prepare?.(site);
    await site.does(`dpkg -i ${packageFile('reeld')}`);
    await site.answers();
    return site;
  }
  /// The same, with site.admin signed in and a clip of site.id that plays.
  static async playing(name, options) {
    const site = await Site.install(name, options);
    await site.firstAdmin();
    await site.firstClip();
    return site;
  }

  answers(within = 15_000) {
    return until(async () => (await request(this.url, 'GET', '/api/v1/health', { timeout: 2000 }).catch(() => undefined))?.status === 200,
      { what: 'reeld answers', within, every: 10 });
  }
  ready(within = 15_000) {
    return until(async () => (await request(this.adminUrl, 'GET', '/readyz', { timeout: 2000 }).catch(() => undefined))?.status === 200,
      { what: 'reeld is ready', within, every: 20 });
  }
  /// As the administrator's guide says: reeldctl makes the user and prints a password.
  async firstAdmin(email = 'admin@example.org') {
    const said = await this.does(`reeldctl user create --admin ${email}`);
    const password = said.match(/^password: (\S+)$/m)?.[1];
    assert.ok(password, said);
    this.admin = await Client.signIn(this, { email, password });
    return this.admin;
  }
  async firstClip() {
    this.id = await this.admin.upload(clipBytes({ seconds: clipSeconds, size: '854x480' }), { title: 'the first clip' });
    await this.admin.ready(this.id);
    this.played = await this.admin.play(this.id);
    this.stream = await fetchStream(this.url, this.played.masterPath);
  }
  /// The clip comes through a new grant and the one from before, byte for byte as at first, and decodes.
  async plays() {
    const { masterPath } = await this.admin.play(this.id);
    for (const master of [masterPath, this.played.masterPath]) {
      const again = await fetchStream(this.url, master);
      assert.deepEqual(again.renditions.map(({ name }) => name), this.stream.renditions.map(({ name }) => name));
      again.renditions.forEach(({ segments }, index) => segments.forEach(({ bytes }, at) =>
        assert.ok(bytes.equals(this.stream.renditions[index].segments[at].bytes), `segment ${at} is not what it was`)));
    }
    for (const { path } of this.stream.renditions) {
      const { frames, errors } = await decode(this.url + path.replace(/^.*?\/media\/g\/[^/]+/, masterPath.match(/^\/media\/g\/[^/]+/)[0]));
      assert.deepEqual([frames, errors], [clipFrames, '']);
    }
  }
}
