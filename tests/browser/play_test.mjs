// Story: a web page on another origin plays a video with hls.js in Debian's Chromium, and every level the
// master names shows as many lines as it says.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { Daemon, outDir } from '../harness/daemon.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';
import { PlayerPage } from './player_page.mjs';

let player, page, browser, server, daemon, played;
before(async () => {
  server = await servePages();
  daemon = await Daemon.start({ set: [`http.cors_origins=['${server.origin}']`] });
  const creator = await Client.person(daemon, 'CREATOR');
  const id = await creator.upload(clipBytes({ seconds: 20, size: '1920x1080' }));
  await creator.ready(id);
  played = await creator.play(id);
  browser = await startChromium();
  player = await PlayerPage.open(browser, server.origin);
  page = player.page;
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
  await server?.close();
});

const state = () => player.state();
const reaches = (...what) => player.reaches(...what);

test('the page loads the granted master from another origin', async () => {
  await player.play(daemon.url + played.masterPath);
  await reaches('the levels are known', () => window.levels().length > 0);
  assert.deepEqual((await page.evaluate(() => window.levels())).map(({ height }) => height), [480, 720, 1080]);
});

test('it plays: the time advances and frames are shown', async () => {
  await page.evaluate(() => document.getElementById('video').play());
  await reaches('one second has played', () => document.getElementById('video').currentTime > 1);
  const { frames, faults } = await state();
  assert.ok(frames > 5, `${frames} frames`);
  assert.deepEqual(faults.filter(({ fatal }) => fatal), []);
});

test('every level shows as many lines as the master says', async () => {
  for (const [level, height] of [[1, 720], [2, 1080], [0, 480]]) {
    await page.evaluate((chosen) => window.choose(chosen), level);
    await reaches(`level ${level} shows ${height} lines`, { body: (wanted) => document.getElementById('video').videoHeight === wanted, argument: height });
    const { currentTime } = await state();
    await reaches('and goes on', { body: (since) => document.getElementById('video').currentTime > since + 0.5, argument: currentTime });
    mkdirSync(outDir, { recursive: true });
    await page.screenshot({ path: join(outDir, `browser-${height}p.png`) });
  }
});

test('it seeks to the last seconds and plays to the end', async () => {
  await page.evaluate(() => { document.getElementById('video').currentTime = 18; });
  await reaches('the end', () => document.getElementById('video').ended);
  const { faults, error } = await state();
  assert.equal(error, undefined);
  assert.deepEqual(faults.filter(({ fatal }) => fatal), []);
});

test('what the player fetched carries the grant in its path and nothing else', async () => {
  const fetched = await page.evaluate(() => window.requests);
  assert.ok(fetched.length > 3);
  for (const url of fetched) assert.match(new URL(url).pathname, /^\/media\/g\/[^/]+\/\d+\/hls\/\w+\/segment_\d{3,}\.ts$/);
});
