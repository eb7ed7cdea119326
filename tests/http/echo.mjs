// Starts http-echo, the small real server over core/http, with options as name=value words. What every
// server must do can also be asked of a whole reeld (REELD_TEST_SUBJECT=reeld starts one) and of one that
// runs already (REELD_PORT).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const top = fileURLToPath(new URL('../..', import.meta.url));
const build = process.env.REELD_TEST_BUILD ?? join(top, 'build/dev');

const whole = process.env.REELD_TEST_SUBJECT === 'reeld';
export const elsewhere = whole || process.env.REELD_PORT !== undefined;

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
  /// The server under test of a suite that runs against any.
  static async any(...words) {
    if (!elsewhere) return Echo.start(...words);
    if (!whole) return Object.assign(new Echo(), { port: Number(process.env.REELD_PORT), stop: async () => {} });
    const { Daemon } = await import('../harness/daemon.mjs');
    const daemon = await Daemon.start();
    return Object.assign(new Echo(), { port: daemon.port, stop: () => daemon.dispose() });
  }
  get pid() {
    return this.child.pid;
  }
  /// Whether the log comes to hold this; it arrives through a pipe, a moment after the answer.
  async logged(text) {
    for (let tries = 0; tries < 200 && !this.log.includes(text); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.log.includes(text);
  }
  async stop(signal = 'SIGTERM') {
    this.child.kill(signal);
    return this.exited;
  }
}
