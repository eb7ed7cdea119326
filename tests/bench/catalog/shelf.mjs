// A catalogue of any size for a bench: a daemon with its database, filled beside it with what the daemon
// itself would have written for these videos.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../../harness/client.mjs';
import { Daemon } from '../../harness/daemon.mjs';
import { load } from '../http/load.mjs';
import { cpuOfThreads } from '../../harness/threads.mjs';

/// Common words as people use them: the n-th is in about half of the titles divided by n.
const words = Array.from({ length: 4000 }, (_, n) => `${'bcdfghklmnprstvz'[n % 16]}${'aeiou'[n % 5]}${'lmnrst'[n % 6]}${n.toString(36)}`);

/// Videos of one creator.
const each = 50;

function* videosOf(count, creator) {
  let seed = 20_261_120;
  const random = () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648);
  const now = Date.now();
  for (let id = 1; id <= count; ++id) {
    const title = Array.from({ length: 6 }, () => words[Math.floor(Math.exp(random() * Math.log(words.length)))]).join(' ');
    const state = random() < 0.95 ? 'READY' : 'UPLOADED';
    const category = ['drama', 'animals', 'water', 'trees', 'miscellaneous'][Math.floor(random() * 5)];
    const nth = id % Math.ceil(count / each);
    const owner = nth === 0 ? creator : creator + 100 + nth;
    yield { id, title, state, category, creator: owner, at: now - (count - id) * 1000, terms: [...new Set(title.split(' ')), '#tag', id % 2 === 0 ? 'evenword' : 'oddword', `pref${id % 100}`] };
  }
}

export class Shelf {
  /// `kind`: sqlite or postgres. Every video carries the tag "tag", every other one the word "evenword" and the
  /// others "oddword", and each one of a hundred words that begin with "pref".
  static async fill(kind, count) {
    const shelf = new Shelf();
    shelf.daemon = await Daemon.start({ database: kind });
    const root = await Client.admin(shelf.daemon);
    const creator = await Client.person(shelf.daemon, 'CREATOR', root);
    shelf.viewer = await Client.person(shelf.daemon);
    await shelf.daemon.stop();
    kind === 'postgres' ? shelf.copyIn(count, creator.id) : shelf.insert(count, creator.id);
    await shelf.daemon.start();
    shelf.viewer = await Client.signIn(shelf.daemon, shelf.viewer);
    shelf.creator = await Client.signIn(shelf.daemon, creator);
    return shelf;
  }

  columns = 'id, creator_id, title, description, category, tags, state, title_key, terms_version, current_encoding, duration_ms, created_at, updated_at';
  rowOf(video) {
    return [video.id, video.creator, video.title, 'a description of some words', video.category, '["tag"]', video.state, video.title, 1, 1, 60_000, video.at, video.at];
  }
  count = `INSERT INTO video_counts SELECT state, id % 16, COUNT(*) FROM videos WHERE deleted_at IS NULL GROUP BY state, id % 16`;

  /// Users to own what the creator does not.
  ownersOf(count, creator) {
    return Array.from({ length: Math.ceil(count / each) }, (_, n) => [creator + 100 + n, `owner${n}@example.org`, `owner${n}@example.org`, 'CREATOR', 1]);
  }
  userColumns = 'id, email, email_key, role, created_at';

  copyIn(count, creator) {
    const rows = [], terms = [];
    const users = this.ownersOf(count, creator).map((user) => user.join('\t'));
    for (const video of videosOf(count, creator)) {
      rows.push(this.rowOf(video).join('\t'));
      for (const term of video.terms) terms.push(`${video.id}\t${term}`);
    }
    const path = (name) => join(this.daemon.dataDir, name);
    writeFileSync(path('users'), users.join('\n') + '\n');
    writeFileSync(path('rows'), rows.join('\n') + '\n');
    writeFileSync(path('terms'), terms.join('\n') + '\n');
    const psql = (sql) => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', this.daemon.database.url, '-c', sql]);
    psql(`\\copy users (${this.userColumns}) FROM '${path('users')}'`);
    psql(`\\copy videos (${this.columns}) FROM '${path('rows')}'`);
    psql(`\\copy video_terms (video_id, term) FROM '${path('terms')}'`);
    psql(this.count);
    psql('VACUUM ANALYZE');
  }

  insert(count, creator) {
    const quoted = (value) => (typeof value === 'number' ? value : `'${value}'`);
    const script = ['BEGIN;', ...this.ownersOf(count, creator).map((user) => `INSERT INTO users (${this.userColumns}) VALUES (${user.map(quoted).join(',')});`)];
    for (const video of videosOf(count, creator)) {
      script.push(`INSERT INTO videos (${this.columns}) VALUES (${this.rowOf(video).map(quoted).join(',')});`);
      script.push(`INSERT INTO video_terms VALUES ${video.terms.map((term) => `(${video.id},'${term}')`).join(',')};`);
    }
    script.push(`${this.count};`, 'COMMIT;');
    execFileSync('sqlite3', ['-batch', join(this.daemon.dataDir, 'reeld.db')], { input: script.join('\n') });
  }

  /// CPU microseconds of the daemon and of the database's processes, per request: of sixteen clients at once,
  /// because a daemon that is asked once in a while mostly costs being woken up; of fewer for what costs milliseconds.
  async cost(path, seconds, who = this.viewer, connections = 16) {
    const ask = (during) => load(this.daemon, path, { connections, seconds: during, headers: { authorization: `Bearer ${who.token}` } });
    await ask(connections < 16 ? seconds : Math.min(seconds, 0.3));
    const backends = this.daemon.database.kind === 'postgres'
      ? this.daemon.database.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'").map(([pid]) => Number(pid)) : [];
    const cpuOf = (pids) => pids.reduce((sum, pid) => sum + cpuOfThreads(pid), 0);
    const before = [cpuOf([this.daemon.pid]), cpuOf(backends)];
    const { requests } = await ask(seconds);
    const daemon = (cpuOf([this.daemon.pid]) - before[0]) / requests;
    const database = (cpuOf(backends) - before[1]) / requests;
    return { daemon, database, cpu: daemon + database };
  }

  async dispose() {
    await this.daemon.dispose();
  }
}

export const vocabulary = words;
