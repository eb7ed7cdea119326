#!/usr/bin/env node
// What a creator's figures cost over ten million views, and whether they are right. The views of a year lie in the
// site's table; the plugin's tables are made of all but the last hundred thousand by SQL of the bench's own, those go
// through outbox and sink. Then every day and many spans of days are held against a recount of the raw rows.
// Making them takes minutes, so the default run makes half a million; REELD_TEST_LONG=1, or tests/run --all, all.
// To reach: 50 ms CPU for a report, of the last thirty days and of the whole year.
// usage: tests/bench/analytics/analytics_bench.mjs [--views N] [--events N] [--requests N]
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '../../harness/client.mjs';
import { Daemon } from '../../harness/daemon.mjs';
import { until } from '../../harness/until.mjs';
import { judge, thorough, verdict } from '../pairs.mjs';

const { values } = parseArgs({ options: { views: { type: 'string', default: thorough ? '10000000' : '500000' }, events: { type: 'string', default: '100000' }, requests: { type: 'string', default: '15' } } });
const views = Number(values.views);
const events = Number(values.events);
const days = 365;
const videos = 100;
const target = 50;

/// CPU milliseconds of all threads of the daemon (the kernel counts nanoseconds).
const cpuOf = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0);

const daemon = await Daemon.start({ database: 'sqlite', set: ['auth.access_minutes=60'] });
const instance = join(daemon.dataDir, 'instances/rollup/instance.db');
/// Runs a script on the plugin's tables, with those of the site as `site`; rows as arrays of text.
function sql(script) {
  const input = `PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA temp_store=MEMORY; ATTACH '${join(daemon.dataDir, 'reeld.db')}' AS site;\n${script}\n`;
  return execFileSync('sqlite3', ['-batch', '-separator', '\t', instance], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
    .split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

// Nine of ten views are of the eighty who like a video and come nearly every day, the others of three hundred
// thousand who come now and then: the days between two visits are of all lengths.
const spread = '((n * 2654435761) % 4294967296) / 65536';
const row = (creator, first) => `SELECT n, 1 + (n * 7919) % ${videos} AS video,
  CASE WHEN (n * 31) % 10 = 0 THEN 1000000 + (${spread} * 5 + n) % 300000 ELSE 1000 + (n * 7919) % ${videos} * 80 + ${spread} % 80 END AS user,
  ${first} + CAST(n AS BIGINT) * ${days} / ${views} AS day, ${creator} AS creator`;

try {
  const admin = await Client.admin(daemon);
  let creator = await Client.person(daemon, 'CREATOR', admin);
  await daemon.stop();
  const today = Math.floor(Date.now() / 86_400_000);
  const first = today - days + 1;
  // The last views of each day go through the outbox.
  const late = `(n % ${Math.floor(views / events)}) = 0`;
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${views - 1})`;
  let began = Date.now();
  sql(`
    DROP INDEX site.views_by_video; DROP INDEX site.views_by_user;
    INSERT INTO site.videos (id, creator_id, title, state, current_encoding, created_at, updated_at)
      ${numbers.replace(String(views - 1), String(videos - 1))} SELECT n + 1, ${creator.id}, 'video ' || (n + 1), 'READY', 1, 1, 1 FROM numbers;
    INSERT INTO site.views (video_id, user_id, token_id, created_at)
      ${numbers} SELECT video, user, printf('%08d', n), day * 86400000 + n % 86400000 FROM (${row(creator.id, first)} FROM numbers);
    CREATE INDEX site.views_by_video ON views (video_id, user_id);
    INSERT INTO site.outbox (event_id, type, user_id, subject, json, created_at)
      SELECT 'bench-' || v.token_id, 'video.viewed', v.user_id, 'video:' || v.video_id,
        '{"video_id":' || v.video_id || ',"creator_id":${creator.id},"viewed_at":' || v.created_at || '}', v.created_at
      FROM (SELECT *, CAST(token_id AS BIGINT) AS n FROM site.views) v WHERE ${late};
    CREATE TEMP TABLE counted AS SELECT video_id AS video, user_id AS user, created_at / 86400000 AS day
      FROM (SELECT *, CAST(token_id AS BIGINT) AS n FROM site.views) WHERE NOT ${late};
    INSERT INTO rollup_days SELECT s.scope, s.subject, day, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0
      FROM counted, (SELECT 0 AS scope, 0 AS subject UNION ALL SELECT 1, ${creator.id}) s GROUP BY 1, 2, 3;
    INSERT INTO rollup_video_days SELECT ${creator.id}, day, video, COUNT(*), 0, 0, 0, 0, 0, 0, 0, 0 FROM counted GROUP BY 1, 2, 3;
    INSERT INTO rollup_viewers SELECT DISTINCT 0, 0, user, day FROM counted;
    INSERT INTO rollup_viewers SELECT 1, ${creator.id}, user_id, day FROM rollup_viewers WHERE scope = 0;
    INSERT INTO rollup_viewers SELECT DISTINCT 2, video, user, day FROM counted;
    INSERT INTO rollup_returns SELECT scope, subject, day, before, COUNT(*) FROM (SELECT scope, subject, day,
      COALESCE(LAG(day) OVER (PARTITION BY scope, subject, user_id ORDER BY day), -1) AS before FROM rollup_viewers) GROUP BY 1, 2, 3, 4;
    ANALYZE;`);
  console.log(`${views} views were made in ${((Date.now() - began) / 1000).toFixed(0)} s`);

  await daemon.start();
  creator = await Client.signIn(daemon, creator);
  const ask = async (range) => creator.get(`/api/v1/analytics/creator?from=${range[0]}&to=${range[1]}`);
  const date = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
  const year = [date(first), date(today)];
  began = Date.now();
  const cpuBefore = cpuOf(daemon.pid);
  await until(async () => (await ask(year)).status === 200, { what: 'all events are counted', within: 600_000, every: 500 });
  console.log(`${events} events went through outbox and sink in ${((Date.now() - began) / 1000).toFixed(1)} s, ${((cpuOf(daemon.pid) - cpuBefore) / events * 1000).toFixed(0)} µs CPU each`);

  const told = (await ask(year)).json;
  const raw = sql(`SELECT created_at / 86400000, COUNT(*), COUNT(DISTINCT user_id) FROM site.views GROUP BY 1 ORDER BY 1;`);
  assert.deepEqual(told.days.map((day) => [day.date, day.total_views, day.unique_viewers]), raw.map(([day, count, people]) => [date(Number(day)), Number(count), Number(people)]));
  assert.equal(told.total_views, views);
  const top = sql('SELECT video_id, COUNT(*), COUNT(DISTINCT user_id) FROM site.views GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10;');
  assert.deepEqual(told.top_videos.map((video) => [video.video_id, video.total_views, video.unique_viewers]), top.map((numbersOf) => numbersOf.map(Number)));
  for (const [from, to] of [[first, today], [first + 17, first + 230], [today - 29, today], [first + 100, first + 100]]) {
    const [[count, people, fresh]] = sql(`SELECT COUNT(*), COUNT(DISTINCT v.user_id), COUNT(DISTINCT CASE WHEN NOT EXISTS (SELECT 1 FROM rollup_viewers r WHERE r.scope = 0 AND r.subject = 0 AND r.user_id = v.user_id AND r.day < ${from}) THEN v.user_id END)
      FROM site.views v WHERE v.created_at >= ${from * 86_400_000} AND v.created_at < ${(to + 1) * 86_400_000};`);
    const span = (await ask([date(from), date(to)])).json;
    assert.deepEqual([span.total_views, span.unique_viewers, span.new_viewers], [count, people, fresh].map(Number));
  }
  console.log(`a recount of ${views} raw views agrees: every day, the videos with most views, and people of four spans of days`);

  let failed = false;
  const cost = async (path) => {
    const before = cpuOf(daemon.pid);
    assert.equal((await creator.get(path)).status, 200);
    return cpuOf(daemon.pid) - before;
  };
  for (const [name, path] of [
    ['analytics/creator of thirty days', '/api/v1/analytics/creator'],
    ['analytics/creator of a year', `/api/v1/analytics/creator?from=${year[0]}&to=${year[1]}`],
    [`analytics/{id} of a video with ${views / videos} views`, '/api/v1/analytics/1'],
  ]) {
    const spent = [];
    for (let i = 0; i < Math.max(5, Number(values.requests)); ++i) spent.push(await cost(path));
    const { median, low, high, unsure } = judge(spent, target);
    failed = verdict(`${name}, CPU over ${views} views`, {
      reached: median <= target, fails: median > target * 1.5, unsure,
      text: `${median.toFixed(1)} ms, target ${target} (between ${low.toFixed(1)} and ${high.toFixed(1)})`,
    }) || failed;
  }
  process.exitCode = failed ? 1 : 0;
} finally {
  await daemon.dispose();
}
