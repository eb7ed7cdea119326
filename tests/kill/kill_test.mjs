// The kill loop: daemon and encoding children die by SIGKILL at random moments, while files come in and while they
// are encoded. At the end every acknowledged upload is READY with every frame once, nothing that was published was
// made again, and nothing is stored that no row names.
// REELD_KILL_ROUNDS says how many rounds (6), REELD_KILL_SEED which; the seed is printed.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes, ownClip } from '../harness/clips.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, parseMaster, resolveUri } from '../harness/media.mjs';
import { signal } from '../harness/signal.mjs';
import { SlowUpload } from '../harness/slow_upload.mjs';
import { talkBytes } from '../harness/talk_clip.mjs';
import { until } from '../harness/until.mjs';

const rounds = Number(process.env.REELD_KILL_ROUNDS ?? 6);
const seed = Number(process.env.REELD_KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const fps = 25;
/// All have two rungs. Some are made in one piece; the long one is cut into ranges, its sound made apart; of one the upper
/// rung is copied; the last has a second track of sound and subtitles.
const kinds = [{ seconds: 20 }, { seconds: 2 }, { seconds: 5, audio: false }, { seconds: 30, copied: true }, { seconds: 8, talks: true }];
const cues = [[0.5, 2, 'one'], [3, 4, 'two'], [5, 7.5, 'three']];
function bytesOf({ copied, talks, ...kind }) {
  if (copied) return readFileSync(ownClip('copied_360p_30s', { ...kind, video: ['-pix_fmt', 'yuv420p', '-crf', '34', '-g', '25', '-keyint_min', '25', '-sc_threshold', '0'] }));
  if (talks) return talkBytes('two_voices_8s.mkv', { ...kind, tracks: [{ kind: 'srt', cues, language: 'eng' }], more: ['-map', '1:a', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu'] });
  return clipBytes(kind);
}
/// Of a title the segments that are stored, and those of them that count as made: copied ones do not, nor a track beside.
const storedOf = ({ seconds, talks }) => seconds * (talks ? 3 : 2);
const madeOf = ({ seconds, copied }) => seconds * (copied ? 1 : 2);

// xorshift32: the same seed, the same choices; when a child is met is up to the machine all the same.
let state = (seed | 0) || 1;
function random(below) {
  state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
  return (state >>> 0) % below;
}

const acknowledged = new Map(); // id -> kind
const published = new Set(); // "encoding rendition number key" before any of the kills, of subtitles "encoding subtitles number key"
const killed = { daemon: 0, child: 0, upload: 0 };
let daemon, creator;
before(async () => {
  console.log(`kill loop: REELD_KILL_SEED=${seed}, ${rounds} rounds`);
  daemon = await Daemon.start({ set: ['packaging.segment_seconds=1', 'processing.lease_seconds=5', 'processing.concurrency=2', 'processing.ladder=[180, 360]'] });
  creator = await Client.person(daemon, 'CREATOR');
});
after(() => daemon?.dispose());

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const segments = () => daemon.database.query(`SELECT r.encoding_id, r.name, s.number, s.storage_key FROM segments s
  JOIN renditions r ON r.id = s.rendition_id JOIN encodings e ON e.id = r.encoding_id ORDER BY 1, 2, 3`).map((row) => row.join(' '));
const subtitles = () => daemon.database.query("SELECT encoding_id, 'subtitles', number, storage_key FROM subtitles WHERE storage_key IS NOT NULL").map((row) => row.join(' '));

/// An upload in pieces, so that a kill may meet its middle. Returns whether it was acknowledged.
async function send(id, bytes) {
  const upload = await SlowUpload.begin(creator, id, bytes.length).catch(() => undefined);
  if (!upload) return false;
  const pieces = 1 + random(8);
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length; at += size) {
    upload.send(bytes.subarray(at, at + size));
    await wait(random(20));
  }
  const status = await upload.status();
  return status >= 200 && status < 300;
}

async function killOne() {
  // A source whose children crash twice without a segment between is given up, by design: no such pair is made here.
  const spared = daemon.database.query(`SELECT COUNT(*) FROM jobs WHERE state IN ('running', 'available') AND crashes > 0`)[0][0] !== '0';
  const children = daemon.children();
  for (const one of [...segments(), ...subtitles()]) published.add(one);
  if (!spared && children.length > 0 && random(2) === 0) {
    if (signal(children[random(children.length)], 'SIGKILL')) ++killed.child;
    return;
  }
  await daemon.kill();
  ++killed.daemon;
  await daemon.start();
}

test(`${rounds} rounds of uploads, encodes and kills`, async () => {
  for (let round = 0; round < rounds; ++round) {
    const begun = [];
    for (const kind of [kinds[round % kinds.length], kinds[random(kinds.length)]]) {
      const { id } = ok(await creator.post('/api/v1/videos/', { json: { title: `round ${round}` } })).json;
      begun.push({ id, kind, sent: send(id, bytesOf(kind)) });
    }
    await wait(round % 2 === 0 ? random(100) : random(3000)); // while files come in, or while they are encoded
    await killOne();
    await wait(300 + random(2000)); // a crash has been written down by then
    await killOne();
    for (const { id, kind, sent } of begun) {
      const was = await sent;
      const { status } = await creator.video(id);
      if (was) {
        assert.notEqual(status, 'UPLOADED', `video ${id} was acknowledged and is not there`);
      } else {
        ++killed.upload;
        // As a client does that has had no answer.
        if (status === 'UPLOADED') ok(await creator.put(`/api/v1/videos/${id}/upload`, { body: bytesOf(kind), headers: { 'content-type': 'application/octet-stream' } }));
      }
      acknowledged.set(id, kind);
    }
  }
  assert.notDeepEqual(daemon.database.query("SELECT COUNT(*) FROM jobs WHERE kind = 'encode-copy'"), [['0']]);
  console.log(`killed: the daemon ${killed.daemon} times, a child ${killed.child}; ${killed.upload} uploads were cut`);
  assert.ok(killed.daemon > 0);
});

test('every acknowledged upload is READY, every frame is there once', { timeout: 600_000 }, async () => {
  for (const [id, { seconds, talks }] of acknowledged) {
    await creator.ready(id, 180_000);
    const { master, masterPath } = await creator.play(id);
    const renditions = parseMaster(master);
    assert.deepEqual([id, renditions.map(({ resolution }) => resolution)], [id, ['320x180', '640x360']]);
    for (const rendition of renditions) {
      const { frames, times, errors } = await decode(daemon.url + resolveUri(masterPath, rendition.uri));
      assert.deepEqual([id, frames, new Set(times).size, errors], [id, seconds * fps, seconds * fps, '']);
    }
    const beside = [...master.matchAll(/^#EXT-X-MEDIA:TYPE=(AUDIO|SUBTITLES).*URI="([^"]+)"/gm)].map(([, type, uri]) => ({ type, uri }));
    assert.deepEqual([id, beside.map(({ type }) => type).sort()], [id, talks ? ['AUDIO', 'SUBTITLES'] : []]);
    for (const { uri } of beside.filter(({ type }) => type === 'AUDIO')) {
      const { frames, errors } = await decode(daemon.url + resolveUri(masterPath, uri), '0:a:0');
      // Of 1024 samples each, and one before them for the decoder to begin with.
      assert.deepEqual([id, frames, errors], [id, seconds * 48_000 / 1024 + 1, '']);
    }
  }
});

test('nothing that was published was made again: at most what was under way is repeated', () => {
  const stored = segments();
  const texts = subtitles();
  const now = new Set([...stored, ...texts]);
  assert.deepEqual([...published].filter((one) => !now.has(one)), []);
  const sum = (of) => [...acknowledged.values()].reduce((all, kind) => all + of(kind), 0);
  assert.equal(stored.length, sum(storedOf), 'in each rendition a segment for each second');
  assert.equal(texts.length, sum(({ talks }) => (talks ? 1 : 0)), 'subtitles once');
  assert.deepEqual(daemon.database.query('SELECT SUM(made) FROM jobs'), [[String(sum(madeOf))]], 'each was published once');
  assert.deepEqual(daemon.database.query(`SELECT kind, state, COUNT(*) FROM jobs WHERE state <> 'completed' GROUP BY kind, state`), []);
});

test('no orphan is stored, and nothing is missing', async () => {
  // A file whose daemon died before it wrote the row is left for an hour, in case its daemon lives: make it old.
  const media = join(daemon.dataDir, 'instances/disk/media');
  const yesterday = Date.now() / 1000 - 86_400;
  for (const entry of readdirSync(media, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.path, entry.name), yesterday, yesterday);
  }
  await daemon.stop();
  await daemon.start();
  await until(async () => (await daemon.ctl(['storage', 'scan'])).code === 0, { what: 'storage and database agree', within: 15_000, every: 200 })
    .catch(async (error) => { throw new Error(`${error.message}\n${(await daemon.ctl(['storage', 'scan'])).output}`); });
  assert.deepEqual(readdirSync(join(daemon.dataDir, 'spool')), []);
});
