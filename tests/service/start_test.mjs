// Story: a start that cannot succeed. Everything that is wrong is told at once, a line each, with the
// command that puts it right; the exit status tells the service manager whether trying again can help.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, Daemon, run } from '../harness/daemon.mjs';

const asRoot = process.getuid() === 0;
const nobody = 65534;
const onSqlite = process.env.REELD_TEST_DATABASE !== 'postgres';

/// The programs and plugins where every user may run them.
let place;
before(() => {
  place = mkdtempSync(join(tmpdir(), 'reeld-place-'));
  for (const folder of ['', 'bin', 'plugins']) {
    if (folder) mkdirSync(join(place, folder));
    chmodSync(join(place, folder), 0o755);
  }
  for (const name of ['reeld', 'reeld-worker']) copyFileSync(join(build, 'bin', name), join(place, 'bin', name));
  for (const name of readdirSync(join(build, 'plugins'))) {
    if (!name.endsWith('.so')) continue;
    copyFileSync(join(build, 'plugins', name), join(place, 'plugins', name));
    chmodSync(join(place, 'plugins', name), 0o644);
  }
});
after(() => rmSync(place, { recursive: true, force: true }));

async function prepare({ set = [], user } = {}) {
  const daemon = await Daemon.prepare({ set: [`plugin_dirs=['${join(place, 'plugins')}']`, ...set] });
  daemon.program = join(place, 'bin/reeld');
  daemon.user = user;
  if (user !== undefined) execFileSync('chown', ['-R', `${user}:${user}`, daemon.dataDir]);
  return daemon;
}
/// How a start that is expected to fail ends: the exit status and the lines that are for people.
async function failure(daemon) {
  const { length } = existsSync(daemon.logPath) ? daemon.log : '';
  daemon.launch();
  const timer = setTimeout(() => daemon.child.kill('SIGKILL'), 20_000);
  const { code } = await daemon.exited;
  clearTimeout(timer);
  const lines = daemon.log.slice(length).split('\n').filter(Boolean);
  const faults = lines.filter((line) => line.startsWith('reeld: '));
  // What is no line of the log is for people, and has the program's name before it.
  assert.deepEqual(lines.filter((line) => !faults.includes(line) && !/^\S*\d\d:\d\d:\d\d\S* +(error|warning|info|debug) /.test(line)), []);
  return { code, faults };
}
const only = (faults, words) => {
  assert.equal(faults.length, 1, faults.join('\n'));
  assert.match(faults[0], words);
  return faults[0];
};

test('everything that is wrong is told at once, before the database is touched', async () => {
  const daemon = await prepare();
  try {
    const secret = join(daemon.dataDir, 'open-secret');
    writeFileSync(secret, 'x'.repeat(64));
    chmodSync(secret, 0o644);
    writeFileSync(join(daemon.dataDir, 'instances'), '');
    writeFileSync(join(daemon.dataDir, 'admin-password'), 'short');
    daemon.settings.push(`auth.secret_file=${secret}`, 'http.listen=203.0.113.7:8470', 'plugins.one={use: no-such-plugin}', 'plugins.two={use: nor-this-one}');
    const { code, faults } = await failure(daemon);
    assert.equal(code, 78);
    const wanted = [/instances is no folder: mv \S+instances /, /open-secret.*chmod 600 /, /cannot listen on 203\.0\.113\.7:8470.*ip -brief address/, /plugin "one".*no-such-plugin.*->/, /plugin "two".*nor-this-one.*->/, /admin\.password_file.*8 characters/];
    for (const words of wanted) assert.equal(faults.filter((line) => words.test(line)).length, 1, `${words}\n${faults.join('\n')}`);
    assert.equal(faults.length, wanted.length, faults.join('\n'));
    if (onSqlite) assert.ok(!existsSync(join(daemon.dataDir, 'reeld.db')));
    else assert.deepEqual(daemon.database.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"), []);

    const check = await run(daemon.program, ['--check-config', ...daemon.arguments], { env: daemon.env });
    assert.equal(check.code, 78, check.output);
    for (const words of wanted) assert.match(check.output, words);
  } finally {
    await daemon.dispose();
  }
});

/// The plugins of a daemon whose configuration names none.
const loadedByDefault = readFileSync(new URL('../../etc/reeld.yaml', import.meta.url), 'utf8').match(/^ {2}\S+: \{use: .*required: true\b/gm).length;
const ofRoot = (file) => { writeFileSync(file, ''); chownSync(file, 0, 0); chmodSync(file, 0o600); };
/// [what, who runs it, what breaks it, what is said]: the command at the end of the line mends it.
const broken = [
  ['a folder of the data folder is a file', undefined, (daemon) => writeFileSync(join(daemon.dataDir, 'instances'), ''), /\/instances is no folder/],
  ['an instance folder is a file', undefined, (daemon) => { mkdirSync(join(daemon.dataDir, 'instances')); writeFileSync(join(daemon.dataDir, 'instances/disk'), ''); }, /\/instances\/disk is no folder/],
  ['the data folder lies below a file', undefined, (daemon) => { const file = join(daemon.dataDir, 'file'); writeFileSync(file, ''); daemon.settings.push(`data_dir=${file}/data`); }, /\/file is a file where a folder is needed/],
  ['the signing secret may be read by others', undefined, (daemon) => { const secret = join(daemon.dataDir, 'secret'); writeFileSync(secret, 'x'.repeat(64)); chmodSync(secret, 0o644); }, /secret may be read by others/],
  ['the worker may not be executed', undefined, () => chmodSync(join(place, 'bin/reeld-worker'), 0o644), /reeld-worker has the mode 0644/],
  ['the data folder belongs to another', nobody, (daemon) => { const data = join(daemon.dataDir, 'data'); mkdirSync(data, { mode: 0o700 }); daemon.settings.push(`data_dir=${data}`); }, /belongs to root \(mode 0700\).*chown -R nobody: /],
  ['a folder of the data folder is closed to its owner', nobody, (daemon) => { const spool = join(daemon.dataDir, 'spool'); mkdirSync(spool); chownSync(spool, nobody, nobody); chmodSync(spool, 0o500); }, /spool has the mode 0500/],
  ['the signing secret belongs to another', nobody, (daemon) => { const secret = join(daemon.dataDir, 'secret'); writeFileSync(secret, 'x'.repeat(64)); chownSync(secret, 0, 0); chmodSync(secret, 0o600); }, /secret belongs to root.*chown nobody: /],
  ['the folder of the configuration may not be entered', nobody, (daemon) => { const etc = join(daemon.dataDir, 'etc'); mkdirSync(etc, { mode: 0o700 }); daemon.config = join(etc, 'reeld.yaml'); writeFileSync(daemon.config, '{}\n'); chmodSync(daemon.config, 0o644); }, /reeld\.yaml: cannot be read.*chgrp nogroup \S*etc /, 2],
  ['the configuration may not be read', nobody, (daemon) => { chownSync(daemon.config, 0, 0); chmodSync(daemon.config, 0o600); }, /reeld\.yaml: cannot be read.*chgrp /],
  ['a plugin may be read by root alone', nobody, () => chmodSync(join(place, 'plugins/storage-disk.so'), 0o600), /storage-disk\.so belongs to root.*cannot read it -> chmod 0755 /],
  ['the folder of the plugins may be entered by root alone', nobody, () => chmodSync(join(place, 'plugins'), 0o700), /the folder \S+plugins belongs to root.*cannot enter it -> chmod a\+rx /, loadedByDefault],
  ['the folder of the mails belongs to another', nobody, (daemon) => mkdirSync(join(daemon.dataDir, 'mail'), { mode: 0o700 }), /"outbox".*cannot open \S+mail.*-> chown -R nobody: /],
  ['the folder of the mails is closed to its owner', nobody, (daemon) => { const mail = join(daemon.dataDir, 'mail'); mkdirSync(mail); chownSync(mail, nobody, nobody); chmodSync(mail, 0o500); }, /"outbox".*-> chmod u\+rwx /],
  ['the lock of the control socket belongs to another', nobody, (daemon) => ofRoot(join(daemon.dataDir, 'reeldctl.sock.lock')), /reeldctl\.sock\.lock belongs to root.*chown nobody: /],
  ['everybody may write the data folder', undefined, (daemon) => { const data = join(daemon.dataDir, 'data'); mkdirSync(data); chmodSync(data, 0o777); daemon.settings.push(`data_dir=${data}`); }, /\/data may be written by everybody \(mode 0777\): chmod o-w /],
  ['everybody may write conf.d', undefined, (daemon) => { const folder = join(daemon.dataDir, 'conf.d'); mkdirSync(folder); chmodSync(folder, 0o1777); }, /conf\.d: may be written by everybody: chmod o-w /],
  ['a file of conf.d belongs to a stranger', nobody, (daemon) => { const folder = join(daemon.dataDir, 'conf.d'); mkdirSync(folder); writeFileSync(join(folder, 'a.yaml'), '{}\n'); chownSync(join(folder, 'a.yaml'), 65533, 65533); chmodSync(join(folder, 'a.yaml'), 0o644); }, /a\.yaml: belongs to 65533, who could change it: chown root: /],
  ...(onSqlite ? [['the lock of the outbox belongs to another', nobody, (daemon) => ofRoot(join(daemon.dataDir, 'reeld.db-outbox.lock')), /reeld\.db-outbox\.lock belongs to root.*chown nobody: /]] : []),
  ...(onSqlite ? [['the lock of the migrations belongs to another', nobody, (daemon) => ofRoot(join(daemon.dataDir, 'reeld.db-migrate.lock')), /reeld\.db-migrate\.lock belongs to root.*chown nobody: /]] : []),
  ...(onSqlite ? [['the database belongs to another', nobody, (daemon) => { const file = join(daemon.dataDir, 'reeld.db'); writeFileSync(file, ''); chownSync(file, 0, 0); chmodSync(file, 0o600); }, /reeld\.db belongs to root/]] : []),
];
/// "...: COMMAND", "... -> COMMAND" or "... (COMMAND)"
const remedyOf = (fault) => fault.match(/\(((?:chgrp|chmod|chown|mv) [^()]*)\)$/)?.[1] ?? fault.match(/(?:: |-> )((?:chgrp|chmod|chown|mv) .*)$/)[1];

for (const [what, user, spoil, words, lines = 1] of broken) {
  test(`${what}: the line ends with the command that mends it`, { skip: user !== undefined && !asRoot && 'needs root to become somebody else' }, async () => {
    const daemon = await prepare({ user });
    try {
      spoil(daemon);
      const { code, faults } = await failure(daemon);
      assert.equal(code, 78, faults.join('\n'));
      assert.equal(faults.length, lines, faults.join('\n'));
      const fault = faults.find((line) => words.test(line));
      assert.ok(fault, faults.join('\n'));
      execFileSync('sh', ['-c', remedyOf(fault)]);
      await daemon.start();
    } finally {
      await daemon.dispose();
      chmodSync(join(place, 'bin/reeld-worker'), 0o755);
      chmodSync(join(place, 'plugins'), 0o755);
      chmodSync(join(place, 'plugins/storage-disk.so'), 0o644);
    }
  });
}

test('without the worker nothing starts, and how to get it back is told', async () => {
  const daemon = await prepare();
  rmSync(join(place, 'bin/reeld-worker'));
  try {
    const { code, faults } = await failure(daemon);
    assert.equal(code, 78);
    only(faults, /reeld-worker is missing: apt-get install --reinstall reeld/);
  } finally {
    await daemon.dispose();
    copyFileSync(join(build, 'bin/reeld-worker'), join(place, 'bin/reeld-worker'));
  }
});

test('what may pass by itself is 75: a taken port, a data folder in use', async () => {
  const first = await prepare();
  await first.start();
  const second = await prepare({ set: [`http.listen=127.0.0.1:${first.port}`] });
  const third = await prepare({ set: [`data_dir=${first.dataDir}`] });
  try {
    const port = await failure(second);
    assert.equal(port.code, 75, port.faults.join('\n'));
    only(port.faults, new RegExp(`127\\.0\\.0\\.1:${first.port}.*in use.*ss -Hltnp`));
    const folder = await failure(third);
    assert.equal(folder.code, 75, folder.faults.join('\n'));
    assert.match(folder.faults.join('\n'), /another reeld runs on the data folder/);
    await first.stop();
    await second.start();
  } finally {
    for (const daemon of [third, second, first]) await daemon.dispose();
  }
});

test('a taken port beside something that must be put right is 78', async () => {
  const first = await prepare();
  await first.start();
  const second = await prepare({ set: [`http.listen=127.0.0.1:${first.port}`, 'plugins.extra={use: no-such-plugin}'] });
  try {
    const { code, faults } = await failure(second);
    assert.equal(code, 78);
    assert.equal(faults.length, 2, faults.join('\n'));
  } finally {
    await second.dispose();
    await first.dispose();
  }
});

test('an address that no interface has, and one address for both listeners, are 78', async () => {
  for (const [set, words] of [
    [['http.listen=203.0.113.7:8470'], /203\.0\.113\.7:8470.*ip -brief address/],
    [['http.listen=127.0.0.1:47011', 'http.admin_listen=127.0.0.1:47011'], /http\.listen and http\.admin_listen are both/],
  ]) {
    const daemon = await prepare({ set });
    const { code, faults } = await failure(daemon);
    await daemon.dispose();
    assert.equal(code, 78, faults.join('\n'));
    only(faults, words);
  }
});

test('--check-config says what a start would say, beside a running daemon too', async () => {
  const daemon = await prepare();
  const check = (...set) => run(daemon.program, ['--check-config', ...daemon.arguments, ...set.flatMap((one) => ['--set', one])], { env: daemon.env });
  try {
    await daemon.start();
    const good = await check();
    assert.equal(good.code, 0, good.output);
    assert.doesNotMatch(good.output, /not judged/);
    const smtp = '{use: notifier-smtp, config: {user: x, password_file: /nope}}';
    for (const [set, words] of [
      [['http.admin_listen=127.0.0.1:8999', 'http.listen=127.0.0.1:8999'], /http\.listen and http\.admin_listen are both 127\.0\.0\.1:8999/],
      [['http.listen=203.0.113.7:8470'], /cannot listen on 203\.0\.113\.7:8470.*ip -brief address/],
      [[`plugins.smtp=${smtp}`, 'notifier=smtp'], /plugins\.smtp\.config\/password_file: cannot open \/nope/],
      [['plugins.smtp={use: notifier-smtp, config: {ca_file: /nope.pem}}'], /plugins\.smtp\.config\/ca_file: cannot open \/nope\.pem/],
    ]) {
      const { code, output } = await check(...set);
      assert.equal(code, 78, output);
      assert.match(output, words);
      assert.doesNotMatch(output, /is good/);
    }
    const out = await check('plugins.smtp={use: notifier-smtp, config: {user: x, password_file: $CREDENTIALS_DIRECTORY/reeld.secrets_pw}}');
    assert.equal(out.code, 0, out.output);
    assert.match(out.output, /not judged: plugins\.smtp\.config\/password_file: /);
    const secret = await check('auth.secret_file=$CREDENTIALS_DIRECTORY/reeld.secrets_site');
    assert.equal(secret.code, 0, secret.output);
    assert.match(secret.output, /not judged: auth\.secret_file: /);
  } finally {
    await daemon.dispose();
  }
});

test('--check-config says of which layers the sandbox of encoders is made here; one that does not hold is a fault', async () => {
  const daemon = await prepare();
  const worker = join(place, 'bin/reeld-worker');
  const check = (...set) => run(daemon.program, ['--check-config', ...daemon.arguments, ...set.flatMap((one) => ['--set', one])], { env: daemon.env });
  try {
    const good = await check();
    assert.equal(good.code, 0, good.output);
    assert.match(good.output, /^sandbox: seccomp, no new privileges, limits(, |; not to be had: |$)/m);
    for (const word of ['Landlock', 'namespaces', 'a root directory of its own']) assert.ok(good.output.includes(word), `${word}: ${good.output}`);
    const off = await check('processing.sandbox=off');
    assert.equal(off.code, 0, off.output);
    assert.match(off.output, /^sandbox: off \(processing\.sandbox\): encoders open foreign files with the rights of the daemon$/m);
    assert.doesNotMatch((await check('roles=[api]')).output, /^sandbox/m);
    // A worker whose own test ends as it does where the kernel has no filters, or cannot be made at all. In Perl:
    // a shell dies where a thread sanitizer is loaded before it, as it is for the probes of a sanitized build.
    for (const [answer, words] of [
      [`'{"ok":false,"error":"the sandbox lacks a layer: system call filter"}', "\n"; print STDERR 'it does not hold'`, /^reeld: sandbox: the sandbox lacks a layer: system call filter$/m],
      [`'{"ok":false,"layers":{},"refused":{},"attempts":[{"name":"fork","ok":false,"result":"allowed"}]}'`, /^reeld: sandbox: the sandbox of encoders does not hold; fork: allowed$/m],
      ["'no folder'", /^reeld: sandbox: the self-test of the sandbox could not be made: no folder/m],
    ]) {
      rmSync(worker);
      writeFileSync(worker, `#!/usr/bin/perl
$| = 1;
if ($ARGV[0] eq '--self-test') { print ${answer}, "\n"; exit 1; }
exec '${join(build, 'bin/reeld-worker')}', @ARGV;
`, { mode: 0o755 });
      const { code, output } = await check();
      assert.equal(code, 78, output);
      assert.match(output, words);
      assert.doesNotMatch(output, /is good/);
    }
  } finally {
    rmSync(worker);
    copyFileSync(join(build, 'bin/reeld-worker'), worker);
    await daemon.dispose();
  }
});

test('--check-config of another user says what he cannot judge, and does not fail for it', { skip: !asRoot && 'needs root to become somebody else' }, async () => {
  const daemon = await prepare({ user: nobody });
  const etc = mkdtempSync(join(tmpdir(), 'reeld-etc-'));
  chmodSync(etc, 0o755);
  writeFileSync(join(etc, 'reeld.yaml'), '{}\n', { mode: 0o644 });
  chmodSync(join(etc, 'reeld.yaml'), 0o644);
  daemon.config = join(etc, 'reeld.yaml');
  daemon.settings.push('admin.email=', 'admin.password_file=');
  const check = (uid) => run(daemon.program, ['--check-config', ...daemon.arguments], { env: daemon.env, uid, gid: uid });
  try {
    const root = await check(0);
    assert.equal(root.code, 0, root.output);
    assert.match(root.output, /not judged: this is root, and \S+ belongs to nobody.*runuser -u nobody/);
    const own = await check(nobody);
    assert.equal(own.code, 0, own.output);
    assert.doesNotMatch(own.output, /not judged/);
    const stranger = await check(65533);
    assert.equal(stranger.code, 0, stranger.output);
    assert.match(stranger.output, /not judged: this is 65533, and \S+ belongs to nobody: /);
    assert.match(stranger.output, /configuration is good/);
  } finally {
    await daemon.dispose();
    rmSync(etc, { recursive: true, force: true });
  }
});

test('a database that is away is 75 and one line', async () => {
  const daemon = await prepare();
  const secret = join(daemon.dataDir, 'site-secret');
  writeFileSync(secret, 'x'.repeat(64), { mode: 0o600 });
  daemon.settings.push('database.url=postgresql://reeld:hunter2@127.0.0.1:1/reeld', `auth.secret_file=${secret}`);
  const { code, faults } = await failure(daemon);
  await daemon.dispose();
  assert.equal(code, 75, faults.join('\n'));
  assert.doesNotMatch(only(faults, /cannot connect to the database.*refused/i), /hunter2/);
});

test('a site that has its administrator starts without the file of his password', async () => {
  const daemon = await prepare();
  try {
    await daemon.start();
    await daemon.stop();
    rmSync(join(daemon.dataDir, 'admin-password'));
    await daemon.start();
  } finally {
    await daemon.dispose();
  }
});
