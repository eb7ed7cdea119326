// Story: a source with several tracks of sound. One is heard with the pictures; the others are there to be chosen,
// in every form a title is played in: each holds its own tone, begins and ends with the pictures, and is found by its
// language. A track that cannot be made is left out, and never the title.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { decode, parseMaster, parsePlaylist, probe, resolveUri } from '../harness/media.mjs';
import { decodedSound, spanOf, toneOf } from '../harness/tones.mjs';
import { until } from '../harness/until.mjs';
import { clipOfVoices, remuxed, withBrokenTrack } from '../harness/voices.mjs';

const seconds = 7;
const frame = 1001 / 30000;
const frames = Math.round(seconds / frame);
const tracks = [
  { hertz: 440, language: 'deu', title: 'not chosen: "stereo"' },
  { hertz: 550, language: 'eng', disposition: 'default' },
  { hertz: 660, language: 'fra', late: 2 },
  { hertz: 770, language: 'spa', seconds: 3 },
  { hertz: 880, language: 'spa', seconds: 8, codec: 'libmp3lame' },
  { hertz: 990, language: 'jpn' },
  { hertz: 1100, language: 'eng', title: 'The director, <alone> & "honest"', disposition: 'comment' },
  { hertz: 1210, language: 'eng', disposition: 'visual_impaired' },
];
const tones = tracks.map(({ hertz }) => hertz);
const film = remuxed(withBrokenTrack(clipOfVoices('voices_7s.mp4', { seconds, fps: '30000/1001', tracks }), 5), tracks);
/// By name: what is heard of each track, and when.
const expected = {
  'audio-2': { hertz: 440, span: [0, seconds], says: 'NAME="not chosen: \'stereo\'",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES' },
  'audio-3': { hertz: 660, span: [2, seconds], says: 'NAME="Français",LANGUAGE="fr",DEFAULT=NO,AUTOSELECT=YES' },
  'audio-4': { hertz: 770, span: [0, 3], says: 'NAME="Español",LANGUAGE="es",DEFAULT=NO,AUTOSELECT=YES' },
  'audio-5': { hertz: 880, span: [0, seconds], says: 'NAME="Español 2",LANGUAGE="es",DEFAULT=NO,AUTOSELECT=NO' },
  'audio-7': { hertz: 1100, span: [0, seconds], says: 'NAME="The director, <alone> & \'honest\'",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=NO' },
  'audio-8': { hertz: 1210, span: [0, seconds], says: 'NAME="English (audio description)",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,CHARACTERISTICS="public.accessibility.describes-video"' },
};

let daemon, creator, id;
before(async () => {
  daemon = await Daemon.start({ set: ['packaging.segment_seconds=2', 'processing.preset=ultrafast', 'processing.ladder=[144,180]', 'processing.lease_seconds=5', 'catalog.purge_after_days=7'] });
  creator = await Client.person(daemon, 'CREATOR');
  id = await creator.upload(readFileSync(film));
  await creator.ready(id);
});
after(() => daemon.dispose());

const ctl = async (...args) => JSON.parse((await daemon.ctl(['--json', ...args])).output.trim().split('\n').at(-1));
const jobsOf = (video) => daemon.database.query(`SELECT kind, state, COUNT(*) FROM jobs WHERE video_id = ${video} GROUP BY kind, state ORDER BY kind, state`).map((row) => row.join(' '));
const alternateSegments = (video) => daemon.database.query(`SELECT r.name, s.number, s.storage_key FROM segments s JOIN renditions r ON r.id = s.rendition_id
  JOIN encodings e ON e.id = r.encoding_id WHERE e.video_id = ${video} AND r.format = 'alternate' AND e.state <> 'retired' ORDER BY r.name, s.number`).map((row) => row.join(' '));

const fileOf = (segment) => join(daemon.dataDir, 'instances/disk/media', segment.split(' ')[2]);

async function played(query, video = id) {
  const link = await creator.get(`/api/v1/stream/${video}`);
  const answer = await creator.get(link.json.stream_url + query, { token: null });
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
}
/// Of a master: { name: { line, uri } } of its sounds.
const soundsOf = (master) => Object.fromEntries(master.split('\n').filter((line) => line.startsWith('#EXT-X-MEDIA:TYPE=AUDIO')).map((line) => {
  const uri = line.match(/,URI="([^"]+)"/)?.[1];
  return [uri?.split('/').at(-2) ?? 'within', { line, uri }];
}));

/// A track holds its tone and no other, from when to when it should, and is as long as the pictures.
async function requireHeard(target, name, { select = '0:a:0', priming = 0 } = {}) {
  const { hertz, span } = expected[name];
  const sound = await decodedSound(target, select);
  assert.equal(sound.errors, '', name);
  assert.ok(Math.abs(sound.seconds - priming - seconds) < frame, `${name} lasts ${sound.seconds - priming}`);
  const [from, to] = spanOf(sound, hertz).map((time) => time - priming);
  assert.ok(Math.abs(from - span[0]) < 0.06 && Math.abs(to - span[1]) < 0.08, `${name} is heard from ${from} to ${to}`);
  assert.equal(toneOf(sound, tones, span[0] + 0.2, span[1] - 0.2), hertz, name);
}

test('the master names every track by its language, and the one within the pictures first', async () => {
  const master = await played('');
  const sounds = soundsOf(master);
  assert.deepEqual(Object.keys(sounds), ['within', ...Object.keys(expected)]);
  assert.match(sounds.within.line, /GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2"$/);
  for (const [name, { says }] of Object.entries(expected)) assert.ok(sounds[name].line.includes(says), `${sounds[name].line}\nlacks ${says}`);
  for (const { line } of Object.values(sounds)) assert.ok((line.match(/"/g).length % 2) === 0);
  assert.match(master, /^#EXT-X-VERSION:4$/m);
  const variants = parseMaster(master);
  assert.equal(master.match(/,AUDIO="audio"$/gm).length, variants.length);
  // The one within is heard with the pictures, and with them alone.
  const within = await decodedSound(daemon.url + variants[0].uri);
  assert.equal(toneOf(within, tones, 1, 6), 550);
});

test('a variant asks for as much as it and the heaviest of the sounds need', async () => {
  const master = await played('');
  const heaviest = async (uri) => {
    const { segments } = parsePlaylist((await request(daemon.url, 'GET', uri)).text);
    const rates = await Promise.all(segments.map(async ({ uri: segment, duration }) => (await request(daemon.url, 'GET', resolveUri(uri, segment))).body.length * 8 / duration));
    return Math.max(...rates.slice(0, -1)); // the last one is short
  };
  const beside = Math.max(...await Promise.all(Object.values(soundsOf(master)).filter(({ uri }) => uri).map(({ uri }) => heaviest(uri))));
  for (const { uri, bandwidth } of parseMaster(master)) assert.ok(Math.abs((await heaviest(uri)) + beside - bandwidth) < 2, `${await heaviest(uri)} + ${beside} is not ${bandwidth}`);
});

test('transport streams: each track is cut with the pictures and holds its own tone', async () => {
  const master = await played('');
  const [variant] = parseMaster(master);
  const pictures = parsePlaylist((await request(daemon.url, 'GET', variant.uri)).text);
  for (const [name, { uri }] of Object.entries(soundsOf(master)).slice(1)) {
    const { segments, ended } = parsePlaylist((await request(daemon.url, 'GET', uri)).text);
    assert.deepEqual([ended, segments.map(({ duration }) => duration)], [true, pictures.segments.map(({ duration }) => duration)], name);
    const { streams: [stream] } = await probe(daemon.url + uri);
    // Time stamps are ten seconds ahead, and one packet of priming comes before the start.
    assert.ok(Math.abs(Number(stream.start_time) - 10 + 1024 / 48000) < 0.001, `${name} starts at ${stream.start_time}`);
    await requireHeard(daemon.url + uri, name, { priming: 1024 / 48000 });
  }
});

test('fragmented MP4: the same tracks beside the pictures', async () => {
  const master = await played('?format=hls-cmaf');
  const sounds = soundsOf(master);
  assert.deepEqual(Object.keys(sounds), ['audio', ...Object.keys(expected)]);
  assert.match(sounds.audio.line, /NAME="English",LANGUAGE="en",DEFAULT=YES/);
  const main = await decodedSound(daemon.url + sounds.audio.uri);
  assert.equal(toneOf(main, tones, 1, 6), 550);
  for (const name of Object.keys(expected)) {
    assert.ok(sounds[name].line.includes(expected[name].says), name);
    const { streams: [stream] } = await probe(daemon.url + sounds[name].uri);
    assert.equal(Number(stream.start_time), 0);
    await requireHeard(daemon.url + sounds[name].uri, name);
  }
  const decoded = await decode(daemon.url + parseMaster(master)[0].uri);
  assert.deepEqual([decoded.frames, decoded.errors], [frames, '']);
});

test('DASH: a set of its own for each, with language, label and role', async () => {
  const manifest = await played('?format=dash');
  const base = manifest.match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0];
  const sets = [...manifest.matchAll(/<AdaptationSet id="(\d+)" contentType="audio"[^>]*? lang="(\w+)"[^>]*>\n<Label>(.*?)<\/Label>(.*)\n[^]*?<Representation id="([\w-]+)"/g)]
    .map(([, , language, label, roles, name]) => ({ language, label, role: roles.match(/role:2011" value="([\w-]+)"/)[1], purpose: roles.match(/AudioPurposeCS:2007" value="(\d)"/)?.[1], name }));
  assert.deepEqual(sets.map(({ name, language, role }) => [name, language, role]), [['audio', 'en', 'main'], ['audio-2', 'de', 'alternate'], ['audio-3', 'fr', 'alternate'],
    ['audio-4', 'es', 'alternate'], ['audio-5', 'es', 'alternate'], ['audio-7', 'en', 'commentary'], ['audio-8', 'en', 'description']]);
  assert.equal(sets.find(({ name }) => name === 'audio-7').label, 'The director, &lt;alone&gt; &amp; \'honest\'');
  assert.equal(sets.find(({ name }) => name === 'audio-8').purpose, '1');
  const url = `${daemon.url}${base}manifest.mpd`;
  const { streams } = await probe(url);
  const sounds = streams.filter(({ codec_type }) => codec_type === 'audio');
  assert.equal(sounds.length, sets.length);
  for (const [index, { name }] of sets.entries()) if (name !== 'audio') await requireHeard(url, name, { select: `0:a:${index}` });
});

test('the track that cannot be decoded is left out, and the administrator is told', async () => {
  assert.ok(jobsOf(id).includes('encode-alternate discarded 1'));
  const { steps } = await ctl('video', 'why', String(id));
  assert.ok(steps.some((step) => step === 'the sound in its pictures is stream 2, English [en]'), steps.join('\n'));
  assert.ok(steps.some((step) => step === 'beside it audio-3: stream 3, Français [fr], 4 segments'), steps.join('\n'));
  assert.ok(steps.some((step) => /^beside it audio-6: stream 6, 日本語 \[ja\], is left out: of \d+ packets of its sound \d+ decode$/.test(step)), steps.join('\n'));
  assert.equal((await creator.video(id)).damaged, false);
  const base = (await creator.play(id)).masterPath.replace('hls/master.m3u8', '');
  for (const path of ['hls/audio-6/index.m3u8', 'hls/audio-6/segment_000.ts', 'cmaf/audio-6/index.m3u8', 'cmaf/audio-6/init.mp4', 'hls/audio-1/index.m3u8']) {
    assert.equal((await request(daemon.url, 'GET', base + path)).status, 404, path);
  }
});

test('verification reads the tracks, and storage holds nothing else', async () => {
  const whole = await ctl('video', 'verify', '--full', String(id));
  assert.deepEqual([whole.problems, whole.ok, whole.renditions, whole.segments], [[], true, 8, 32]);
  const scan = await ctl('storage', 'scan');
  assert.deepEqual([scan.orphans, scan.missing], [0, 0]);
  for (const segment of alternateSegments(id)) assert.ok(existsSync(fileOf(segment)), segment);
});

test('a title that is made anew keeps its tracks, and one that is purged leaves none', async () => {
  const doomed = await creator.upload(readFileSync(clipOfVoices('voices_2.mp4', { seconds: 3, tracks: [{ hertz: 440, language: 'eng' }, { hertz: 660, language: 'deu' }] })));
  await creator.ready(doomed);
  const before = alternateSegments(doomed);
  assert.equal(before.length, 2);
  assert.equal((await creator.post(`/api/v1/videos/${doomed}/reprocess`)).status, 200);
  await until(async () => alternateSegments(doomed).length === 2 && alternateSegments(doomed)[0] !== before[0] && Object.keys(soundsOf(await played('', doomed))).length === 2, { what: 'it is made anew', within: 60_000 });
  assert.equal((await creator.delete(`/api/v1/videos/${doomed}`)).status, 200);
  assert.equal((await ctl('video', 'purge', String(doomed), '--force')).purged, true);
  assert.deepEqual(daemon.database.query(`SELECT COUNT(*) FROM segments WHERE storage_key LIKE 'videos/${doomed}/%'`), [['0']]);
  assert.ok(!existsSync(fileOf(before[0])));
});

test('pictures that are copied have their tracks beside them, too', async () => {
  const groups = ['-crf', '30', '-bf', '2', '-g', '48', '-keyint_min', '48', '-sc_threshold', '0', '-flags', '+cgop'];
  const video = await creator.upload(readFileSync(clipOfVoices('voices_copied.mp4', { seconds, fps: 30, video: groups, tracks: [{ hertz: 440, language: 'eng' }, { hertz: 660, language: 'deu', seconds: 5 }] })));
  await creator.ready(video);
  assert.ok(jobsOf(video).includes('encode-copy completed 1'), jobsOf(video).join(', '));
  const master = await played('', video);
  const { 'audio-2': { uri } } = soundsOf(master);
  const pictures = parsePlaylist((await request(daemon.url, 'GET', parseMaster(master)[0].uri)).text);
  assert.deepEqual(parsePlaylist((await request(daemon.url, 'GET', uri)).text).segments.map(({ duration }) => duration), pictures.segments.map(({ duration }) => duration));
  for (const target of [uri, soundsOf(await played('?format=hls-cmaf', video))['audio-2'].uri]) {
    const sound = await decodedSound(daemon.url + target);
    assert.ok(Math.abs(sound.seconds - seconds) < 0.05, `${sound.seconds}`);
    assert.equal(toneOf(sound, tones, 1, 4), 660);
    assert.equal(toneOf(sound, tones, 5.5, 6.5), null);
  }
});

test('sound alone in two languages', async () => {
  const video = await creator.upload(readFileSync(clipOfVoices('voices_alone.m4a', { seconds: 5, picture: false, tracks: [{ hertz: 440, language: 'eng' }, { hertz: 660, language: 'deu', seconds: 4 }] })));
  await creator.ready(video);
  for (const query of ['', '?format=hls-cmaf']) {
    const master = await played(query, video);
    assert.equal(toneOf(await decodedSound(daemon.url + parseMaster(master)[0].uri), tones, 1, 3), 440);
    const other = await decodedSound(daemon.url + soundsOf(master)['audio-2'].uri);
    assert.equal(toneOf(other, tones, 1, 3), 660);
    assert.ok(Math.abs(other.seconds - 5) < 0.1, `${other.seconds}`);
  }
  assert.equal((await probe(`${daemon.url}${(await played('?format=dash', video)).match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0]}manifest.mpd`)).streams.length, 2);
});

test('a daemon that is killed while it makes a track goes on where it was; nothing that plays waited for it', async () => {
  const length = 240;
  const long = clipOfVoices('voices_long.mp4', { seconds: length, size: '64x36', fps: 5, tracks: [{ hertz: 440, language: 'eng' }, { hertz: 660, language: 'deu' }, { hertz: 880, language: 'fra' }] });
  const video = await creator.upload(readFileSync(long));
  await until(() => alternateSegments(video).length > 0, { what: 'a track is under way', within: 120_000, every: 10 });
  // Pictures and their sound are whole by then.
  const { playable, status } = await creator.video(video);
  assert.deepEqual([playable, status], [true, 'PROCESSING']);
  assert.ok(!(await played('', video)).includes('TYPE=AUDIO'));
  await daemon.kill();
  const published = alternateSegments(video);
  await daemon.start();
  await creator.ready(video, 120_000);
  const whole = alternateSegments(video);
  assert.equal(whole.length, length / 2 * 2);
  assert.ok(published.length < whole.length, `all ${whole.length} were there`);
  assert.deepEqual(whole.filter((segment) => published.includes(segment)), published);
  assert.ok(jobsOf(video).includes('encode-alternate completed 2'));
  const sound = await decodedSound(daemon.url + soundsOf(await played('', video))['audio-3'].uri);
  assert.equal(sound.errors, '');
  assert.ok(Math.abs(sound.seconds - length) < 0.25, `${sound.seconds}`);
  for (const at of [1, 80, 160, length - 3]) assert.equal(toneOf(sound, tones, at, at + 1), 880);
});

contractTest('audio_tracks');
