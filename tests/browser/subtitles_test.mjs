// Story: a web page of another origin shows the subtitles of a title when they were said, with hls.js over transport
// streams and over fragmented MP4, and with dash.js; after a jump as well.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { talkBytes } from '../harness/talk_clip.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';
import { PlayerPage } from './player_page.mjs';

let browser, server, daemon, base;
before(async () => {
  server = await servePages();
  daemon = await Daemon.start({ set: [`http.cors_origins=['${server.origin}']`, 'processing.preset=ultrafast', 'processing.ladder=[360]'] });
  const creator = await Client.person(daemon, 'CREATOR');
  const id = await creator.upload(talkBytes('talk_browser.mkv', {
    seconds: 90,
    tracks: [
      { kind: 'srt', cues: [[1, 3, 'eins'], [2, 4, 'zwei & <i>drei</i>'], [58, 63, 'über den Rand'], [70, 72, 'spät']], language: 'ger' },
      { kind: 'srt', cues: [[1, 3, 'one'], [70, 72, 'late']], language: 'eng', title: 'English' },
    ],
  }));
  await creator.ready(id);
  base = (await creator.play(id)).masterPath.replace(/hls\/master\.m3u8$/, '');
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
  await server?.close();
});

/// What is on the picture now, as it is read.
const shownNow = () => [...document.getElementById('video').textTracks].filter(({ mode }) => mode === 'showing').flatMap(({ activeCues }) => [...(activeCues ?? [])].map((cue) => cue.getCueAsHTML().textContent));

for (const [name, file] of [['hls.js over transport streams', 'hls/master.m3u8'], ['hls.js over fragmented MP4', 'cmaf/master.m3u8'], ['dash.js', 'cmaf/manifest.mpd']]) {
  test(`${name} shows each cue in its time`, async () => {
    const player = await PlayerPage.open(browser, server.origin);
    const { page } = player;
    await player.play(daemon.url + base + file);
    await player.reaches('the subtitles are known', () => window.subtitles().length === 2);
    assert.deepEqual(await page.evaluate(() => window.subtitles()), [{ language: 'de', name: 'Deutsch' }, { language: 'en', name: 'English' }]);
    const choose = async (track) => {
      await page.evaluate((chosen) => window.chooseSubtitles(chosen), track);
      await player.reaches('they are read', () => [...document.getElementById('video').textTracks].some(({ mode, cues }) => mode === 'showing' && cues.length > 0));
    };
    const at = async (seconds, wanted) => {
      await page.evaluate((time) => { document.getElementById('video').currentTime = time; }, seconds);
      await player.reaches(`at ${seconds} s ${wanted.join(', ') || 'nothing'} is shown`, {
        body: ({ time, texts, shown }) => {
          const video = document.getElementById('video');
          const now = (0, eval)(`(${shown})`)();
          return !video.seeking && Math.abs(video.currentTime - time) < 0.01 && now.join('|') === texts.join('|');
        },
        argument: { time: seconds, texts: wanted, shown: shownNow.toString() },
      });
    };
    await choose(0);
    await at(1.05, ['eins']);
    await at(0.95, []);
    await at(2.5, ['eins', 'zwei & drei']);
    await at(59, ['über den Rand']);
    await at(61, ['über den Rand']);
    await at(63.1, []);
    await at(71, ['spät']);
    await choose(1);
    await at(71.5, ['late']);
    const { faults, error } = await player.state();
    assert.equal(error, undefined);
    assert.deepEqual(faults.filter(({ fatal }) => fatal), []);
    await page.close();
  });
}
