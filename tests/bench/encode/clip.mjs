// The clip the benches of encoding take: the real one of the media folder, or one made alike.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { top } from '../../harness/daemon.mjs';

const runFile = promisify(execFile);
const media = process.env.REELD_TEST_MEDIA ?? join(top, '../shared/media');

/// Path of 17 s of 1080p, 25 frames a second, that can be copied; `given` if it is, else made in the folder.
export async function benchClip(folder, given) {
  const real = given ?? join(media, 'bbb_1080p25_h264_aac51_17s.mp4');
  if (existsSync(real)) return real;
  const made = join(folder, 'clip.mp4');
  console.log(`no clips at ${media}: making one`);
  await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'mandelbrot=size=1920x1080:rate=25:end_scale=0.01', '-f', 'lavfi', '-i', 'sine=sample_rate=48000',
    '-t', '17.28', '-c:v', 'libx264', '-preset', 'veryfast', '-maxrate', '4M', '-bufsize', '8M', '-g', '48', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', made]);
  return made;
}

/// Path of the clip's first groups of pictures, as they are, up to the first that begins after so many seconds.
export async function beginningOf(clip, seconds, folder) {
  const { stdout } = await runFile('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', clip], { maxBuffer: 64 << 20 });
  const packets = stdout.trim().split('\n').map((line) => line.split(','));
  const end = packets.findIndex(([time, flags]) => flags.startsWith('K') && Number(time) >= seconds);
  if (end < 0) return clip;
  const made = join(folder, 'beginning.mp4');
  await runFile('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', clip, '-c', 'copy', '-frames:v', String(end), '-t', packets[end][0], made]);
  return made;
}
