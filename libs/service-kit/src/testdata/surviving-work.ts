import { getHeapSpaceStatistics } from 'node:v8';
import { keepYoungObjectsYoung } from '../steady-heap.ts';

// Work of which at first everything is kept, then hardly anything: says how many bytes of the
// second part were made old. The first argument says whether the heap is kept steady.

if (process.argv[2] === 'steady') keepYoungObjectsYoung();

interface Made {
  index: number;
  list: number[];
  more: { index: number };
}
let kept: Made[] = [];

function work(count: number, keptMax: number): void {
  for (let index = 0; index < count; index++) {
    kept[index % keptMax] = { index, list: [index, index + 1], more: { index } };
  }
}

function oldBytes(): number {
  const spaces = getHeapSpaceStatistics();
  return spaces.find(({ space_name: name }) => name === 'old_space')?.space_used_size ?? 0;
}

for (let round = 0; round < 30; round++) {
  kept = [];
  work(150_000, 150_000);
}
kept = [];
let grown = 0;
for (let round = 0, before = oldBytes(); round < 300; round++) {
  work(5_000, 100);
  const now = oldBytes();
  grown += Math.max(0, now - before);
  before = now;
}
process.stdout.write(`${grown}\n`);
