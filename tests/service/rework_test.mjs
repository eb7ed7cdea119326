// Story: the work on a file is asked for again, its file is replaced, and what is over goes: nothing plays less, nothing is left.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes } from '../harness/clips.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { ok, refused } from '../harness/expect.mjs';
import { filesBelow } from '../harness/files.mjs';
import { fetchStream, parsePlaylist, resolveUri } from '../harness/media.mjs';
import { until } from '../harness/until.mjs';
import { Visitor } from '../harness/visitor.mjs';

let daemon, root, creator, other, guest;
before(async () => {
  daemon = await Daemon.start({ set: ['catalog.purge_after_days=7', 'processing.preset=ultrafast'] });
  await signIn();
});
after(() => daemon.dispose());

async function signIn() {
  guest = new Client(daemon);
  root = await Client.admin(daemon);
  creator = await Client.person(daemon, 'CREATOR', root);
  other = await Client.person(daemon, 'CREATOR', root);
}

const at = (id) => `/api/v1/videos/${id}`;
const folderOf = (id, ...more) => join(daemon.dataDir, 'instances/disk/media/videos', String(id), ...more);
const filesOf = (...path) => filesBelow(folderOf(...path)).length;
const encodingOf = (master) => master.match(/\/media\/g\/[^/]+\/(\d+)\//)[1];
const lengthOf = (stream) => stream.renditions[0].segments.reduce((sum, { duration }) => sum + duration, 0);
const remade = (id) => until(async () => {
  const video = await creator.video(id);
  assert.equal(video.status, 'READY', 'a READY video stays READY');
  return !video.reprocessing && video;
}, { what: `video ${id} is made anew`, within: 60_000, every: 50 });
const send = (who, id, bytes) => who.put(`${at(id)}/upload`, { body: bytes, headers: { 'content-type': 'application/octet-stream', 'content-length': bytes.length }, timeout: 60_000 });
async function restart() {
  await daemon.stop();
  await daemon.start();
}
const ctl = async (...args) => {
  const { code, output } = await daemon.ctl([...args, '--json'], { timeout: 60_000 });
  return { code, result: code <= 1 && output.startsWith('{') ? JSON.parse(output) : output };
};

test('a failed video is tried once more by its owner, and by reeldctl', async () => {
  const id = await creator.upload(Buffer.from('this is no video at all'));
  assert.equal((await creator.settled(id)).status, 'FAILED');
  refused(await other.post(`${at(id)}/requeue`), 404);
  refused(await guest.post(`${at(id)}/requeue`), 401);
  const again = ok(await creator.post(`${at(id)}/requeue`)).json;
  assert.deepEqual([again.status, again.failure], ['PROCESSING', null]);
  assert.equal((await creator.settled(id)).status, 'FAILED');
  assert.equal((await ctl('video', 'requeue', String(id))).result.state, 'PROCESSING');
  assert.equal((await creator.settled(id)).status, 'FAILED');
  refused(await creator.post(`${at(id)}/reprocess`), 409, 'video-not-ready');
  const bare = ok(await creator.post('/api/v1/videos/', { json: { title: 'without a file' } })).json;
  refused(await creator.post(`${at(bare.id)}/requeue`), 409, 'video-not-failed');
  refused(await creator.post(`${at(bare.id)}/reprocess`), [404, 409]);
  refused(await creator.post('/api/v1/videos/0/requeue'), 422);
  refused(await creator.post('/api/v1/videos/999999/requeue'), 404);
});

test('what failed for a reason that is gone becomes READY when it is tried again', async () => {
  await daemon.stop();
  daemon.settings.push('processing.max_duration_seconds=1');
  await daemon.start();
  const [id, second] = [await creator.upload(clipBytes({ seconds: 3 })), await creator.upload(clipBytes({ seconds: 3 }))];
  for (const failed of [id, second]) assert.equal((await creator.settled(failed)).status, 'FAILED');
  await daemon.stop();
  daemon.settings.pop();
  await daemon.start();
  ok(await creator.post(`${at(id)}/requeue`));
  await creator.ready(id);
  // The same by who looks after the daemon.
  const given = JSON.parse((await daemon.ctl(['--json', 'job', 'list', '--state', 'discarded'])).output);
  const job = given.find(({ video_id }) => video_id === second);
  assert.ok(job, 'the job that was given up is listed');
  const { code, output } = await daemon.ctl(['job', 'retry', String(job.id)]);
  assert.equal(code, 0, output);
  await creator.ready(second);
  assert.equal((await daemon.ctl(['job', 'retry', String(job.id)])).code, 1, 'what is completed is not tried again');
});

test('processing touches updated_at', async () => {
  const made = ok(await creator.post('/api/v1/videos/', { json: { title: 'touched' } })).json;
  const seen = [made.updated_at];
  ok(await send(creator, made.id, clipBytes({ seconds: 1 })));
  seen.push((await creator.video(made.id)).updated_at, (await creator.ready(made.id)).updated_at);
  ok(await creator.post(`${at(made.id)}/reprocess`));
  seen.push((await creator.video(made.id)).updated_at, (await remade(made.id)).updated_at);
  assert.deepEqual([...seen].sort(), seen);
  assert.ok(seen[0] < seen[1] && seen[1] <= seen[2] && seen[2] < seen[4], seen.join(' '));
  assert.equal((await creator.video(made.id)).created_at, made.created_at);
});

test('a replaced file plays once it is ready; neither that nor deleting leaves a file behind', async () => {
  const id = await creator.upload(clipBytes({ seconds: 2 }));
  const neighbour = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  await creator.ready(neighbour);
  await until(async () => (await creator.get(`/api/v1/stream/${neighbour}`)).json.storyboard_url, { what: 'all is made that ever is', within: 30_000 });
  const untouched = filesOf(neighbour);
  const old = await creator.play(id);
  const before = await fetchStream(daemon.url, old.masterPath);
  refused(await send(other, id, clipBytes({ seconds: 4 })), 403);
  const sent = ok(await send(creator, id, clipBytes({ seconds: 4 }))).json;
  assert.deepEqual([sent.status, sent.playable, sent.reprocessing], ['READY', true, true]);
  refused(await send(creator, id, clipBytes({ seconds: 1 })), 409, 'video-processing');
  refused(await creator.post(`${at(id)}/reprocess`), 409, 'video-processing');
  await remade(id);
  const now = await creator.play(id);
  assert.notEqual(encodingOf(now.master), encodingOf(old.master));
  const after = await fetchStream(daemon.url, now.masterPath);
  assert.ok(Math.abs(lengthOf(before) - 2) < 0.1 && Math.abs(lengthOf(after) - 4) < 0.1, `${lengthOf(before)} ${lengthOf(after)}`);
  // Who is watching the old one watches it to its end.
  assert.deepEqual((await fetchStream(daemon.url, old.masterPath)).renditions[0].segments.map(({ bytes }) => bytes.length), before.renditions[0].segments.map(({ bytes }) => bytes.length));
  ok(await creator.post(`${at(id)}/reprocess`));
  await remade(id);
  assert.equal(readdirSync(folderOf(id, 'encodings')).length, 3);
  daemon.database.query("UPDATE encodings SET retired_at = 1 WHERE state = 'retired'");
  await restart();
  await until(() => readdirSync(folderOf(id, 'encodings')).length === 1 && readdirSync(folderOf(id, 'sources')).length === 1, { what: 'what was replaced is cleared away', within: 20_000 });
  assert.equal(readdirSync(folderOf(id, 'posters')).length, 1);
  assert.equal(Math.round(lengthOf(await fetchStream(daemon.url, (await creator.play(id)).masterPath))), 4);

  ok(await creator.delete(at(id)));
  daemon.database.query(`UPDATE videos SET deleted_at = deleted_at - 8 * 86400000 WHERE id = ${id}`);
  await restart();
  await until(() => filesOf(id) === 0, { what: 'the deleted video is purged', within: 20_000 });
  await until(() => daemon.database.query(`SELECT id FROM videos WHERE id = ${id}`).length === 0, { what: 'its row is gone', within: 20_000 });
  refused(await root.patch(`${at(id)}/restore`), 404);
  assert.equal(filesOf(neighbour), untouched);
  await fetchStream(daemon.url, (await creator.play(neighbour)).masterPath);
});

test('who watches on the pages watches one version to its end', async () => {
  const id = await creator.upload(clipBytes({ seconds: 6 }));
  const neighbour = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  await creator.ready(neighbour);
  const visitor = await Visitor.of(await Client.person(daemon), daemon);
  const index = (video, more = '') => `/api/video/${video}/480p/index.m3u8${more}`;
  const watch = async (path) => {
    const playlist = ok(await visitor.fetch(path));
    const uris = parsePlaylist(playlist.text).segments.map(({ uri }) => resolveUri(path, uri));
    return { uris, sizes: await Promise.all(uris.map(async (uri) => ok(await visitor.fetch(uri)).body.length)) };
  };
  const before = await watch(index(id));
  const other = await watch(index(neighbour));
  assert.equal(before.uris.length, 2);
  ok(await send(creator, id, clipBytes({ seconds: 2 })));
  await remade(id);
  await restart();
  for (const [i, uri] of before.uris.entries()) assert.equal(ok(await visitor.fetch(uri)).body.length, before.sizes[i]);
  const pin = before.uris[0].match(/encoding=\d+/)[0];
  assert.deepEqual(await watch(index(id, `?${pin}`)), before, 'the other rungs of it, too');
  const after = await watch(index(id));
  assert.equal(after.uris.length, 1);
  // What is not of this video, or of none, is the current one.
  for (const pinned of [other.uris[0].match(/encoding=\d+/)[0], 'encoding=999999', 'encoding=x', 'encoding=-1', 'encoding=']) {
    assert.deepEqual(await watch(index(id, `?${pinned}`)), after, pinned);
  }
  daemon.database.query("UPDATE encodings SET retired_at = 1 WHERE state = 'retired'");
  await restart();
  await until(() => readdirSync(folderOf(id, 'encodings')).length === 1, { what: 'what was replaced is cleared away', within: 20_000 });
  assert.equal(ok(await visitor.fetch(before.uris[0])).body.length, after.sizes[0]);
  assert.equal((await visitor.fetch(before.uris[1])).status, 404);

  // The same of an encoding that this daemon had played: another one cleared it away.
  ok(await send(creator, id, clipBytes({ seconds: 6 })));
  await remade(id);
  // Who watches already is given the new version within seconds.
  const last = await until(async () => {
    const found = await watch(index(id));
    return found.uris.length === 2 && found;
  }, { what: 'the pages give the new version' });
  assert.deepEqual(await watch(index(id, `?${after.uris[0].match(/encoding=\d+/)[0]}`)), after);
  const [gone] = after.uris[0].match(/(?<=encoding=)\d+/);
  const renditions = `SELECT id FROM renditions WHERE encoding_id = ${gone}`;
  for (const rows of [`segments WHERE rendition_id IN (${renditions})`, `renditions WHERE encoding_id = ${gone}`, ...['storyboard_sheets', 'storyboards'].map((table) => `${table} WHERE encoding_id = ${gone}`), `encodings WHERE id = ${gone}`]) {
    daemon.database.query(`DELETE FROM ${rows}`);
  }
  rmSync(folderOf(id, `encodings/${gone}`), { recursive: true });
  await until(async () => (await visitor.fetch(after.uris[0])).body.length === last.sizes[0], { what: 'the segment is of the current version', within: 20_000 });
  assert.deepEqual(await watch(index(id, `?encoding=${gone}`)), last);
});

test('what was played while it grew is played whole on the pages once it is ready', async () => {
  const id = await creator.upload(clipBytes({ seconds: 6 }));
  await creator.ready(id);
  const visitor = await Visitor.of(await Client.person(daemon), daemon);
  const path = `/api/video/${id}/480p/index.m3u8`;
  const whole = ok(await visitor.fetch(path)).text;
  const encoding = daemon.database.query(`SELECT current_encoding FROM videos WHERE id = ${id}`)[0][0];
  const become = (state) => daemon.database.query(`UPDATE encodings SET state = '${state}' WHERE id = ${encoding}`);
  const { masterPath } = await creator.play(id);
  await restart();
  become('growing');
  ok(await visitor.fetch(masterPath));
  become('ready');
  assert.equal(ok(await visitor.fetch(path)).text, whole);
});

test('a replacement that is no video changes nothing for viewers, and its owner is told why', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  const first = await creator.ready(id);
  const { masterPath, master } = await creator.play(id);
  ok(await send(creator, id, Buffer.from('this is no video')));
  const video = await remade(id);
  assert.deepEqual([video.status, video.playable, video.duration_ms], ['READY', true, first.duration_ms]);
  assert.equal(typeof video.failure.hint, 'string');
  assert.equal((await other.video(id)).failure, null);
  assert.equal(encodingOf((await creator.play(id)).master), encodingOf(master));
  await fetchStream(daemon.url, masterPath);
  assert.equal(readdirSync(folderOf(id, 'sources')).length, 1);
  ok(await creator.post(`${at(id)}/reprocess`));
  assert.equal((await remade(id)).failure, null);
});

test('a daemon that dies while a video is made anew goes on afterwards; the old one plays all the time', async () => {
  const id = await creator.upload(clipBytes({ seconds: 3 }));
  await creator.ready(id);
  const { master } = await creator.play(id);
  ok(await send(creator, id, clipBytes({ seconds: 20, size: '1280x720' })));
  await daemon.kill();
  await daemon.start();
  const playing = await creator.play(id);
  await fetchStream(daemon.url, playing.masterPath);
  await remade(id);
  assert.notEqual(encodingOf((await creator.play(id)).master), encodingOf(master));
});

test('a purge that is killed is carried through by the next start, and touches no other video', async () => {
  const ids = [];
  for (let i = 0; i < 3; ++i) ids.push(await creator.upload(clipBytes({ seconds: 2 })));
  for (const id of ids) await creator.ready(id);
  const [kept, ...doomed] = ids;
  for (const id of doomed) ok(await creator.delete(at(id)));
  daemon.database.query(`UPDATE videos SET deleted_at = 1 WHERE id IN (${doomed.join(', ')})`);
  await daemon.stop();
  for (let round = 0; round < 3; ++round) {
    daemon.launch();
    await until(() => daemon.log.includes('ready'), { what: 'it starts', within: 20_000 });
    await daemon.kill();
  }
  await daemon.start();
  await until(() => doomed.every((id) => filesOf(id) === 0), { what: 'both are purged', within: 20_000 });
  await until(() => daemon.database.query(`SELECT id FROM videos WHERE id IN (${doomed.join(', ')})`).length === 0, { what: 'their rows are gone', within: 20_000 });
  await fetchStream(daemon.url, (await creator.play(kept)).masterPath);
  assert.deepEqual((await ctl('storage', 'scan')).result.missing, 0);
});

test('a deleted video comes back within its time with everything it had', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }), { tags: ['kept'] });
  await creator.ready(id);
  ok(await creator.delete(at(id)));
  await restart();
  ok(await root.patch(`${at(id)}/restore`));
  assert.deepEqual((await creator.video(id)).tags, ['kept']);
  await fetchStream(daemon.url, (await creator.play(id)).masterPath);
});

test('reeldctl adds, lists, edits, reprocesses and purges a video', async () => {
  const file = join(daemon.dataDir, 'clip.mp4');
  writeFileSync(file, clipBytes({ seconds: 1 }));
  const { result: added } = await ctl('video', 'add', file, '--title', 'by hand', '--tags', 'one, two', '--category', 'Shelf', '--creator', String(creator.id), '--wait');
  assert.deepEqual([added.state, added.tags, added.category], ['READY', ['one', 'two'], 'shelf']);
  const id = String(added.id);
  const listed = async (...filters) => JSON.parse((await daemon.ctl(['video', 'list', ...filters, '--json'])).output).map(({ id: one }) => String(one));
  assert.deepEqual(await listed('--category', 'shelf', '--tag', 'TWO', '--state', 'READY', '--creator', creator.email, '--q', 'hand'), [id]);
  const { result: edited } = await ctl('video', 'edit', id, '--title', 'edited', '--price', '4.50');
  assert.equal(edited.title, 'edited');
  assert.deepEqual([(await creator.video(id)).price, (await creator.video(id)).is_paid, (await creator.video(id)).tags], [4.5, true, ['one', 'two']]);
  assert.equal((await ctl('video', 'edit', id, '--price', 'free')).code, 0);
  assert.equal((await creator.video(id)).is_paid, false);
  for (const wrong of [['--category', 'a b'], ['--price', '1.234'], ['--title', '']]) assert.equal((await daemon.ctl(['video', 'edit', id, ...wrong])).code, 1, wrong.join(' '));
  assert.equal((await daemon.ctl(['video', 'edit', id])).code, 2);
  assert.equal((await ctl('video', 'reprocess', id)).result.reprocessing, true);
  await remade(id);
  assert.equal((await daemon.ctl(['video', 'purge', id])).code, 1);
  assert.ok(filesOf(id) > 0);
  assert.equal((await ctl('video', 'purge', id, '--force')).result.purged, true);
  assert.equal(filesOf(id), 0);
  refused(await creator.get(at(id)), 404);
  assert.equal((await daemon.ctl(['video', 'purge', id, '--force'])).code, 1);
});

test('reeldctl prices, sorts, deletes and restores a video, replaces its file and gives it a poster', async () => {
  const clipFile = join(daemon.dataDir, 'longer.mp4');
  writeFileSync(clipFile, clipBytes({ seconds: 2 }));
  const picture = join(daemon.dataDir, 'red.png');
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=c=red:size=320x180', '-frames:v', '1', picture]);
  const noVideo = join(daemon.dataDir, 'notes.txt');
  writeFileSync(noVideo, 'this is no video');
  const first = join(daemon.dataDir, 'clip.mp4');
  writeFileSync(first, clipBytes({ seconds: 1 }));

  assert.equal((await daemon.ctl(['video', 'add', first, '--price', '1.234'])).code, 1);
  const { result: added } = await ctl('video', 'add', first, '--title', 'zzz by hand', '--category', 'desk', '--price', '9.99', '--creator', String(creator.id), '--wait');
  const id = String(added.id);
  assert.deepEqual([added.is_paid, added.price_minor, (await creator.video(id)).price], [true, 999, 9.99]);
  await ctl('video', 'add', first, '--title', 'aaa by hand', '--category', 'desk', '--creator', String(creator.id));
  const listed = async (...more) => JSON.parse((await daemon.ctl(['video', 'list', '--category', 'desk', '--json', ...more])).output).map(({ title }) => title);
  assert.deepEqual(await listed('--sort', 'title'), ['aaa by hand', 'zzz by hand']);
  assert.deepEqual(await listed('--sort', '-title'), ['zzz by hand', 'aaa by hand']);
  assert.deepEqual(await listed('--sort', 'created'), ['zzz by hand', 'aaa by hand']);
  assert.equal((await daemon.ctl(['video', 'list', '--sort', 'size'])).code, 1);
  const { output: table } = await daemon.ctl(['video', 'list', '--category', 'desk']);
  assert.match(table, /^ID +STATE +SECONDS +CREATOR +PAID +CREATED +UPDATED +CATEGORY +TITLE/);
  assert.match(table, /^ *\d+ +READY +1 +\d+ +9\.99 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +desk +zzz by hand$/m);

  const shown = async () => (await guest.get(`/media/thumbnails/video_${id}.jpg`)).body;
  const made = await shown();
  assert.match((await daemon.ctl(['video', 'poster', id, picture])).output, /shows a poster of its own/);
  assert.equal((await creator.video(id)).has_own_poster, true);
  assert.notDeepEqual(await shown(), made);
  const refusal = await daemon.ctl(['video', 'poster', id, noVideo]);
  assert.equal(refusal.code, 1);
  assert.match(refusal.output, /no JPEG, PNG or WebP/);
  assert.equal((await ctl('video', 'poster', id, '--clear')).result.has_own_poster, false);
  assert.deepEqual(await shown(), made);

  const { result: replaced } = await ctl('video', 'replace', id, clipFile, '--wait');
  assert.deepEqual([replaced.state, replaced.reprocessing, Math.round(replaced.duration_ms / 1000)], ['READY', false, 2]);
  const useless = await daemon.ctl(['video', 'replace', id, noVideo, '--wait'], { timeout: 60_000 });
  assert.equal(useless.code, 1);
  assert.match(useless.output, /^video \d+: READY: ./);
  assert.equal(Math.round((await creator.video(id)).duration_ms / 1000), 2);

  assert.match((await daemon.ctl(['video', 'delete', id])).output, /: READY, deleted/);
  refused(await creator.get(at(id)), 404);
  assert.deepEqual(await listed('--deleted'), ['zzz by hand']);
  assert.equal((await daemon.ctl(['video', 'delete', id])).code, 1);
  for (const command of [['poster', id, picture], ['replace', id, clipFile]]) assert.equal((await daemon.ctl(['video', ...command])).code, 1);
  assert.equal((await ctl('video', 'restore', id)).result.deleted_at, null);
  await fetchStream(daemon.url, (await creator.play(id)).masterPath);
  const by = daemon.database.query(`SELECT DISTINCT type FROM outbox WHERE subject = 'video:${id}' AND user_id IS NULL ORDER BY type`).map(([type]) => type);
  assert.deepEqual(by, ['video.deleted', 'video.ready', 'video.reprocess_failed', 'video.restored', 'video.updated', 'video.uploaded']);
});

test('a video is purged while it is encoded: the encoder is stopped first', async () => {
  const id = await creator.upload(clipBytes({ seconds: 20, size: '1280x720' }));
  await until(() => daemon.children().length > 0, { what: 'the encoder runs', within: 20_000, every: 20 });
  assert.equal((await ctl('video', 'purge', String(id), '--force')).code, 0);
  assert.equal(filesOf(id), 0);
  refused(await creator.get(at(id)), 404);
});

test('a scan of the storage finds what no row names and what is missing, and nothing that is under way', async () => {
  const id = await creator.upload(clipBytes({ seconds: 1 }));
  await creator.ready(id);
  const busy = await creator.upload(clipBytes({ seconds: 20, size: '1280x720' }));
  await until(() => existsSync(folderOf(busy, 'encodings')) || daemon.children().length > 0, { what: 'the encoder runs', within: 20_000, every: 20 });
  const clean = await ctl('storage', 'scan');
  assert.deepEqual([clean.result.orphans, clean.result.missing, clean.code], [0, 0, 0], JSON.stringify(clean));
  const orphan = (age, ...path) => {
    mkdirSync(folderOf(id, ...path.slice(0, -1)), { recursive: true });
    writeFileSync(folderOf(id, ...path), 'left behind');
    const when = (Date.now() - age) / 1000;
    utimesSync(folderOf(id, ...path), when, when);
  };
  const day = 86_400_000;
  orphan(day, 'encodings', '999', 'lease', '480p', 'segment_000.ts');
  orphan(day, 'posters', 'stray.jpg');
  orphan(0, 'sources', 'fresh');
  const [source] = readdirSync(folderOf(id, 'sources')).filter((name) => name !== 'fresh');
  rmSync(folderOf(id, 'sources', source));
  const { result, code } = await ctl('storage', 'scan');
  assert.equal(code, 1);
  assert.deepEqual(result.orphan_keys, [`videos/${id}/encodings/999/lease/480p/segment_000.ts`, `videos/${id}/posters/stray.jpg`]);
  assert.deepEqual(result.missing_keys, [`videos/${id}/sources/${source}`]);
  assert.equal(result.removed, 0);
  assert.equal((await ctl('storage', 'scan', '--delete')).result.removed, 2);
  assert.ok(existsSync(folderOf(id, 'sources', 'fresh')) && !existsSync(folderOf(id, 'posters', 'stray.jpg')));
  assert.equal((await ctl('storage', 'scan')).result.orphans, 0);
  await creator.ready(busy);
  await fetchStream(daemon.url, (await creator.play(id)).masterPath);
});

contractTest('rework');
