// A real reeld as a child of the test: its own data directory, free ports, its own database, its log kept
// in tests/out. Tests start, stop, kill and restart it; nothing of it is faked.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDatabase } from './database.mjs';
import { request } from './http.mjs';
import { until } from './until.mjs';

export const top = fileURLToPath(new URL('../..', import.meta.url));
export const build = process.env.REELD_TEST_BUILD ?? join(top, 'build/dev');
export const outDir = process.env.REELD_TEST_OUT ?? join(top, 'tests/out');
export const admin = { email: 'admin@example.org', password: 'correct horse battery 1' };

const story = basename(process.argv[1] ?? 'node', '.mjs');
let started = 0;

// Below the ports that systems hand out by themselves (ip_local_port_range), so that no connection of a test's
// own gets one meanwhile. Suites that run side by side have a part each.
const [firstPort, lastPort] = (process.env.REELD_TEST_PORTS ?? '20000-31999').split('-').map(Number);
let nextPort = firstPort + Math.floor(Math.random() * (lastPort - firstPort + 1));

const listens = (port) => new Promise((resolve) => {
  const server = createServer();
  server.on('error', () => resolve(undefined)).listen(port, '127.0.0.1', () => resolve(server));
});

/// Ports that were free a moment ago; no two calls of one process give the same.
export async function freePorts(count) {
  const ports = [];
  for (let tries = firstPort; ports.length < count && tries <= lastPort; ++tries) {
    const port = nextPort;
    nextPort = port === lastPort ? firstPort : port + 1;
    const server = await listens(port);
    if (!server) continue;
    await new Promise((resolve) => server.close(resolve));
    ports.push(port);
  }
  if (ports.length < count) throw new Error(`no free port between ${firstPort} and ${lastPort}`);
  return ports;
}

/// A program of the build, run to its end: { code, signal, output }.
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeout ?? 30_000);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { output += data; });
    child.on('error', reject);
    child.on('close', (code, signal) => { clearTimeout(timer); resolve({ code, signal, output }); });
  });
}

/// The least that auth-password takes: stories hash by the thousand, and are seldom about what that costs.
const leastHashes = 'plugins.password.config={memlimit_kib: 7168, opslimit: 1}';

export class Daemon {
  /// Prepares everything a start needs; start() starts it. `set` is a list of "key=value" for --set;
  /// `dataDir` a folder that is there, if it matters where; `database` a kind, or another daemon's shared(); `hashes`
  /// 'shipped' where it matters what they cost.
  static async prepare({ set = [], env = {}, hashes = 'least', database = process.env.REELD_TEST_DATABASE ?? 'sqlite', dataDir } = {}) {
    const daemon = new Daemon();
    daemon.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), 'reeld-test-'));
    const [port, adminPort] = await freePorts(2);
    daemon.url = `http://127.0.0.1:${port}`;
    daemon.adminUrl = `http://127.0.0.1:${adminPort}`;
    daemon.port = port;
    daemon.env = { ...process.env, ...env };
    const passwordFile = join(daemon.dataDir, 'admin-password');
    writeFileSync(passwordFile, admin.password, { mode: 0o600 });
    daemon.database = typeof database === 'object' ? database : await makeDatabase(database, daemon.dataDir);
    daemon.config = join(daemon.dataDir, 'reeld.yaml');
    writeFileSync(daemon.config, '{}\n', { mode: 0o600 });
    daemon.settings = [
      `data_dir=${daemon.dataDir}`, `plugin_dirs=['${join(build, 'plugins')}']`,
      `http.listen=127.0.0.1:${port}`, `http.admin_listen=127.0.0.1:${adminPort}`,
      `admin.email=${admin.email}`, `admin.password_file=${passwordFile}`,
      // A story's people all register from one address, faster than people do.
      'auth.throttle.registrations=0', 'plugins.rate-limit.config={auth: 0, stream: 0, upload: 0, default: 0}', ...(hashes === 'least' ? [leastHashes] : []),
      ...daemon.database.settings, ...set,
    ];
    mkdirSync(join(outDir, 'daemons'), { recursive: true });
    daemon.logPath = join(outDir, 'daemons', `${story}-${process.pid}-${++started}.log`);
    return daemon;
  }
  static async start(options) {
    const daemon = await Daemon.prepare(options);
    await daemon.start();
    return daemon;
  }

  get arguments() {
    return ['--config', this.config, ...this.settings.flatMap((setting) => ['--set', setting])];
  }
  get log() {
    return readFileSync(this.logPath, 'utf8');
  }
  get pid() {
    return this.child.pid;
  }

  launch() {
    const log = openSync(this.logPath, 'a');
    this.child = spawn(this.program ?? join(build, 'bin/reeld'), this.arguments, { env: this.env, stdio: ['ignore', log, log], uid: this.user, gid: this.user });
    closeSync(log);
    this.exited = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('exit', (code, signal) => { this.ended = { code, signal }; resolve(this.ended); });
    });
    this.ended = undefined;
  }
  async start() {
    this.launch();
    await until(async () => {
      if (this.ended) throw new Error(`reeld ended at start with ${JSON.stringify(this.ended)}:\n${this.log.slice(-4000)}`);
      return (await request(this.adminUrl, 'GET', '/readyz').catch(() => undefined))?.status === 200;
    }, { what: 'reeld is ready', within: 30_000, every: 20 });
  }
  /// Asks for an orderly end and waits for it; { code, signal, took } in milliseconds.
  async stop(signal = 'SIGTERM', within = 60_000) {
    const began = Date.now();
    if (!this.ended) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), within);
    const ended = await this.exited;
    clearTimeout(timer);
    return { ...ended, took: Date.now() - began };
  }
  kill() {
    return this.stop('SIGKILL');
  }
  /// The end of the test: stops it if it runs, drops its database and its data.
  async dispose() {
    const faults = this.child && !this.ended ? await this.ledgerFaults() : [];
    if (this.child && !this.ended) await this.stop();
    await this.database.drop();
    rmSync(this.dataDir, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(`the ledger of this story is not exact:\n${faults.join('\n')}`);
  }
  /// What the check of the ledger says; nothing where it cannot be asked.
  async ledgerFaults() {
    const { code, output } = await this.ctl(['--json', 'ledger', 'check']);
    if (code !== 1 || !output.includes('"faults"')) return [];
    return JSON.parse(output).faults;
  }

  /// Processes below the daemon whose name contains `name`.
  children(name = 'reeld-worker') {
    const below = (pid) => {
      let tasks;
      try {
        tasks = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') + ' ' + threadsChildren(pid);
      } catch {
        return [];
      }
      return [...new Set(tasks.split(/\s+/).filter(Boolean).map(Number))].flatMap((child) => [child, ...below(child)]);
    };
    return [...new Set(below(this.pid))].filter((pid) => commandOf(pid).includes(name));
  }
  /// Resident memory of the daemon in bytes.
  get rss() {
    return Number(readFileSync(`/proc/${this.pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+)/m)[1]) * 1024;
  }
  ctl(args, options = {}) {
    return run(join(build, 'bin/reeldctl'), ['--socket', join(this.dataDir, 'reeldctl.sock'), ...args], options);
  }
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

// A child belongs to the thread that started it, so every thread is asked.
function threadsChildren(pid) {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    } catch {
      return '';
    }
  }).join(' ');
}
