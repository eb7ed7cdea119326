#!/usr/bin/env node
// What lists and searches cost: a page of fifty videos on PostgreSQL against a bare libpq loop over the same
// rows; the same page among many videos against a thousand; searches among many:
// twenty thousand, with REELD_TEST_LONG=1 (tests/run --all) a hundred thousand.
// usage: tests/tools/postgres run node tests/bench/catalog/catalog_bench.mjs [--rounds N] [--videos N]
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from '../../harness/daemon.mjs';
import { inTurn, medianCpu, shownInterval, thorough, verdict } from '../pairs.mjs';
import { Shelf, vocabulary } from './shelf.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, videos: { type: 'string', default: thorough ? '100000' : '20000' } } });
const rounds = Number(values.rounds);
const many = Number(values.videos);
const seconds = thorough ? 1 : 0.3;
const page = '/api/v1/videos/?limit=50';
const runFile = promisify(execFile);
let failed = false;

async function against(name, target, ours, peer) {
  const found = await inTurn(ours, peer, { target, pairs: rounds });
  failed = verdict(name, {
    reached: found.median <= target, fails: found.median > 1.5 * target, unsure: found.unsure,
    text: `${medianCpu(found.mine).toFixed(0)} against ${medianCpu(found.theirs).toFixed(0)} µs CPU per page = ${found.median.toFixed(2)} (${shownInterval(found)}), target ${target}`,
  }) || failed;
}

const shelves = {};
try {
  for (const kind of ['postgres', 'sqlite']) {
    shelves[kind] = { few: await Shelf.fill(kind, 1000), many: await Shelf.fill(kind, many) };
  }
  const { few } = shelves.postgres;
  const libpq = async () => ({ cpu: Number((await runFile(join(build, 'tests/list_rows'), [few.daemon.database.url, '2000'])).stdout) });
  const list = (who) => async () => ({ cpu: (await few.cost(page, seconds, who)).daemon });
  await against('a list of 50 videos for viewers, CPU of the daemon against bare libpq (PostgreSQL)', 3, list(few.viewer), libpq);
  await against('the same for a creator, whose page is read each time', 3, list(few.creator), libpq);

  for (const [kind, shelf] of Object.entries(shelves)) {
    for (const [who, name] of [['viewer', 'a viewer'], ['creator', 'a creator']]) {
      await against(`the first page for ${name} among ${many} videos against 1000 (${kind}, database included)`, 1.3,
        () => shelf.many.cost(page, seconds, shelf.many[who]), () => shelf.few.cost(page, seconds, shelf.few[who]));
    }
    // Asked by a creator, who gets a page of his own each time; viewers share one.
    const common = `q=${vocabulary[1]}`;
    const q = (words) => `q=${encodeURIComponent(words)}`;
    const lists = [
      ['search for the most common word', common], ['search for a word of one in ten', q(vocabulary[5])],
      ['search for a rare word', q(vocabulary[3000])],
      ['search for a beginning of many words', q(vocabulary[20].slice(0, 3))],
      ['search for two common words', q(`${vocabulary[1]} ${vocabulary[2]}`)],
      ['search for a common and a rare one', q(`${vocabulary[1]} ${vocabulary[2900]}`)],
      ['search for what nobody has', q('zzzzzz')],
      ['a tag that all have', 'tag=tag'], ['a tag that all have, by title', 'tag=tag&sort=title'],
      ['a tag that all have and a filter that none pass', 'tag=tag&paid=true'],
      ['a common word, by title', `${common}&sort=title`], ['a common word, last changed first', `${common}&sort=-updated`],
      ['a common word in a category of nobody', `${common}&category=nobody`],
      ['a beginning that all have', 'q=pre'], ['a beginning that all have and a common word', 'q=pre%20evenword'],
      // Grows with the lists of both words: that they have nothing in common is known at their ends alone.
      ['two words of half of the videos each that never meet', q('evenword oddword')],
    ];
    for (const [name, query] of lists) {
      const { cpu } = await shelf.many.cost(`/api/v1/videos/?limit=50&${query}`, seconds, shelf.many.creator, 4);
      failed = verdict(`${name}, among ${many} videos (${kind}, database included)`, {
        reached: cpu <= 20_000, fails: cpu > 30_000, text: `${(cpu / 1000).toFixed(2)} ms CPU, target 20 ms`,
      }) || failed;
    }
    const { database } = shelf.many.daemon;
    database.query('UPDATE videos SET is_paid = 1, price_minor = 5');
    database.query(kind === 'postgres' ? 'VACUUM ANALYZE videos' : 'ANALYZE');
    const playable = await shelf.many.cost('/api/video/', seconds, shelf.many.viewer, 4);
    failed = verdict(`what a viewer can play where ${many} are for sale and none is his (${kind}, database included)`, {
      reached: playable.cpu <= 5000, fails: playable.cpu > 7500, text: `${(playable.cpu / 1000).toFixed(2)} ms CPU, target 5 ms`,
    }) || failed;
  }
} finally {
  for (const shelf of Object.values(shelves)) for (const one of Object.values(shelf)) await one.dispose();
}
process.exitCode = failed ? 1 : 0;
