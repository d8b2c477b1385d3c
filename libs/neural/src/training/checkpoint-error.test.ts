import { describe, expect, it } from 'vitest';
import { CheckpointError, identityDifference } from './checkpoint-error.ts';

describe('a checkpoint error', () => {
  it('says what, why and what to do', () => {
    const error = new CheckpointError({ code: 'damaged', file: 'a/b', why: 'is cut short' });
    expect(error.message).toBe('a/b is cut short');
    expect(error.nextStep).toBe('remove a/b to begin anew');
    const other = { code: 'other-training', file: 'a/b', why: 'is another' } as const;
    expect(new CheckpointError(other).nextStep).toContain('or train as it was made');
  });
});

describe('identityDifference', () => {
  it('names what differs, by its path', () => {
    const there = { seed: 'a', batch: 8, spec: { layers: [{ units: 4 }] } };
    const here = { seed: 'a', batch: 16, spec: { layers: [{ units: 5 }] }, patience: 2 };
    expect(identityDifference(JSON.stringify(there), JSON.stringify(here))).toBe(
      'batch is 8 there, 16 here; spec.layers.0.units is 4 there, 5 here; ' +
        'patience is not set there, 2 here',
    );
  });

  it('tells of four differences and counts the others', () => {
    const here = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`key${index}`, 1]));
    const said = identityDifference('{}', JSON.stringify(here));
    expect(said.split('; ')).toHaveLength(5);
    expect(said).toMatch(/; and 5 more$/);
  });

  it('shows what is no description as it is', () => {
    expect(identityDifference('old', '{}')).toBe('description is "old" there, not set here');
  });
});
