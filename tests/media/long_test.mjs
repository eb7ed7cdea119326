// The long clip of the media folder, made in parts, plays as it should. A default run makes two small renditions of it
// and makes them fast: how encoded parts are put together, and cut where the other is, does not depend on their sizes.
// With REELD_TEST_LONG they are those of a daemon that nobody configured.
import { after, before, test } from 'node:test';
import { contractTest } from '../harness/contract.mjs';
import { long } from './expected.mjs';
import { media, Screening } from './screening.mjs';

const asItComes = Boolean(process.env.REELD_TEST_LONG);
const small = [144, 240];
let screening;
before(async () => {
  screening = await Screening.open(asItComes ? {} : { set: ['processing.preset=ultrafast', `processing.ladder=[${small}]`] });
});
after(() => screening?.close());

for (const [file, wanted] of Object.entries(long)) {
  test(`${file} plays as it should`, { timeout: 600_000 }, () => screening.show(file, asItComes ? wanted : { ...wanted, rungs: small }));
}

contractTest('the long clip');
