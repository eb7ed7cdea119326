// Story: the one command, and what it prints last. Its play URL plays without header or cookie: every frame of every
// rendition, cut at the same times, each segment from a key frame; and in Debian's Chromium with hls.js.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { clip } from '../harness/clips.mjs';
import { freePorts, outDir, run, top } from '../harness/daemon.mjs';
import { fetchStream, probe } from '../harness/media.mjs';
import { cutsAgree, everyFrameDecodes, segmentsStandAlone } from '../harness/stream.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';
import { PlayerPage } from './player_page.mjs';

const seconds = 10;
let folder, server, browser, printed, stream;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reeld-quickstart-'));
  server = await servePages();
  browser = await startChromium();
  let port, next;
  do [port, next] = await freePorts(2); while (next !== port + 1);
  const { code, output } = await run(join(top, 'packaging/quickstart'), ['--detach', '--port', String(port), '--data', join(folder, 'data'), clip({ seconds, size: '1920x1080' })],
    { env: { ...process.env, REELD__HTTP__CORS_ORIGINS: `['${server.origin}']` }, timeout: 300_000 });
  assert.equal(code, 0, output.slice(-3000));
  printed = Object.fromEntries(output.match(/^url=.*$/m)[0].split(' ').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
});
after(async () => {
  await browser?.close();
  await server?.close();
  const at = (name) => join(folder, 'data', name);
  if (existsSync(at('reeld.log'))) {
    mkdirSync(join(outDir, 'daemons'), { recursive: true });
    copyFileSync(at('reeld.log'), join(outDir, 'daemons/quickstart.log'));
  }
  try {
    if (existsSync(at('reeld.pid'))) process.kill(Number(readFileSync(at('reeld.pid'), 'utf8')));
  } catch { /* it has ended by itself, which the stories have met */ }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});

test('the play URL leads to every rung, none above the source', async () => {
  stream = await fetchStream(printed.url, new URL(printed.play_url).pathname);
  assert.deepEqual(stream.renditions.map(({ resolution }) => resolution).sort(), ['1280x720', '1920x1080', '854x480']);
  const { streams } = await probe(printed.play_url);
  assert.equal(streams.filter(({ codec_type }) => codec_type === 'video').length, 3);
});

test('every frame of every rung decodes', () => everyFrameDecodes(printed.url, stream, seconds * 25));
test('each segment starts on a key frame and stands alone', () => segmentsStandAlone(stream));
test('all rungs are cut at the same times', () => cutsAgree(stream));

test('it plays in Chromium: the time advances, and each level shows its lines', async () => {
  const player = await PlayerPage.open(browser, server.origin);
  await player.play(printed.play_url);
  await player.reaches('the levels are known', () => window.levels().length === 3);
  await player.page.evaluate(() => document.getElementById('video').play());
  await player.reaches('one second has played', () => document.getElementById('video').currentTime > 1);
  for (const [level, height] of [[2, 1080], [0, 480]]) {
    await player.page.evaluate((chosen) => window.choose(chosen), level);
    await player.reaches(`level ${level} shows ${height} lines`, { body: (wanted) => document.getElementById('video').videoHeight === wanted, argument: height });
  }
  assert.deepEqual((await player.state()).faults.filter(({ fatal }) => fatal), []);
});
