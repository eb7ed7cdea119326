// Story: a web page on another origin plays what was encoded once with dash.js, and with hls.js as fragmented MP4:
// every size, with sound, from any place to the end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';
import { PlayerPage } from './player_page.mjs';

let browser, server, daemon, base;
before(async () => {
  server = await servePages();
  daemon = await Daemon.start({ set: [`http.cors_origins=['${server.origin}']`] });
  const creator = await Client.person(daemon, 'CREATOR');
  const id = await creator.upload(clipBytes({ seconds: 20, size: '1920x1080' }));
  await creator.ready(id);
  base = (await creator.play(id)).masterPath.replace(/hls\/master\.m3u8$/, 'cmaf/');
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
  await server?.close();
});

for (const [name, file] of [['dash.js plays the manifest', 'manifest.mpd'], ['hls.js plays fragmented MP4', 'master.m3u8']]) {
  test(name, async () => {
    const player = await PlayerPage.open(browser, server.origin);
    const { page } = player;
    await player.play(daemon.url + base + file);
    await player.reaches('the levels are known', () => window.levels().length === 3);
    assert.deepEqual((await page.evaluate(() => window.levels())).map(({ height }) => height), [480, 720, 1080]);
    await page.evaluate(() => document.getElementById('video').play());
    await player.reaches('one second has played', () => document.getElementById('video').currentTime > 1);
    for (const [level, height] of [[1, 720], [2, 1080], [0, 480]]) {
      await page.evaluate((chosen) => window.choose(chosen), level);
      await player.reaches(`level ${level} shows ${height} lines`, { body: (wanted) => document.getElementById('video').videoHeight === wanted, argument: height });
      const { currentTime } = await player.state();
      await player.reaches('and goes on', { body: (since) => document.getElementById('video').currentTime > since + 0.5 || document.getElementById('video').ended, argument: currentTime });
    }
    // Sound is decoded, too: Chromium counts its bytes.
    assert.ok(await page.evaluate(() => document.getElementById('video').webkitAudioDecodedByteCount > 0));
    await page.evaluate(() => { document.getElementById('video').currentTime = 18; document.getElementById('video').play(); });
    // dash.js does not always say that no more will come; then the picture stands at the end, and `ended` is not set.
    const atEnd = () => document.getElementById('video').ended;
    await player.reaches('the end', name.startsWith('hls.js') ? atEnd : () => { const { ended, currentTime, duration } = document.getElementById('video'); return ended || currentTime >= duration - 0.05; });
    const { faults, error, frames } = await player.state();
    assert.equal(error, undefined);
    assert.ok(frames > 50, `${frames} frames`);
    assert.deepEqual(faults.filter(({ fatal }) => fatal), []);
    const fetched = await page.evaluate(() => window.requests);
    assert.ok(fetched.some((url) => url.includes('/audio/')));
    for (const url of fetched) assert.match(new URL(url).pathname, /^\/media\/g\/[^/]+\/\d+\/cmaf\/\w+\/(init\.mp4|\d+\.m4s|manifest\.mpd)$/);
    await page.close();
  });
}
