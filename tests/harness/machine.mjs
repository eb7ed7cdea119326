// A Debian of its own, booted with systemd in a container over a pristine minimal root: packages are installed
// into it as an administrator would, services are killed in it, its journal is kept in tests/out/machines.
// Needs root and tests/tools/isolated around the test, whose network it shares: 127.0.0.1 is its loopback.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outDir } from './daemon.mjs';
import { until } from './until.mjs';

export const packages = process.env.REELD_TEST_PACKAGES ?? join(outDir, 'packages');
const systemRoot = process.env.REELD_TEST_SYSTEM_ROOT;
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/// What every container here gets: no registration, for there may be no machined; the calls of Landlock, which
/// nspawn's own filter would refuse and a real machine has.
export const container = (root) => [
  '--quiet', `--directory=${root}`, '--register=no', '--keep-unit', '--link-journal=no', '--resolv-conf=off', '--timezone=off',
  '--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self',
];

/// A program of this machine to its end: { code, signal, stdout, stderr, output }; output is both, mixed.
export function command(program, args, { input, timeout = 60_000, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '', output: '' };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => { said[name] += data; said.output += data; });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    child.on('error', reject).on('close', (code, signal) => { clearTimeout(timer); resolve({ code, signal, ...said }); });
    if (input !== undefined) child.stdin.on('error', () => {}).end(input);
  });
}

/// The first process of nspawn's container; killing it ends all of it. For a moment after the start it is another
/// one, that sets things up.
export function leaderOf(nspawn) {
  return readFileSync(`/proc/${nspawn.pid}/task/${nspawn.pid}/children`, 'utf8').trim().split(' ')[0];
}

export class Machine {
  url = 'http://127.0.0.1:8470';
  adminUrl = 'http://127.0.0.1:8471';
  port = 8470;

  /// `name` is that of its logs.
  static async boot(name, { binds = [] } = {}) {
    assert.ok(systemRoot, 'REELD_TEST_SYSTEM_ROOT is not set; run through tests/tools/suites/package');
    const machine = new this();
    machine.name = name;
    mkdirSync(join(outDir, 'machines'), { recursive: true });
    const log = openSync(join(outDir, 'machines', `${name}.console`), 'w');
    machine.child = spawn('systemd-nspawn', [
      ...container(systemRoot), '--volatile=overlay', '--boot', '--console=pipe', '--machine=reeld-test', '--kill-signal=SIGRTMIN+3',
      `--bind-ro=${packages}:/packages`, ...binds.map((bind) => `--bind-ro=${bind}`),
    ], { stdio: ['ignore', log, log] });
    closeSync(log);
    machine.ended = new Promise((resolve) => machine.child.on('exit', resolve));
    machine.child.on('exit', () => { machine.gone = true; });
    // A service of the minimal root that cannot run in a container makes it "degraded"; ours are asked one by one.
    await until(async () => machine.findLeader() && ['running', 'degraded'].includes((await machine.run(['systemctl', 'is-system-running'])).stdout.trim()),
      { what: () => `the system is up:\n${machine.console}`, within: 60_000 });
    return machine;
  }
  get console() {
    return readFileSync(join(outDir, 'machines', `${this.name}.console`), 'utf8');
  }
  findLeader() {
    if (this.gone) throw new Error(`the system did not boot:\n${this.console}`);
    this.leader = leaderOf(this.child);
    return this.leader;
  }

  /// A program inside, as root, to its end; see command().
  run(argv, options) {
    const inside = ['--target', this.leader, '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--', 'env', '-i', `PATH=${path}`, 'HOME=/root', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive', ...argv];
    return command('nsenter', inside, options);
  }
  sh(script, options) {
    return this.run(['sh', '-c', script], options);
  }
  /// What a script prints; throws with all of it if it fails.
  async does(script, options) {
    const { code, signal, stdout, output } = await this.sh(script, options);
    assert.equal(code, 0, `${script}\nended with ${code ?? signal}:\n${output}`);
    return stdout;
  }
  /// Where a path of the machine is seen from outside, also on what is mounted there.
  at(inside) {
    return `/proc/${this.leader}/root${inside}`;
  }
  read(inside) {
    return readFileSync(this.at(inside), 'utf8');
  }
  write(inside, text, mode = 0o644) {
    writeFileSync(this.at(inside), text, { mode });
  }

  /// Properties of a unit, all as text.
  async unit(unit = 'reeld', ...names) {
    const wanted = names.length > 0 ? names : ['ActiveState', 'SubState', 'Result', 'NRestarts', 'MainPID', 'ExecMainStatus'];
    const text = await this.does(`systemctl show ${wanted.map((name) => `-p ${name}`).join(' ')} ${unit}`);
    return Object.fromEntries(text.trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  }
  /// Process id of the daemon as this side sees it.
  async mainPid() {
    const { MainPID } = await this.unit('reeld', 'MainPID');
    return Number(MainPID);
  }
  /// Messages of the unit, one line each, oldest first.
  journal(unit = 'reeld') {
    return this.does(`journalctl --no-pager --output=cat --unit=${unit}`);
  }
  /// A sign in the journal from which journalSince() reads.
  async cursor() {
    const shown = await this.does('journalctl --no-pager --lines=0 --show-cursor');
    return shown.match(/-- cursor: (.*)/)[1];
  }
  journalSince(cursor, unit = 'reeld') {
    return this.does(`journalctl --no-pager --output=cat --unit=${unit} --after-cursor='${cursor}'`);
  }

  /// Keeps the journal and switches the machine off as a power cut would: nothing of it is needed any more.
  async dispose() {
    if (!this.gone) {
      const { stdout } = await this.sh('journalctl --no-pager --output=short-monotonic');
      writeFileSync(join(outDir, 'machines', `${this.name}.log`), stdout);
      process.kill(Number(this.leader), 'SIGKILL');
    }
    await this.ended;
  }
}
