import { expect, it } from 'vitest';
import { PacedWriter } from './paced-writer.ts';
import { FakeOutput } from './testing/fake-output.ts';

const never = new AbortController().signal;
const big = 'x'.repeat(20_000);

it('waits for a slow reader, and no longer than it is wanted', async () => {
  const output = new FakeOutput({ isReading: false });
  const writer = new PacedWriter(output, () => {});
  let isDone = false;
  const written = writer.write(big, never).then((isRead) => {
    isDone = true;
    return isRead;
  });
  await Promise.resolve();
  expect([isDone, writer.hasRoom]).toEqual([false, false]);
  output.read();
  expect(await written).toBe(true);
  expect(writer.hasRoom).toBe(true);

  const stuck = new FakeOutput({ isReading: false });
  const leaving = new AbortController();
  const waiting = new PacedWriter(stuck, () => {}).write(big, leaving.signal);
  leaving.abort();
  expect(await waiting).toBe(true);
});

it('a reader that goes ends the wait without a failure, a full disk with one', async () => {
  for (const [code, failure] of [
    ['EPIPE', undefined],
    ['ENOSPC', 'write ENOSPC'],
  ] as const) {
    const output = new FakeOutput({ isReading: false });
    let told = 0;
    const writer = new PacedWriter(output, () => {
      told += 1;
    });
    const written = writer.write(big, never);
    output.fail(code);
    expect(await written).toBe(false);
    expect([told, writer.failure?.message]).toEqual([1, failure]);
    expect(await writer.write('more', never)).toBe(false);
    writer.close();
  }
});
