import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { ServerSpeed } from './server-speed.ts';

const periodMs = 100;

/** A queue of `workers` (M/M/c) that is watched every 100 ms; its speed may change at any time. */
class WatchedQueue {
  readonly speed: ServerSpeed;
  share = 1;
  #nowMs = 0;
  #inFlight = 0;
  readonly #random: SeededRandom;
  readonly #of: { workers: number; perSecond: number; load: number };

  constructor(of: { workers: number; perSecond: number; load: number; seed: number }) {
    this.#of = of;
    this.#random = new SeededRandom(of.seed);
    this.speed = new ServerSpeed(of.perSecond, 0);
  }

  /** @returns the least share that was read */
  run(seconds: number, onPeriod = () => {}): number {
    const { workers, perSecond, load } = this.#of;
    let least = 1;
    for (const endMs = this.#nowMs + seconds * 1_000; this.#nowMs < endMs; ) {
      let served = 0;
      // By the millisecond: arrivals and departures are rare in one.
      for (let ms = 0; ms < periodMs; ms++) {
        const rate = (perSecond * this.share * Math.min(this.#inFlight, workers)) / workers;
        if (this.#random.float() < rate / 1_000) {
          this.#inFlight--;
          served++;
        }
        if (this.#random.float() < (load * perSecond) / 1_000) this.#inFlight++;
      }
      this.#nowMs += periodMs;
      const inFlight = this.#inFlight;
      this.speed.add(this.#nowMs, { lengthS: 0.1, served, failed: 0, inFlight });
      least = Math.min(least, this.speed.share);
      onPeriod();
    }
    return least;
  }
}

const queues = [1, 8].flatMap((workers) =>
  [0.2, 0.5, 0.7, 0.9].map((load) => ({ workers, load, perSecond: 100 })),
);

it.each(queues)('a sound server counts as one: %o', (queue) => {
  const shares: number[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const watched = new WatchedQueue({ ...queue, seed });
    watched.run(120, () => void shares.push(watched.speed.share));
  }
  const slow = shares.filter((share) => share < 1).length / shares.length;
  expect(slow).toBeLessThan(0.05);
});

it.each(queues)(
  'one that slows to a third is seen within 5 s, and that it is back: %o',
  (queue) => {
    let seen = 0;
    let back = 0;
    for (let seed = 0; seed < 10; seed++) {
      const watched = new WatchedQueue({ ...queue, seed });
      watched.run(60);
      watched.share = 0.33;
      watched.run(5);
      if (watched.speed.share < 0.7) seen++;
      watched.run(10);
      watched.share = 1;
      watched.run(40);
      if (watched.speed.share === 1) back++;
    }
    expect(seen).toBeGreaterThanOrEqual(7);
    expect(back).toBeGreaterThanOrEqual(9);
  },
);

it('one that refuses every request is as slow as can be, and gets another try later', () => {
  const speed = new ServerSpeed(100, 0);
  for (let at = 1; at <= 100; at++) {
    speed.add(at * periodMs, { lengthS: 0.1, served: 0, failed: 5, inFlight: 0 });
  }
  expect(speed.share).toBeLessThan(0.05);
  speed.add(60_000, { lengthS: 50, served: 0, failed: 0, inFlight: 0 });
  expect(speed.share).toBe(1);
});
