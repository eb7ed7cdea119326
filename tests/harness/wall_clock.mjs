// A wall clock for a daemon that a test may set while it runs (libfaketime). What counts on from the start of
// the machine goes on as ever, as it does when somebody sets the clock of a real one.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class WallClock {
  constructor(folder) {
    this.file = join(folder, 'wall-clock');
    this.set(0);
  }
  /// So many seconds off the real time, from the daemon's next look at its clock on.
  set(seconds) {
    writeFileSync(this.file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s\n`);
  }
  /// The environment of the daemon.
  get env() {
    return {
      LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1', FAKETIME_DONT_RESET: '1',
      // A library that is loaded before that of the sanitizer is no mistake here.
      ASAN_OPTIONS: [process.env.ASAN_OPTIONS, 'verify_asan_link_order=0'].filter(Boolean).join(':'),
    };
  }
}

/// Debian's libfaketime for programs with threads; its folder has the name of the architecture.
function library() {
  const found = readdirSync('/usr/lib').map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1')).find((path) => existsSync(path));
  if (!found) throw new Error('libfaketime is not installed: packaging/install-dependencies test');
  return found;
}
