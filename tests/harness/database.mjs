// The database of one test daemon: a SQLite file in its data directory, or a database of its own on the
// private PostgreSQL that tests/tools/postgres runs (its address is in REELD_TEST_POSTGRES).
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

let made = 0;

/// { kind, settings, query(sql) -> rows as arrays of text, drop(), shared() }; shared() is the same database
/// for one more daemon, with the secret that daemons on one database have in common.
export async function makeDatabase(kind, dataDir) {
  return kind === 'postgres' ? postgres(dataDir) : sqlite(dataDir);
}

function sqlite(dataDir) {
  const file = join(dataDir, 'reeld.db');
  return {
    kind: 'sqlite',
    settings: ['database.url=sqlite:reeld.db'],
    query: (sql) => rowsOf(execFileSync('sqlite3', ['-batch', '-separator', '\t', '-cmd', '.timeout 10000', file, sql], { encoding: 'utf8' })),
    async drop() {},
    shared() {
      const secret = join(dataDir, 'secret');
      if (!existsSync(secret)) writeFileSync(secret, randomBytes(48).toString('base64url'), { mode: 0o600 });
      return { ...this, settings: [`database.url=sqlite:${file}`, `auth.secret_file=${secret}`] };
    },
  };
}

function postgres(dataDir) {
  const server = process.env.REELD_TEST_POSTGRES;
  if (!server) throw new Error('REELD_TEST_POSTGRES is not set; run through tests/run or "tests/tools/postgres run COMMAND"');
  const name = `reeld_test_${process.pid}_${++made}`;
  const psql = (url, sql) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], { encoding: 'utf8' });
  psql(server, `CREATE DATABASE ${name}`);
  const url = withDatabase(server, name);
  // Daemons that share a database must sign alike, so reeld makes no key of its own here.
  const secret = join(dataDir, 'secret');
  writeFileSync(secret, randomBytes(48).toString('base64url'), { mode: 0o600 });
  return {
    kind: 'postgres',
    url,
    settings: [`database.url=${url}`, `auth.secret_file=${secret}`],
    query: (sql) => rowsOf(psql(url, sql)),
    async drop() {
      psql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
    shared() {
      return { ...this, async drop() {} };
    },
  };
}

/// The same server, another database: postgresql://user@host:port/NAME?rest
function withDatabase(url, name) {
  return url.replace(/^(postgresql:\/\/[^/?]*)(\/[^?]*)?/, `$1/${name}`);
}

const rowsOf = (text) => text.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
