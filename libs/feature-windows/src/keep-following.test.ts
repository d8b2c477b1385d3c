import { RpcError } from '@levitate/grpc-kit';
import { expect, it } from 'vitest';
import { sampleAt } from './conformance/conformance.ts';
import type { FollowBatch } from './feature-windows.ts';
import { keepFollowing } from './keep-following.ts';

const waitMs = { first: 1, longest: 2 };
const batch = (step: number): FollowBatch => ({ samples: [sampleAt('a', step)], lost: step });

async function* follower(batches: FollowBatch[], error?: Error): AsyncGenerator<FollowBatch> {
  yield* batches;
  if (error !== undefined) throw error;
}

/** Follows one follower after the other until `enough` batches were offered. */
async function follow(parts: {
  followers: AsyncGenerator<FollowBatch>[];
  enough: number;
  take?: (batch: FollowBatch) => void;
}) {
  const stopping = new AbortController();
  const offered: number[] = [];
  const errors: unknown[] = [];
  await keepFollowing({
    waitMs,
    signal: stopping.signal,
    open: () => parts.followers.shift() ?? follower([]),
    take(one) {
      offered.push(one.lost);
      if (offered.length === parts.enough) stopping.abort();
      parts.take?.(one);
    },
    onDown: (error) => errors.push(error),
  });
  return { offered, errors: errors.map((error) => (error as Error).message) };
}

it('a follower that was lost is opened again', async () => {
  const followers = [follower([batch(1)], new Error('gone')), follower([]), follower([batch(2)])];
  const { offered, errors } = await follow({ followers, enough: 2 });
  expect(offered).toEqual([1, 2]);
  expect(errors).toEqual(['gone', 'the stream ended']);
});

it('so is one that was refused for good: what refused it may be replaced', async () => {
  const refusal = new RpcError({ code: 'UNIMPLEMENTED', message: 'of another release' });
  const followers = [follower([], refusal), follower([batch(1)])];
  const { offered, errors } = await follow({ followers, enough: 1 });
  expect(offered).toEqual([1]);
  expect(errors).toEqual([expect.stringContaining('of another release')]);
});

it('a batch that cannot be taken is told and does not end the following', async () => {
  const followers = [follower([batch(1)]), follower([batch(2)])];
  const take = ({ lost }: FollowBatch) => {
    if (lost === 1) throw new Error('cannot take 1');
  };
  const { offered, errors } = await follow({ followers, enough: 2, take });
  expect(offered).toEqual([1, 2]);
  expect(errors).toEqual(['cannot take 1']);
});

it('an abort ends it within a wait', async () => {
  const stopping = new AbortController();
  await keepFollowing({
    waitMs: { first: 3_600_000, longest: 3_600_000 },
    signal: stopping.signal,
    open: () => follower([], new RpcError({ code: 'INVALID_ARGUMENT', message: 'no' })),
    take() {},
    onDown: () => setImmediate(() => stopping.abort()),
  });
  expect(stopping.signal.aborted).toBe(true);
});
