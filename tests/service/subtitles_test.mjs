// Story: the text subtitles of a file are read beside its pictures, in HLS of both kinds and in DASH, when they were
// said; what cannot be had of them is said to the administrator and costs the title nothing.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { filesBelow } from '../harness/files.mjs';
import { request } from '../harness/http.mjs';
import { parseMaster, parsePlaylist, probe, resolveUri } from '../harness/media.mjs';
import { parseVtt, talkBytes } from '../harness/talk_clip.mjs';
import { until } from '../harness/until.mjs';

const run = promisify(execFile);
const set = ['processing.preset=ultrafast', 'processing.ladder=[180]'];
const said = [[0.5, 2, 'Guten Tag'], [3, 5.5, 'über <i>die</i> Grenze\nzwei Zeilen'], [4, 6, 'zugleich'], [8, 20, 'bis zum Ende & weiter --> nie'], [15, 16, 'danach']];
const shown = [[0.5, 2, 'Guten Tag'], [3, 5.5, 'über <i>die</i> Grenze\nzwei Zeilen'], [4, 6, 'zugleich'], [8, 10, 'bis zum Ende &amp; weiter --&gt; nie']];
let daemon, creator, id;
before(async () => {
  daemon = await Daemon.start({ set });
  creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(talkBytes('talk.mkv', {
    tracks: [
      { kind: 'srt', cues: said, language: 'ger', disposition: 'default' },
      { kind: 'ass', cues: [[1, 2.5, '{\\pos(10,10)\\i1}Hello{\\i0}, {\\c&H0000FF&}you\\Nthere'], [2, 3, '{\\an8}above'], [3, 4, '{\\p1}m 0 0 l 9 9{\\p0}']], language: 'eng', title: 'Signs "and" songs', disposition: 'forced' },
      { kind: 'sup', language: 'fre' },
    ],
  }));
  await creator.ready(id);
});
after(() => daemon.dispose());

const why = async (video) => JSON.parse((await daemon.ctl(['video', 'why', String(video), '--json'])).output).steps;
const fetched = async (path, options) => request(daemon.url, 'GET', path, options);
async function master(format, video = id, by = creator) {
  const link = await by.get(`/api/v1/stream/${video}`);
  return (await by.get(`${link.json.stream_url}?format=${format}`, { token: null })).text;
}
const mediaLines = (text) => text.split('\n').filter((line) => line.startsWith('#EXT-X-MEDIA:TYPE=SUBTITLES'));
const uriOf = (line) => line.match(/URI="([^"]+)"/)[1];

/// All pieces of a playlist: [{ path, text }].
async function piecesOf(path) {
  const index = await fetched(path);
  assert.deepEqual([index.status, index.headers['content-type']], [200, 'application/vnd.apple.mpegurl']);
  const playlist = parsePlaylist(index.text);
  assert.ok(playlist.ended);
  return Promise.all(playlist.segments.map(async ({ uri, duration }) => {
    const piece = resolveUri(path, uri);
    const answer = await fetched(piece);
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'text/vtt; charset=utf-8']);
    return { path: piece, text: answer.text, duration };
  }));
}

test('the video tells which subtitles it has', async () => {
  const { json } = await creator.get(`/api/v1/videos/${id}`);
  assert.deepEqual(json.subtitles, [
    { language: 'de', name: 'Deutsch', default: true, forced: false, hearing_impaired: false },
    { language: 'en', name: "Signs 'and' songs", default: false, forced: true, hearing_impaired: false },
  ]);
});

for (const [format, map] of [['hls-ts', 'MPEGTS:900000'], ['hls-cmaf', 'MPEGTS:0']]) {
  test(`${format}: the master names them, and their cues are those of the file, on the clock of the pictures`, async () => {
    const text = await master(format);
    const lines = mediaLines(text);
    assert.equal(lines.length, 2);
    assert.match(lines[0], /GROUP-ID="subtitles",NAME="Deutsch",LANGUAGE="de",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO/);
    assert.match(lines[1], /NAME="Signs 'and' songs",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES/);
    assert.match(text, /#EXT-X-STREAM-INF:[^\n]*SUBTITLES="subtitles"/);
    const [german] = await piecesOf(uriOf(lines[0]));
    assert.ok(german.text.startsWith(`WEBVTT\nX-TIMESTAMP-MAP=${map},LOCAL:00:00:00.000\n\n`), german.text);
    assert.deepEqual(parseVtt(german.text), shown);
    const [signs] = await piecesOf(uriOf(lines[1]));
    assert.deepEqual(parseVtt(signs.text), [[1, 2.5, '<i>Hello</i>, you\nthere'], [2, 3, 'above']]);
    assert.match(signs.text, / --> 00:00:03\.000 line:0\nabove/);
  });
}

test('the first picture is where the map says that the cues begin', async () => {
  const { uri } = parseMaster(await master('hls-ts'))[0];
  const index = await fetched(uri);
  const segment = await fetched(resolveUri(uri, parsePlaylist(index.text).segments[0].uri));
  const file = join(daemon.dataDir, 'first.ts');
  writeFileSync(file, segment.body);
  const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts', '-of', 'csv=p=0', file]);
  assert.equal(Math.min(...stdout.split('\n').filter(Boolean).map((line) => Number.parseInt(line, 10))), 900_000);
});

test('ffmpeg reads a piece as the subtitles it is', async () => {
  const [piece] = await piecesOf(uriOf(mediaLines(await master('hls-ts'))[0]));
  const { stdout } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', daemon.url + piece.path, '-f', 'srt', '-']);
  assert.match(stdout, /00:00:03,000 --> 00:00:05,500\nüber <i>die<\/i> Grenze\r?\nzwei Zeilen/);
  assert.match(stdout, /00:00:08,000 --> 00:00:10,000\nbis zum Ende & weiter --> nie/);
});

test('the manifest names one file of each, which has all cues and says nothing of a clock', async () => {
  const manifest = await master('dash');
  const sets = [...manifest.matchAll(/<AdaptationSet [^>]*contentType="text"[^]*?<\/AdaptationSet>/g)].map(([set_]) => set_);
  assert.equal(sets.length, 2);
  assert.match(sets[0], /mimeType="text\/vtt" lang="de"><Label>Deutsch<\/Label><Role [^>]*value="subtitle"\/>/);
  assert.match(sets[1], /<Label>Signs 'and' songs<\/Label><Role [^>]*value="forced-subtitle"\/>/);
  const base = manifest.match(/<BaseURL>([^<]+\/cmaf\/)<\/BaseURL>/)[1];
  const file = await fetched(base.replace(daemon.url, '') + sets[0].match(/<BaseURL>([^<]+)</)[1]);
  assert.ok(file.text.startsWith('WEBVTT\n\n'));
  assert.deepEqual(parseVtt(file.text), shown);
  assert.equal((await probe(`${daemon.url}${base.replace(daemon.url, '')}manifest.mpd`)).streams.filter(({ codec_type }) => codec_type === 'video').length, 1);
});

test('they are behind the grant, answered in parts, kept for good, and name nothing but themselves', async () => {
  const [{ path }] = await piecesOf(uriOf(mediaLines(await master('hls-ts'))[0]));
  const whole = await fetched(path);
  assert.match(whole.headers['cache-control'], /private.*immutable/);
  assert.equal(whole.headers['x-content-type-options'], 'nosniff');
  const part = await fetched(path, { headers: { range: 'bytes=2-5' } });
  assert.deepEqual([part.status, part.text], [206, 'BVTT']);
  assert.equal((await fetched(path, { headers: { 'if-none-match': whole.headers.etag } })).status, 304);
  assert.equal((await fetched(path.replace(/g\/[^/]+/, 'g/nonsense'))).status, 401);
  const folder = path.replace(/\d+\/0\.vtt$/, '');
  for (const odd of ['1/1.vtt', '1/00.vtt', '1/0.ts', '1/', '3/0.vtt', '3/index.m3u8', '0/0.vtt', '01/0.vtt', '9/all.vtt', 'x/index.m3u8', '1/all']) {
    assert.equal((await fetched(folder + odd)).status, 404, odd);
  }
  await daemon.stop();
  await daemon.start();
  const again = await fetched(path);
  assert.deepEqual([again.status, again.headers.etag], [200, whole.headers.etag]);
});

test('subtitles that are pictures are left out, and the administrator is told', async () => {
  const steps = await why(id);
  assert.ok(steps.some((step) => step.includes('subtitles 1 (de, "Deutsch"): 5 cues')), steps.join('\n'));
  assert.ok(steps.some((step) => /subtitles 3 \(fr, "Français"\) are left out: they are pictures \(hdmv_pgs_subtitle\), not text/.test(step)), steps.join('\n'));
});

test('an MP4 that begins late has its timed text where it was said', async () => {
  const bytes = talkBytes('talk.mp4', { tracks: [{ kind: 'srt', cues: [[1, 2, 'one'], [5, 6.2, '<b>five</b>']], language: 'eng' }], codecs: 'mov_text', more: ['-output_ts_offset', '7'] });
  const video = await creator.upload(bytes);
  await creator.ready(video);
  const [piece] = await piecesOf(uriOf(mediaLines(await master('hls-ts', video))[0]));
  assert.deepEqual(parseVtt(piece.text).map(([from, to, text]) => [from.toFixed(1), to.toFixed(1), text]), [['1.0', '2.0', 'one'], ['5.0', '6.2', '<b>five</b>']]);
});

test('a long title is read in pieces of a minute, and a cue over their edge is in both', async () => {
  const cues = [[10, 11, 'early'], [59, 62, 'over the edge'], [100, 101, 'late']];
  const video = await creator.upload(talkBytes('talk_long.mkv', { seconds: 130, size: '320x180', tracks: [{ kind: 'srt', cues, language: 'eng' }] }));
  await creator.ready(video);
  const pieces = await piecesOf(uriOf(mediaLines(await master('hls-cmaf', video))[0]));
  assert.deepEqual(pieces.map(({ duration }) => duration), [60, 60, 10]);
  assert.deepEqual(pieces.map(({ text }) => parseVtt(text).map(([, , line]) => line)), [['early', 'over the edge'], ['over the edge', 'late'], []]);
  assert.deepEqual(parseVtt(pieces[1].text)[0].slice(0, 2), [59, 62]);
});

test('broken and hostile text does no harm: it is replaced, escaped and bounded', async () => {
  const many = Array.from({ length: 60_000 }, (_, i) => [i / 10_000, i / 10_000 + 1, `line ${i}`]);
  const bytes = talkBytes('talk_hostile.mkv', {
    tracks: [
      { kind: 'srt', bytes: Buffer.from('1\n00:00:01,000 --> 00:00:02,000\n\xe9t\xe9 <script>alert(1)</script>\n\n2\n00:00:03,000 --> 00:00:03,000\nno time\n\n', 'latin1'), language: 'xx"x' },
      { kind: 'srt', cues: many, language: 'ger' },
    ],
  });
  const video = await creator.upload(bytes);
  await creator.ready(video);
  const lines = mediaLines(await master('hls-ts', video));
  const [broken] = await piecesOf(uriOf(lines[0]));
  assert.match(broken.text, /\ufffdt\ufffd/);
  assert.ok(!broken.text.includes('<script'));
  assert.ok(!lines[0].includes('LANGUAGE='));
  assert.equal(parseVtt((await piecesOf(uriOf(lines[1])))[0].text).length, 50_000);
  assert.ok((await why(video)).some((step) => step.includes('10000 of them show nothing, or cannot be shown')));
});

test('a title that is made anew has them anew, and a purged one leaves nothing', async () => {
  const folder = join(daemon.dataDir, 'instances/disk/media/videos', String(id));
  const stored = () => filesBelow(folder).filter((name) => name.endsWith('.vtt'));
  const before = uriOf(mediaLines(await master('hls-ts'))[0]);
  const [first] = stored();
  assert.equal((await creator.post(`/api/v1/videos/${id}/reprocess`)).status, 200);
  await until(async () => !(await creator.video(id)).reprocessing, { what: 'it is made anew', within: 60_000 });
  const anew = uriOf(mediaLines(await master('hls-ts'))[0]);
  assert.notEqual(anew.replace(/g\/[^/]+/, ''), before.replace(/g\/[^/]+/, ''));
  assert.deepEqual(parseVtt((await piecesOf(anew))[0].text), shown);
  assert.deepEqual(parseVtt((await piecesOf(before))[0].text), shown, 'who watches the old one reads on');
  assert.ok(stored().includes(first));
  const check = await daemon.ctl(['video', 'verify', String(id)]);
  assert.equal(check.code, 0, check.output);
  const scan = JSON.parse((await daemon.ctl(['storage', 'scan', '--json'])).output);
  assert.deepEqual([scan.orphans, scan.missing], [0, 0]);
  assert.equal((await daemon.ctl(['video', 'purge', String(id), '--force'])).code, 0);
  await until(() => stored().length === 0, { what: 'its files are gone' });
});

contractTest();
