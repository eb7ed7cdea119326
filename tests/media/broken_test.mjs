// Every broken clip of the media folder ends FAILED with a reason or READY marked damaged, within 10 s, and the daemon
// lives.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { contractTest } from '../harness/contract.mjs';
import { ok } from '../harness/expect.mjs';
import { fetchStream } from '../harness/media.mjs';
import { broken } from './expected.mjs';
import { media, Screening } from './screening.mjs';

let screening, daemon, creator, guest;
before(async () => {
  screening = await Screening.open();
  ({ daemon, creator, guest } = screening);
});
after(() => screening?.close());

for (const [file, wanted] of Object.entries(broken)) {
  test(`broken/${file} ends with its reason or as damaged, within 10 s`, { timeout: 60_000 }, async () => {
    const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: file } })).json;
    const sent = await creator.put(`/api/v1/videos/${id}/upload`, { body: readFileSync(join(media, 'broken', file)), headers: { 'content-type': 'application/octet-stream' } });
    ok(sent);
    const began = Date.now();
    const video = await creator.settled(id, 20_000);
    assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
    assert.equal(video.status, wanted.status, JSON.stringify(video));
    if (video.status === 'READY') {
      assert.equal(video.damaged, true, JSON.stringify(video));
      const { masterPath } = await creator.play(id);
      const { renditions } = await fetchStream(daemon.url, masterPath);
      assert.ok(renditions.every(({ segments }) => segments.length > 0));
    } else {
      assert.match(video.failure?.hint ?? '', wanted.hint, JSON.stringify(video));
    }
    ok(await guest.get('/api/v1/health'));
  });
}

test('the daemon that saw all this still serves', async () => {
  ok(await guest.get('/api/v1/health'));
  assert.equal(daemon.ended, undefined);
  assert.ok(!daemon.log.includes('/etc/passwd'));
});

contractTest('broken clips');
