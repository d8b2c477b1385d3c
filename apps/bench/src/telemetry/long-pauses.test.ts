import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { LongPauses } from './long-pauses.ts';

it('counts pauses above its bound and forgets them when told', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const any = new LongPauses(0);
  const none = new LongPauses(60_000);
  await expect
    .poll(
      () => {
        collect();
        return any.count;
      },
      { timeout: 5_000 },
    )
    .toBeGreaterThan(0);
  expect(none.count).toBe(0);
  any.forget();
  expect(any.count).toBe(0);
});
