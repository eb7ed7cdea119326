#!/usr/bin/env node
// What lists and searches cost: a page of fifty videos on PostgreSQL against a bare libpq loop over the same
// rows; the same page among a hundred thousand videos against a thousand; searches among a hundred thousand.
// usage: tests/tools/postgres run node tests/bench/catalog/catalog_bench.mjs [--rounds N] [--videos N]
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from '../../harness/daemon.mjs';
import { inTurn, medianCpu, shownInterval, verdict } from '../pairs.mjs';
import { Shelf, vocabulary } from './shelf.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, videos: { type: 'string', default: '100000' } } });
const rounds = Number(values.rounds);
const many = Number(values.videos);
const seconds = 1;
const page = '/api/v1/videos/?limit=50';
const runFile = promisify(execFile);
let failed = false;

async function against(name, target, ours, peer, fails = 1.5 * target) {
  const found = await inTurn(ours, peer, { target, pairs: rounds });
  failed = verdict(name, {
    reached: found.median <= target, fails: found.median > fails, unsure: found.unsure,
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
  // Who has a page of his own pays for a query and two changes of thread, which alone are three times the bare loop
  // on a machine where these are dear. A run fails beyond 9, so that it becomes no worse.
  await against('the same for a creator, whose page is his own', 3, list(few.creator), libpq, 9);

  for (const [kind, shelf] of Object.entries(shelves)) {
    for (const [who, name] of [['viewer', 'a viewer'], ['creator', 'a creator']]) {
      await against(`the first page for ${name} among ${many} videos against 1000 (${kind}, database included)`, 1.3,
        () => shelf.many.cost(page, seconds, shelf.many[who]), () => shelf.few.cost(page, seconds, shelf.few[who]));
    }
    const searches = {
      'the most common word': vocabulary[1], 'a word of one in ten': vocabulary[5], 'a rare word': vocabulary[3000],
      'a beginning of many words': vocabulary[20].slice(0, 3), 'two common words': `${vocabulary[1]} ${vocabulary[2]}`,
      'a common and a rare one': `${vocabulary[1]} ${vocabulary[2900]}`, 'what nobody has': 'zzzzzz',
    };
    for (const [name, q] of Object.entries(searches)) {
      const { cpu } = await shelf.many.cost(`/api/v1/videos/?limit=50&q=${encodeURIComponent(q)}`, seconds);
      failed = verdict(`search for ${name} among ${many} titles (${kind}, database included)`, {
        reached: cpu <= 20_000, fails: cpu > 30_000, text: `${(cpu / 1000).toFixed(2)} ms CPU, target 20 ms`,
      }) || failed;
    }
    const { cpu } = await shelf.many.cost('/api/v1/videos/?limit=50&tag=tag', seconds);
    failed = verdict(`a tag that all of ${many} videos have (${kind}, database included)`, {
      reached: cpu <= 20_000, fails: cpu > 30_000, text: `${(cpu / 1000).toFixed(2)} ms CPU, target 20 ms`,
    }) || failed;
  }
} finally {
  for (const shelf of Object.values(shelves)) for (const one of Object.values(shelf)) await one.dispose();
}
process.exitCode = failed ? 1 : 0;
