// The clip the benches of encoding take: the real one of the media folder, or one made alike.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { top } from '../../harness/daemon.mjs';

const media = process.env.REELD_TEST_MEDIA ?? join(top, '../shared/media');

/// Path of 17 s of 1080p, 25 frames a second, that can be copied; `given` if it is, else made in the folder.
export async function benchClip(folder, given) {
  const real = given ?? join(media, 'bbb_1080p25_h264_aac51_17s.mp4');
  if (existsSync(real)) return real;
  const made = join(folder, 'clip.mp4');
  console.log(`no clips at ${media}: making one`);
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'mandelbrot=size=1920x1080:rate=25:end_scale=0.01', '-f', 'lavfi', '-i', 'sine=sample_rate=48000',
    '-t', '17.28', '-c:v', 'libx264', '-preset', 'veryfast', '-maxrate', '4M', '-bufsize', '8M', '-g', '48', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac', made]);
  return made;
}
