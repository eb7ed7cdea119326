// Story: /var/lib/reeld is full to the last byte. What plays keeps playing, nothing acknowledged is lost, and
// when there is room again everything works, without a restart as well as after one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { clipBytes } from '../harness/clips.mjs';
import { refused } from '../harness/expect.mjs';
import { request } from '../harness/http.mjs';
import { Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';

const folder = '/var/lib/reeld';
const fill = `dd if=/dev/zero of=${folder}/ballast bs=64k 2>&1; dd if=/dev/zero bs=1 count=65536 2>/dev/null >>${folder}/ballast; df --output=avail ${folder} | tail -1`;
let site;
before(async () => {
  site = await Site.playing('full-disk', {
    prepare: (machine) => machine.does(`mkdir -p ${folder} /etc/reeld/conf.d && mount -t tmpfs -o size=48m,mode=0750 tmpfs ${folder}`),
  });
});
after(() => site.dispose());

const draft = async () => site.admin.post('/api/v1/videos/', { json: { title: 'one more' } });
const put = (id, body) => site.admin.put(`/api/v1/videos/${id}/upload`, { body, headers: { 'content-type': 'application/octet-stream' } });

test('a full disk does not stop playback, and what needs room says so', async () => {
  const { json: { id } } = await draft();
  assert.equal((await site.does(fill)).trim().split('\n').at(-1).trim(), '0');
  refused(await put(id, clipBytes({ seconds: 1 })), 507, 'storage-full');
  await site.plays();
  for (let more = 0; more < 20; ++more) {
    const answer = await draft();
    // What still fits into pages of the database that are there may be taken; the rest is a clear refusal.
    if (answer.status >= 300) refused(answer, 507, 'storage-full');
  }
  assert.equal((await request(site.url, 'GET', '/api/v1/health')).status, 200);
  await site.plays();
});

test('a daemon that starts on a full disk serves what it has', async () => {
  await site.does('systemctl restart reeld');
  await site.answers();
  for (const { path } of site.stream.renditions[0].segments) assert.equal((await request(site.url, 'GET', path)).status, 200);
  await site.plays();
});

test('a daemon killed on a full disk comes back and serves', async () => {
  await site.does('systemctl kill --signal=KILL --kill-who=main reeld');
  await until(async () => (await site.unit()).NRestarts !== '0', { what: 'systemd starts it again' });
  await site.answers();
  await site.plays();
});

test('with room again everything works', async () => {
  await site.does(`rm ${folder}/ballast`);
  const { json: { id } } = await draft();
  const sent = await put(id, clipBytes({ seconds: 1 }));
  assert.ok(sent.status < 300, sent.text);
  await site.admin.ready(id);
  await site.plays();
});

test('the database is sound and no half file lies about', async () => {
  await site.does('systemctl stop reeld');
  const checked = await site.does(`runuser -u reeld -- sqlite3 ${folder}/reeld.db 'PRAGMA integrity_check; PRAGMA foreign_key_check;'`);
  assert.equal(checked.trim(), 'ok');
  assert.equal(await site.does(`find ${folder}/spool ${folder}/work -type f`), '');
  await site.does('systemctl start reeld');
  await site.answers();
  const ready = JSON.parse(await site.does('reeldctl video list --json')).filter(({ state }) => state === 'READY');
  assert.ok(ready.length >= 2, JSON.stringify(ready));
  for (const { id } of ready) await site.does(`reeldctl video verify ${id}`);
});
