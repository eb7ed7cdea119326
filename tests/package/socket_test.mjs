// Story: a site that may not refuse a connection has systemd hold the socket. The daemon is restarted five
// times under load, and every client that knocked was let in and answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from '../harness/http.mjs';
import { Site } from '../harness/site.mjs';
import { until } from '../harness/until.mjs';
import { follow, section } from './follow.mjs';

let site;
before(async () => { site = await Site.playing('socket'); });
after(() => site.dispose());

/// Clients that ask one after the other, each on a new connection, until stop() says how it went.
function load(clients, path) {
  let on = true;
  let answered = 0;
  const faults = [];
  const running = Array.from({ length: clients }, async () => {
    while (on) {
      const answer = await request(site.url, 'GET', path, { headers: { connection: 'close' }, timeout: 20_000 }).catch((error) => error);
      if (answer.status === 200) ++answered;
      else faults.push(answer.code ?? answer.message ?? String(answer.status));
      await pause(5);
    }
  });
  return { answered: () => answered, stop: async () => { on = false; await Promise.all(running); return { answered, faults }; } };
}

test('with the socket unit five restarts under load refuse no connection', { timeout: 120_000 }, async () => {
  await follow(site, 'No refused connection while it restarts');
  await site.answers();
  const { path } = site.stream.renditions[0].segments[0];
  const clients = load(8, path);
  for (let round = 0; round < 5; ++round) {
    const before = await site.mainPid();
    await site.does('systemctl restart reeld');
    assert.notEqual(await site.mainPid(), before);
    const sofar = clients.answered();
    while (clients.answered() < sofar + 20) await pause(20);
  }
  const { answered, faults } = await clients.stop();
  console.log(`five restarts: ${answered} answers, ${faults.length} faults`);
  assert.deepEqual(faults, []);
  await site.plays();
});

test('a connection to the held socket starts the daemon', async () => {
  await site.does('systemctl stop reeld');
  assert.equal((await site.unit()).ActiveState, 'inactive');
  const answer = await request(site.url, 'GET', '/api/v1/health', { timeout: 20_000 });
  assert.equal(answer.status, 200);
});

test('after an upgrade of the same package nothing was refused either', async () => {
  const clients = load(4, '/api/v1/health');
  const before = await site.mainPid();
  await site.does('dpkg -i /packages/reeld_*.deb');
  assert.notEqual(await site.mainPid(), before);
  await site.answers();
  const { faults } = await clients.stop();
  assert.deepEqual(faults, []);
});

test('a connection that waits does not start a daemon for ever that cannot start', { timeout: 120_000 }, async () => {
  site.write('/etc/reeld/conf.d/99-wrong.yaml', 'nonsense: 1\n');
  await site.does('systemctl stop reeld');
  const cursor = await site.cursor();
  await request(site.url, 'GET', '/api/v1/health', { timeout: 1000 }).catch(() => undefined);
  await until(async () => (await site.sh('systemctl is-failed reeld.socket')).code === 0, { what: 'the socket unit gives up', within: 60_000 });
  const starts = (await site.journalSince(cursor)).match(/status=78/g).length;
  assert.ok(starts <= 12, `${starts} starts`);
  await site.does('rm /etc/reeld/conf.d/99-wrong.yaml && systemctl restart reeld.socket reeld');
  await site.answers();
});

test('the socket unit is given another address as the guide says', async () => {
  const dropIn = '/etc/systemd/system/reeld.socket.d/own.conf';
  await site.does('mkdir -p /etc/systemd/system/reeld.socket.d');
  site.write(dropIn, section('No refused connection while it restarts').find(({ language }) => language === 'ini').text);
  await site.does('systemctl daemon-reload && systemctl stop reeld.socket reeld && systemctl start reeld.socket reeld');
  assert.equal((await request('http://127.0.0.1:80', 'GET', '/api/v1/health', { timeout: 20_000 })).status, 200);
});
