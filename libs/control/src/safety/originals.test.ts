import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Original, Originals, originalsMax } from './originals.ts';

const original = (key: string, size: number): Original<string> => ({
  key,
  size,
  recordedUnixMs: 0,
  detail: `where ${key} is`,
});

describe('Originals', () => {
  it('permits a change only once the original is durable', () => {
    const originals = new Originals<string>();
    expect(originals.permitsChange('a')).toBe(false);
    originals.note(original('a', 5));
    expect(originals.permitsChange('a')).toBe(false);
    originals.markDurable(originals.revision);
    expect(originals.permitsChange('a')).toBe(true);
  });

  it('does not take an older write for a newer one', () => {
    const originals = new Originals<string>();
    originals.note(original('a', 5));
    const written = originals.revision;
    originals.note(original('b', 6));
    originals.markDurable(written);
    expect(originals.permitsChange('a')).toBe(true);
    expect(originals.permitsChange('b')).toBe(false);
  });

  it('keeps the first setting noted', () => {
    const originals = new Originals<string>();
    originals.note(original('a', 5));
    expect(originals.note(original('a', 99))).toBe('known');
    expect(originals.restorePlan()).toEqual([{ key: 'a', size: 5, detail: 'where a is' }]);
  });

  it('plans the same restore twice and only what was asked for', () => {
    const originals = new Originals({
      version: 1,
      originals: [original('a', 1), original('b', 2)],
    });
    expect(originals.restorePlan()).toEqual(originals.restorePlan());
    expect(originals.restorePlan(['b', 'unknown']).map(({ key }) => key)).toEqual(['b']);
  });

  it('lets an original go only when it was read back from the target', () => {
    const originals = new Originals({ version: 1, originals: [original('a', 1)] });
    expect(originals.settle({ key: 'a', size: 2 })).toBe(false);
    expect(originals.restorePlan()).toHaveLength(1);
    expect(originals.settle({ key: 'a', size: 1 })).toBe(true);
    expect(originals.settle({ key: 'a', size: 1 })).toBe(true);
    expect(originals.restorePlan()).toEqual([]);
  });

  it('may be changed at once after a restart: what it was read from is durable', () => {
    const originals = new Originals({ version: 1, originals: [original('a', 1)] });
    expect(originals.permitsChange('a')).toBe(true);
  });

  it('refuses more originals than its bound', () => {
    const originals = new Originals<string>();
    for (let key = 0; key < originalsMax; key += 1) originals.note(original(`${key}`, key));
    expect(originals.note(original('one more', 1))).toBe('full');
    expect(originals.permitsChange('one more')).toBe(false);
  });

  it('loses no original in any order of notes, writes, changes, crashes and restores', () => {
    const operation = fc.record({
      kind: fc.constantFrom('note', 'write', 'change', 'crash', 'restore'),
      key: fc.constantFrom('a', 'b', 'c'),
      size: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const before: Record<string, number> = { a: 10, b: 20, c: 30 };
        const kernel = { ...before };
        let originals = new Originals<string>();
        let disk = originals.toRecord();
        for (const { kind, key, size } of operations) {
          if (kind === 'note') originals.note(original(key, kernel[key] ?? 0));
          else if (kind === 'change' && originals.permitsChange(key)) kernel[key] = size;
          else if (kind === 'write') {
            disk = structuredClone(originals.toRecord());
            originals.markDurable(originals.revision);
          } else if (kind === 'restore') {
            for (const step of originals.restorePlan([key])) {
              kernel[key] = step.size;
              originals.settle({ key, size: step.size });
            }
          } else if (kind === 'crash') originals = new Originals(disk);
          // At any moment a crash must leave enough behind to put everything back.
          const restored = { ...kernel };
          for (const step of new Originals(disk).restorePlan()) restored[step.key] = step.size;
          expect(restored).toEqual(before);
        }
      }),
      { numRuns: 500 },
    );
  });
});
