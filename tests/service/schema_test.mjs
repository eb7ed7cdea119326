// The schema as a database administrator would look at it after the daemon made it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Daemon } from '../harness/daemon.mjs';

let daemon;
before(async () => { daemon = await Daemon.start(); });
after(() => daemon.dispose());

const foreignKeysWithoutIndex = {
  sqlite: `SELECT t.name, f."from" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c WHERE c.seqno = 0 AND c.name = f."from")
    AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) k WHERE k.pk = 1 AND k.name = f."from")`,
  postgres: `SELECT c.conrelid::regclass, c.conname FROM pg_constraint c WHERE c.contype = 'f'
    AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])`,
};

test('every foreign key has an index', () => {
  assert.deepEqual(daemon.database.query(foreignKeysWithoutIndex[daemon.database.kind]), []);
});

test('a second start changes nothing in the schema', async () => {
  const migrations = () => daemon.database.query('SELECT * FROM schema_migrations ORDER BY 1');
  const first = migrations();
  assert.ok(first.length > 0);
  await daemon.stop();
  await daemon.start();
  assert.deepEqual(migrations(), first);
});

test('a database of a newer reeld is not touched', async () => {
  await daemon.stop();
  const columns = daemon.database.kind === 'sqlite'
    ? daemon.database.query("SELECT name FROM pragma_table_info('schema_migrations')").flat()
    : daemon.database.query("SELECT column_name FROM information_schema.columns WHERE table_name = 'schema_migrations'").flat();
  const copy = columns.map((name) => (name === 'number' ? '9999' : name === 'name' ? "'from the future'" : name)).join(', ');
  daemon.database.query(`INSERT INTO schema_migrations (${columns.join(', ')}) SELECT ${copy} FROM schema_migrations ORDER BY number DESC LIMIT 1`);
  daemon.launch();
  const { code } = await daemon.exited;
  assert.equal(code, 78, daemon.log.slice(-1000));
  daemon.database.query('DELETE FROM schema_migrations WHERE number = 9999');
  await daemon.start();
});
