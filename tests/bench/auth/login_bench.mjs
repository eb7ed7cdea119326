#!/usr/bin/env node
// What signing in costs: CPU of the whole daemon per login against one crypto_pwhash_str_verify of libsodium
// with the same record (verify-password), in turn. At most 1.15: what is around the hash is little.
// usage: tests/bench/auth/login_bench.mjs [--pairs N] [--logins N]
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from '../../harness/daemon.mjs';
import { inTurn, medianCpu, shownInterval, thorough, verdict } from '../pairs.mjs';
import { cpuOfThreads } from '../../harness/threads.mjs';
import { signIn, startSite } from './site.mjs';

const { values } = parseArgs({ options: { pairs: { type: 'string', default: thorough ? '7' : '5' }, logins: { type: 'string', default: thorough ? '30' : '20' } } });
const pairs = Math.max(5, Number(values.pairs));
const logins = Number(values.logins);
const target = 1.15;

const site = await startSite({ people: 1 });
try {
  const { daemon, emails: [email], password } = site;
  const [[record]] = daemon.database.query(`SELECT c.record FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = '${email}'`);
  const ours = async () => {
    const before = cpuOfThreads(daemon.pid);
    await signIn(site, email, logins);
    return { cpu: (cpuOfThreads(daemon.pid) - before) / logins };
  };
  const peer = () => ({ cpu: JSON.parse(execFileSync(join(build, 'tests/verify-password'), [record, password, String(logins)])).cpu_us });
  await signIn(site, email, 5);
  const found = await inTurn(ours, peer, { target, pairs });
  const failed = verdict('a login, CPU against libsodium\'s verify', {
    reached: found.median <= target, fails: found.median > target * 1.5, unsure: found.unsure,
    text: `${found.median.toFixed(2)} of it, target ${target} (${shownInterval(found)}; ours ${(medianCpu(found.mine) / 1000).toFixed(2)} ms, ` +
      `libsodium ${(medianCpu(found.theirs) / 1000).toFixed(2)} ms; ${record.split('$')[3]})`,
  });
  process.exitCode = failed ? 1 : 0;
} finally {
  await site.daemon.dispose();
}
