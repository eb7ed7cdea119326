// A reporter for node:test that writes one line per test to the file named by REELD_TEST_RESULTS:
// verdict, suite, name, milliseconds. That file is what tests/run counts; people read the spec reporter.
import { appendFileSync } from 'node:fs';

const path = process.env.REELD_TEST_RESULTS;
const suite = process.env.REELD_TEST_SUITE ?? 'node';
const oneLine = (text) => String(text).replace(/[\t\r\n]+/g, ' ');

export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (!path || (type !== 'test:pass' && type !== 'test:fail') || data.details?.type === 'suite') continue;
    const skipped = data.skip !== undefined && data.skip !== false;
    const verdict = skipped ? 'skip' : type === 'test:pass' ? 'pass' : 'fail';
    const name = skipped && typeof data.skip === 'string' ? `${data.name} (${data.skip})` : data.name;
    appendFileSync(path, [verdict, suite, oneLine(name), Math.round(data.details?.duration_ms ?? 0)].join('\t') + '\n');
  }
  yield '';
}
