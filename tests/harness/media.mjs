// What independent programs say of a stream: ffprobe and ffmpeg as oracles, and the playlists as text.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { request } from './http.mjs';

const runFile = promisify(execFile);
const big = { maxBuffer: 256 << 20 };

export async function probe(target, ...more) {
  const { stdout } = await runFile('ffprobe', ['-v', 'error', '-of', 'json', '-show_streams', '-show_format', ...more, target], big);
  return JSON.parse(stdout);
}

/// Decodes all of it; { frames, errors } where errors is what ffmpeg complained about.
export async function decode(target, select = '0:v:0') {
  const { stdout, stderr } = await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-i', target, '-map', select, '-f', 'framehash', '-hash', 'crc32', '-'], big);
  const lines = stdout.split('\n').filter((line) => line && !line.startsWith('#'));
  return { frames: lines.length, times: lines.map((line) => Number(line.split(',')[2])), errors: stderr };
}

/// Video packets of a file or URL in decoding order: [{ pts, key }] in seconds.
export async function packets(target) {
  const { stdout } = await runFile('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', target], big);
  return stdout.split('\n').filter(Boolean).map((line) => {
    const [pts, flags] = line.split(',');
    return { pts: Number(pts), key: flags.startsWith('K') };
  });
}

/// The renditions of a master: [{ uri, name, bandwidth, average, resolution, codecs, fps }].
export function parseMaster(text) {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) => {
    if (!line.startsWith('#EXT-X-STREAM-INF:')) return [];
    const attributes = Object.fromEntries([...line.matchAll(/([A-Z-]+)=("[^"]*"|[^,]*)/g)].map(([, key, value]) => [key, value.replaceAll('"', '')]));
    const uri = lines[index + 1];
    return [{
      uri, name: uri.split('/').at(-2), bandwidth: Number(attributes.BANDWIDTH), average: Number(attributes['AVERAGE-BANDWIDTH']),
      resolution: attributes.RESOLUTION, codecs: attributes.CODECS, fps: Number(attributes['FRAME-RATE']),
    }];
  });
}

/// A media playlist: { segments: [{ uri, duration }], ended, target, type }.
export function parsePlaylist(text) {
  const lines = text.split(/\r?\n/);
  const segments = lines.flatMap((line, index) => line.startsWith('#EXTINF:')
    ? [{ duration: Number(line.slice(8).split(',')[0]), uri: lines.slice(index + 1).find((next) => next && !next.startsWith('#')) }] : []);
  return {
    segments,
    ended: lines.includes('#EXT-X-ENDLIST'),
    target: Number(text.match(/#EXT-X-TARGETDURATION:(\d+)/)?.[1]),
    type: text.match(/#EXT-X-PLAYLIST-TYPE:(\w+)/)?.[1],
  };
}

export function resolveUri(basePath, uri) {
  const { pathname, search } = new URL(uri, `http://x${basePath}`);
  return pathname + search;
}

/// Every rendition of a master with its playlist and the bytes of each segment, fetched without credentials.
export async function fetchStream(base, masterPath) {
  const master = await request(base, 'GET', masterPath);
  if (master.status !== 200) throw new Error(`${masterPath}: ${master.status} ${master.text}`);
  const renditions = [];
  for (const rendition of parseMaster(master.text)) {
    const path = resolveUri(masterPath, rendition.uri);
    const answer = await request(base, 'GET', path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    const playlist = parsePlaylist(answer.text);
    for (const segment of playlist.segments) {
      segment.path = resolveUri(path, segment.uri);
      const bytes = await request(base, 'GET', segment.path);
      if (bytes.status !== 200) throw new Error(`${segment.path}: ${bytes.status} ${bytes.text}`);
      Object.assign(segment, { bytes: bytes.body, headers: bytes.headers });
    }
    renditions.push({ ...rendition, path, text: answer.text, headers: answer.headers, ...playlist });
  }
  return { master, renditions };
}
