// Story: a viewer chooses among the tracks of sound of a video, with hls.js in both forms of HLS and with dash.js: what
// he hears is the one he chose, and playing goes on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { clipOfVoices } from '../harness/voices.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';
import { PlayerPage } from './player_page.mjs';

const tracks = [{ hertz: 440, language: 'eng', disposition: 'default' }, { hertz: 880, language: 'deu' }, { hertz: 1760, language: 'fra' }];
let browser, server, daemon, base;
before(async () => {
  server = await servePages();
  daemon = await Daemon.start({ set: [`http.cors_origins=['${server.origin}']`] });
  const creator = await Client.person(daemon, 'CREATOR');
  const id = await creator.upload(readFileSync(clipOfVoices('voices_60s.mp4', { seconds: 60, size: '640x360', tracks })));
  await creator.ready(id);
  base = (await creator.play(id)).masterPath.replace(/hls\/master\.m3u8$/, '');
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
  await server?.close();
});

/// From now on window.heard() is the loudest frequency that comes out of the video, or null.
const listen = (page) => page.evaluate(() => {
  const video = document.getElementById('video');
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaElementSource(video).connect(analyser);
  analyser.connect(context.destination);
  video.muted = false;
  window.heard = () => {
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(spectrum);
    const loudest = spectrum.indexOf(Math.max(...spectrum));
    return spectrum[loudest] > -60 ? loudest * context.sampleRate / analyser.fftSize : null;
  };
  return context.resume();
});

for (const [name, file] of [['hls.js, transport streams', 'hls/master.m3u8'], ['hls.js, fragmented MP4', 'cmaf/master.m3u8'], ['dash.js', 'cmaf/manifest.mpd']]) {
  test(`${name}: each track is there, can be chosen, and is what is heard`, async () => {
    const player = await PlayerPage.open(browser, server.origin);
    const { page } = player;
    await player.play(daemon.url + base + file);
    await player.reaches('the tracks are known', () => window.levels().length > 0 && window.sounds().length === 3);
    assert.deepEqual((await page.evaluate(() => window.sounds())).map(({ name: label, lang }) => [label, lang]), [['English', 'en'], ['Deutsch', 'de'], ['Français', 'fr']]);
    await listen(page);
    await page.evaluate(() => document.getElementById('video').play());
    for (const [index, hertz] of [[0, 440], [1, 880], [2, 1760], [0, 440]]) {
      await page.evaluate((chosen) => window.listenTo(chosen), index);
      await player.reaches(`${hertz} Hz are heard`, { body: (wanted) => Math.abs(window.heard() - wanted) < 20, argument: hertz }, 30_000);
      const { currentTime } = await player.state();
      await player.reaches('and it goes on', { body: ([since, wanted]) => document.getElementById('video').currentTime > since + 1 && Math.abs(window.heard() - wanted) < 20, argument: [currentTime, hertz] });
    }
    const fetched = await page.evaluate(() => window.requests);
    for (const track of ['audio-2', 'audio-3']) assert.ok(fetched.some((url) => url.includes(`/${track}/`)), track);
    await page.evaluate(() => { document.getElementById('video').currentTime = 58; });
    // All of it: whether dash.js then also says so is cmaf_test.mjs's to ask, of a title nobody switched in.
    await player.reaches('the end', () => { const { currentTime, duration } = document.getElementById('video'); return currentTime > duration - 0.1; });
    const { faults, error } = await player.state();
    assert.equal(error, undefined);
    assert.deepEqual(faults.filter(({ fatal }) => fatal), []);
    await page.close();
  });
}
