import { getHeapSpaceStatistics } from 'node:v8';
import { keepPausesShort } from '../short-pauses.ts';

// Work of which a tenth is kept: says how many bytes there are for young objects in the end. The
// first argument says whether pauses are kept short.

if (process.argv[2] === 'short') keepPausesShort();

const kept: { index: number; list: number[] }[] = [];
for (let index = 0; index < 1_000_000; index++) {
  const made = { index, list: [index] };
  if (index % 10 === 0) kept.push(made);
}
const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
process.stdout.write(`${young?.space_size ?? 0}\n`);
