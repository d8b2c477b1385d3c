import { expect, it } from 'vitest';
import { missesLease } from './misses-lease.ts';

const enforced = {
  mode: 'MODE_ENFORCE',
  paused: false,
  breaker: 'BREAKER_STATE_CLOSED',
  canary: false,
  canaryEnforces: false,
  leaseHeld: false,
} as const;

it('a target that is enforced misses the lease it does not have', () => {
  expect(missesLease(enforced)).toBe(true);
  expect(missesLease({ ...enforced, leaseHeld: true })).toBe(false);
  expect(missesLease({ ...enforced, canary: true, canaryEnforces: true })).toBe(true);
});

it.each([
  { mode: 'MODE_RECOMMEND' },
  { paused: true },
  { breaker: 'BREAKER_STATE_OPEN' },
  { canary: true },
] as const)('one that is not changed misses none: %o', (change) => {
  expect(missesLease({ ...enforced, ...change })).toBe(false);
});
