// Story: sound ends with the pictures, whatever the source's does: no form of a title holds more of it than its playlists
// and manifests say, but for the rest of the last packet. A player that was given more does not know when it is at the end.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { soundBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { request } from '../harness/http.mjs';
import { parseMaster, parsePlaylist } from '../harness/media.mjs';
import { clipOfVoices } from '../harness/voices.mjs';

const packet = 1024 / 48000;
let daemon, creator;
before(async () => {
  daemon = await Daemon.start({ set: ['packaging.segment_seconds=2', 'processing.preset=ultrafast', 'processing.ladder=[144,180]'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon.dispose());

/// [first, end] in seconds of the stored packets of a kind.
async function spanOf(target, kind) {
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', '-select_streams', `${kind}:0`, '-show_entries', 'packet=pts_time,duration_time', '-of', 'json', target], { maxBuffer: 64 << 20 });
  const packets = JSON.parse(stdout).packets.map(({ pts_time, duration_time }) => [Number(pts_time), Number(pts_time) + Number(duration_time ?? 0)]);
  return [Math.min(...packets.map(([start]) => start)), Math.max(...packets.map(([, end]) => end))];
}
/// Sound alone is counted in twenty-fifths of a second, of which it may not fill the last.
const within = (sound, title, what) => assert.ok(sound - title > (what.startsWith('sound alone') ? -0.041 : -0.002) && sound - title < packet + 0.002, `${what}: the sound ends at ${sound}, the title at ${title}`);
const listed = async (uri) => parsePlaylist((await request(daemon.url, 'GET', uri)).text).segments.reduce((sum, { duration }) => sum + duration, 0);
async function played(id, query = '') {
  const link = await creator.get(`/api/v1/stream/${id}`);
  return (await creator.get(link.json.stream_url + query, { token: null })).text;
}
const dashEnd = (manifest) => {
  const [, scale, lines] = manifest.match(/contentType="audio"[^]*?timescale="(\d+)"[^]*?<SegmentTimeline>(.*?)<\/SegmentTimeline>/);
  return [...lines.matchAll(/d="(\d+)"(?: r="(\d+)")?/g)].reduce((sum, [, d, r]) => sum + Number(d) * (1 + Number(r ?? 0)), 0) / Number(scale);
};

async function requireEnd(id, what) {
  for (const { uri, name, resolution } of parseMaster(await played(id))) {
    const title = await listed(uri);
    const [first, end] = await spanOf(daemon.url + uri, 'a');
    assert.ok(Math.abs(first - 10 + packet) < 0.001, `${what}, ${name}: ${first}`);
    within(end - 10, title, `${what}, ${name} as transport streams`);
    if (resolution) assert.ok(Math.abs((await spanOf(daemon.url + uri, 'v'))[1] - 10 - title) < 0.002);
  }
  const master = await played(id, '?format=hls-cmaf');
  const uri = master.match(/TYPE=AUDIO[^\n]*URI="([^"]+)"/)?.[1] ?? parseMaster(master)[0].uri;
  const [, end] = await spanOf(daemon.url + uri, 'a');
  within(end, await listed(parseMaster(master)[0].uri), `${what} as fragmented MP4`);
  assert.ok(Math.abs(end - await listed(uri)) < 0.002, `${what}: its playlist says ${await listed(uri)}, it ends at ${end}`);
  const manifest = await played(id, '?format=dash');
  const [, dash] = await spanOf(`${daemon.url}${manifest.match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0]}manifest.mpd`, 'a');
  assert.ok(Math.abs(dash - dashEnd(manifest)) < 0.002, `${what}: its manifest says ${dashEnd(manifest)}, it ends at ${dash}`);
  within(dash, Number(manifest.match(/mediaPresentationDuration="PT([\d.]+)S"/)[1]), `${what} as DASH`);
}

const clips = { 'as long': 5.04, 'nine tenths of a second longer': 5.9, 'two seconds longer': 7, 'two seconds shorter': 3 };
for (const [what, sound] of Object.entries(clips)) {
  test(`sound that is ${what} ends with the pictures`, async () => {
    const id = await creator.upload(readFileSync(clipOfVoices(`end_${sound}.mp4`, { seconds: 5.04, tracks: [{ hertz: 440, seconds: sound }] })));
    await creator.ready(id);
    await requireEnd(id, what);
  });
}

test('so does that of pictures that are copied', async () => {
  const video = ['-crf', '30', '-bf', '2', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-flags', '+cgop'];
  const id = await creator.upload(readFileSync(clipOfVoices('end_copied.mp4', { seconds: 5.04, video, tracks: [{ hertz: 440, seconds: 5.9 }] })));
  await creator.ready(id);
  assert.deepEqual(daemon.database.query(`SELECT COUNT(*) FROM jobs WHERE video_id = ${id} AND kind = 'encode-copy' AND state = 'completed'`), [['1']]);
  await requireEnd(id, 'copied');
});

test('sound alone ends where it is said to', async () => {
  const id = await creator.upload(soundBytes({ seconds: 5 }));
  await creator.ready(id);
  await requireEnd(id, 'sound alone');
});

contractTest('sound_end');
