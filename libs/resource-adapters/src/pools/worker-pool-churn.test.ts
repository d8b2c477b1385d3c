import { SeededRandom } from '@levitate/clock';
import { expect, it } from 'vitest';
import { WorkerPool } from './worker-pool.ts';
import { WorkerPoolError } from './worker-pool-error.ts';

const codes = new Set(['aborted', 'worker-crashed', 'queue-full', 'queue-timeout']);

it.each([1, 2])(
  'keeps its size and settles every task, whatever happens: seed %i',
  async (seed) => {
    const random = new SeededRandom(seed);
    const module = new URL('./testdata/odd-task.mjs', import.meta.url);
    const pool = new WorkerPool<{ kind: string; value?: number }, unknown>({
      ...{ module, size: 2, queueMax: 40, waitMsMax: 20_000 },
    });
    const outcomes: Promise<string>[] = [];
    const run = (kind: string, signal?: AbortSignal) => {
      const value = outcomes.length;
      const outcome = pool.run({ kind, value }, signal).then(
        (output) => (output === value ? 'done' : `got ${output}, not ${value}`),
        (error: unknown) => {
          if (error instanceof RangeError) return 'threw';
          return error instanceof WorkerPoolError && codes.has(error.code) ? 'lost' : `${error}`;
        },
      );
      outcomes.push(outcome);
    };
    for (let step = 0; step < 80; step++) {
      const dice = random.float();
      if (dice < 0.2) pool.resize(1 + Math.floor(random.float() * 4));
      else if (dice < 0.24) run('exits');
      else if (dice < 0.34) run('throws');
      else if (dice < 0.5) {
        const end = new AbortController();
        run(random.float() < 0.3 ? 'hangs' : 'gives back', end.signal);
        setTimeout(() => end.abort(), 20 * random.float());
      } else run('gives back');
      if (random.float() < 0.3) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const settled = await Promise.all(outcomes);
    expect(settled.filter((each) => !['done', 'threw', 'lost'].includes(each))).toEqual([]);
    expect(settled.filter((each) => each === 'done').length).toBeGreaterThan(10);
    while (pool.state.starting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pool.state).toMatchObject({ workers: pool.size, busy: 0, queued: 0 });
    await pool.close();
  },
);
