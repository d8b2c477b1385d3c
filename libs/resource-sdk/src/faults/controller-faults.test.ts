import { playCommand } from '@levitate/testing/faults';
import { describe, expect, it } from 'vitest';

const command = new URL('./run-controller-faults.ts', import.meta.url);

describe('the controller under faults', { timeout: 600_000 }, () => {
  it('breaks no rule in 5,000 sequences of inputs, crashes and restarts', async () => {
    expect(await playCommand(command, '--sequences', '5000')).toBe(0);
  });

  it('would not keep a planted bug: every one breaks a rule', async () => {
    expect(await playCommand(command, '--sequences', '5000', '--bugs')).toBe(0);
  });
});
