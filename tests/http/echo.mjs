// Starts http-echo, the small real server over core/http, with options as name=value words; or points at a
// running server whose port is in REELD_PORT, where only what every server must do can be asked.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.REELD_TEST_BUILD ?? join(top, 'build/dev');

export const elsewhere = process.env.REELD_PORT !== undefined;

export class Echo {
  static async start(...words) {
    const echo = new Echo();
    echo.log = '';
    echo.child = spawn(join(build, 'tests/http-echo'), words, { stdio: ['ignore', 'pipe', 'pipe'] });
    echo.child.stderr.on('data', (data) => { echo.log += data; });
    echo.exited = new Promise((resolve, reject) => {
      echo.child.on('error', reject);
      echo.child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    const line = await Promise.race([
      new Promise((resolve) => echo.child.stdout.once('data', (data) => resolve(String(data)))),
      echo.exited.then((end) => { throw new Error(`http-echo ended: ${JSON.stringify(end)} ${echo.log}`); }),
    ]);
    const values = Object.fromEntries(line.trim().split(' ').map((word) => word.split('=')));
    echo.port = Number(values.port);
    echo.admin = Number(values.admin);
    echo.grant = values.grant;
    return echo;
  }
  /// The server under test of a suite that runs against any: http-echo, or the one of REELD_PORT.
  static async any(...words) {
    if (!elsewhere) return Echo.start(...words);
    const echo = new Echo();
    echo.port = Number(process.env.REELD_PORT);
    return echo;
  }
  get pid() {
    return this.child.pid;
  }
  async stop(signal = 'SIGTERM') {
    if (!this.child) return { code: 0 };
    this.child.kill(signal);
    return this.exited;
  }
}
