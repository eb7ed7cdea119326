// A daemon that is shown clips, and the checks of what plays: size, rotation, frames, cuts and sound, held against
// ffmpeg's own reading of the source.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '../harness/client.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok } from '../harness/expect.mjs';
import { decode, fetchStream, packets, parseMaster, probe } from '../harness/media.mjs';
import { requireSteady, timelinesOf } from '../harness/timeline.mjs';

export const media = process.env.REELD_TEST_MEDIA ?? new URL('../../../shared/media', import.meta.url).pathname;
const runFile = promisify(execFile);

/// Frames of the source as ffmpeg counts them: as they are, or on a constant grid of `fps`.
async function framesOf(path, fps) {
  const { stdout } = await runFile('ffmpeg', ['-nostdin', '-v', 'fatal', '-i', path, '-map', '0:V:0', ...(fps ? ['-vf', `fps=${fps}`] : []), '-fps_mode', 'passthrough', '-f', 'framecrc', '-'], { maxBuffer: 64 << 20 });
  return stdout.split('\n').filter((line) => line && !line.startsWith('#')).length;
}

const near = (value, wanted, by, what) => assert.ok(Math.abs(value - wanted) <= by, `${what}: ${value}, not ${wanted}`);

/// Pictures: all of them, one per step from the start. Sound: without a gap, to the end of the pictures; sound alone is
/// counted in twenty-fifths of a second, of which it may not fill the last.
function requireTimeline(kind, times, { fps, frames, seconds }, what) {
  const step = kind === 'video' ? 1 / fps : 1024 / 48000;
  // ffprobe counts MP4 from the picture that is decoded first: some are shown before it.
  const ahead = kind === 'video' ? Math.min(4, Math.round(times[0] / step)) * step : 0;
  assert.ok(Math.abs(times[0] - ahead) < 0.001, `${what}: begins at ${times[0]}`);
  requireSteady(times, step, what);
  if (kind === 'video') return assert.equal(times.length, frames, what);
  const beyond = times.at(-1) + step - seconds;
  assert.ok(beyond < step + 0.002 && beyond > -(fps ? 0.002 : 0.042), `${what} ends ${beyond} s behind its title`);
}

/// open() starts the daemon with a creator and somebody who is not signed in; close() ends and removes it all.
export class Screening {
  static async open(options) {
    const screening = new Screening();
    screening.folder = mkdtempSync(join(tmpdir(), 'reeld-media-'));
    try {
      screening.daemon = await Daemon.start(options);
      screening.guest = new Client(screening.daemon);
      screening.creator = await Client.person(screening.daemon, 'CREATOR');
      return screening;
    } catch (error) {
      await screening.close();
      throw error;
    }
  }
  async close() {
    rmSync(this.folder, { recursive: true, force: true });
    await this.daemon?.dispose();
  }

  /// One clip from its upload to the last packet of every form it plays in; `wanted` as in expected.mjs.
  async show(file, wanted) {
    const id = await this.creator.upload(readFileSync(join(media, file)), { title: file, size: statSync(join(media, file)).size });
    const video = await this.creator.ready(id, 500_000);
    assert.ok(!video.damaged, JSON.stringify(video));
    const { masterPath } = await this.creator.play(id);
    const { renditions } = await fetchStream(this.daemon.url, masterPath);
    const { streams } = await probe(this.daemon.url + renditions[0].path);
    assert.equal(streams.some(({ codec_type }) => codec_type === 'audio'), wanted.audio, 'sound');
    ok(await this.guest.get(`/media/thumbnails/video_${id}.jpg`));
    if (!wanted.size) return this.#checkFragmented(id, { seconds: video.duration_ms / 1000 }, 1);

    const sizes = renditions.map(({ resolution }) => resolution.split('x').map(Number));
    const [width, height] = wanted.size;
    const top = sizes.reduce((best, size) => (Math.min(...size) > Math.min(...best) ? size : best));
    assert.deepEqual(sizes.map((size) => Math.min(...size)).sort((a, b) => a - b), wanted.rungs, 'rungs');
    near(top[0] / top[1], width / height, 0.02 * (width / height), 'shape of the top rung');

    if (wanted.fps) near(renditions[0].fps, wanted.fps, 0.01, 'frame rate');
    const frames = await framesOf(join(media, file), wanted.exact ? undefined : renditions[0].fps);
    const checked = [];
    for (const rendition of renditions) checked.push(await this.#checkRendition(rendition, wanted, frames));
    for (const { starts, frames: count } of checked) {
      assert.deepEqual(starts, checked[0].starts, 'cuts');
      assert.equal(count, checked[0].frames, 'frames of each rung');
    }
    const [{ fps }] = renditions;
    await this.#checkFragmented(id, { fps, frames: checked[0].frames, seconds: checked[0].frames / fps }, wanted.sounds ?? (wanted.audio ? 1 : 0));
    const { output } = await this.daemon.ctl(['video', 'verify', '--full', '--json', String(id)], { timeout: 300_000 });
    assert.deepEqual(JSON.parse(output).problems, []);
  }

  async #checkRendition(rendition, wanted, frames) {
    const { name, segments, path } = rendition;
    const whole = await decode(this.daemon.url + path);
    assert.equal(whole.errors, '', name);
    near(whole.frames, frames, wanted.exact ? 0 : 1, `frames of ${name}`);
    const starts = [];
    for (const [index, { bytes }] of segments.entries()) {
      const file = join(this.folder, 'segment.ts');
      writeFileSync(file, bytes);
      const [first] = await packets(file);
      assert.ok(first?.key, `${name}, segment ${index}: does not start on a key frame`);
      starts.push(first.pts.toFixed(3));
    }
    return { starts, frames: whole.frames };
  }

  /// The same title as HLS of fragmented MP4 and as DASH: every stream of each, by the times of its packets.
  async #checkFragmented(id, title, sounds) {
    const link = ok(await this.creator.get(`/api/v1/stream/${id}`)).json;
    const played = async (form) => ok(await this.creator.get(`${link.stream_url}?format=${form}`, { token: null })).text;
    const master = await played('hls-cmaf');
    const variants = parseMaster(master);
    const beside = [...master.matchAll(/^#EXT-X-MEDIA:TYPE=AUDIO.*,URI="([^"]+)"/gm)].map(([, uri]) => uri);
    const streams = await Promise.all([...variants.map(({ uri }) => uri), ...beside].map((uri) => timelinesOf(this.daemon.url + uri)));
    const manifest = await timelinesOf(`${this.daemon.url}${(await played('dash')).match(/\/media\/g\/[^/]+\/\d+\/cmaf\//)[0]}manifest.mpd`);
    // Of a manifest ffprobe tells reliably when pictures are decoded, but not of all when they are shown.
    for (const [form, made, when] of [['fragmented MP4', streams.flat(), 'shown'], ['DASH', manifest, 'decoded']]) {
      assert.equal(made.filter(({ kind }) => kind === 'audio').length, sounds, `tracks of sound as ${form}`);
      for (const one of made) requireTimeline(one.kind, one[when], title, `${one.kind} as ${form}`);
    }
    // The samples are those that were decoded before; that they are found to be what they are shows at once.
    const { stderr } = await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-t', '4', '-i', this.daemon.url + variants[0].uri, '-f', 'null', '-']);
    assert.equal(stderr, '');
  }
}
