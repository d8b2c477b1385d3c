import { expect, it } from 'vitest';
import { emptyTally, lastLine, skipLines, sumTallies, withOutcome } from './tally.ts';

it('the last line names skips only when there are any', () => {
  const passed = withOutcome(emptyTally, 'biome', { kind: 'passed' });
  expect(lastLine(passed)).toBe('1 passed, 0 failed');
  const skipped = withOutcome(passed, 'buf', { kind: 'skipped', reason: 'no base' });
  expect(lastLine(skipped)).toBe('1 passed, 0 failed, 1 skipped');
});

it('checks and tests are counted together', () => {
  const checks = withOutcome(emptyTally, 'knip', { kind: 'failed', output: 'unused file' });
  const tests = { passed: 40, failed: 1, skipped: [] };
  expect(lastLine(sumTallies(checks, tests))).toBe('40 passed, 2 failed');
});

it('skips are told by reason, with the names that share it', () => {
  const skipped = ['a', 'b', 'c', 'd'].map((name) => ({ name, reason: 'needs root' }));
  expect(skipLines({ ...emptyTally, skipped })).toEqual([
    'skipped 4: needs root (a; b; c; and 1 more)',
  ]);
});
