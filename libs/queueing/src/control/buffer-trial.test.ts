import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { drawBufferTrials } from './buffer-trial.ts';

it('drawBufferTrials takes 80 s of files that were scaled as a whole, and names the block', () => {
  const packets = (length: number) => new Uint32Array(length).fill(1, 0, length / 2);
  const files = [
    { name: 'long', packetsPerMs: packets(400_000) },
    { name: 'fits', packetsPerMs: packets(80_000) },
    { name: 'short', packetsPerMs: packets(79_999) },
  ];
  const trials = drawBufferTrials({ files, count: 300, random: new SeededRandom(1), load: 0.6 });
  const blocks = new Set(trials.map(({ block }) => block));
  // Counted parts begin at 20 to 340 s of the long file.
  const expected = [0, 1, 2, 3, 4, 5].map((block) => `long/${block}`);
  expect([...blocks].filter((block) => block !== 'fits/0').toSorted()).toEqual(expected);
  let highest = 0;
  for (const { packetsPerMs } of trials) {
    expect(packetsPerMs.length).toBe(80_000);
    for (let ms = 0; ms < 1000; ms++) highest = Math.max(highest, packetsPerMs[ms] as number);
  }
  // Half of the time twice the load: 10 packets a millisecond.
  expect(highest).toBe(10);
  const only = { files: files.slice(2), count: 1, random: new SeededRandom(2) };
  expect(() => drawBufferTrials(only)).toThrow(/in a row/);
});
