import { expect, it } from 'vitest';
import { ownProcess } from './own-process.ts';

const order = {
  resource: 'loadbalancer',
  dataDirectory: new URL('../../../data', import.meta.url).pathname,
  seed: 1,
  kinds: ['requests-1s-autothrottle'],
  tunedSizes: new Map<string, number>(),
} as const;
const settings = { atOnce: 2, progress: () => {} };

it('plays in another process, which tells why each run is void', async () => {
  await using system = ownProcess(order, settings);
  const results = await system.play([0, 1], new AbortController().signal);
  expect(results).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  for (const result of results) {
    expect((result as PromiseRejectedResult).reason).toContain('no static was tuned');
  }
});

it('is told to stop, and says so', async () => {
  const tunedSizes = new Map([['requests-1s-autothrottle', 1_200]]);
  await using system = ownProcess({ ...order, tunedSizes }, settings);
  const stop = new AbortController();
  const playing = system.play([0], stop.signal);
  stop.abort();
  const [result] = await playing;
  expect(result).toMatchObject({ status: 'rejected', reason: 'This operation was aborted' });
});
