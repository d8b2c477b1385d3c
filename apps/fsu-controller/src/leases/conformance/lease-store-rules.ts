import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acquireLease, blankRecord, isNewest, released, renewLease } from '../lease-record.ts';
import type { LeaseStore } from '../lease-store.ts';

/** A store as two controllers reach it. */
export interface StoresUnderTest {
  first: LeaseStore;
  second: LeaseStore;
  /** Resolves when so much time has passed for the store. */
  pass: (ms: number) => Promise<void>;
}

/** Longer than any test runs. */
const long = 60_000;
/** Short enough to be waited for. */
const short = 500;

let targets = 0;

function fresh(): string {
  targets += 1;
  return `target-${targets}`;
}

/** What every store of leases owes, one test a rule. */
export function leaseStoreRules(stores: () => StoresUnderTest): void {
  holderRules(stores);
  tokenRules(stores);
  originalRules(stores);
  orderRules(stores);
}

function holderRules(stores: () => StoresUnderTest): void {
  it('one of two holds a lease, the other is told who and for how long', async () => {
    const { first, second } = stores();
    const target = fresh();
    const granted = await first.acquire({ target, holder: 'a', ttlMs: long });
    expect(granted).toEqual({ kind: 'granted', token: 1 });
    const held = await second.acquire({ target, holder: 'b', ttlMs: long });
    expect(held).toMatchObject({ kind: 'held', by: 'a' });
    if (held.kind === 'held') expect(held.remainingMs).toBeGreaterThan(long / 2);
    const claim = { target, holder: 'b', token: 1, ttlMs: long };
    expect(await second.renew(claim)).toEqual({ kind: 'lost', by: 'a' });
    expect(await first.renew({ ...claim, holder: 'a' })).toEqual({ kind: 'ours' });
  });

  it('it lapses, goes to another with a higher token, and its holder is told', async () => {
    const { first, second, pass } = stores();
    const target = fresh();
    await first.acquire({ target, holder: 'a', ttlMs: short });
    await pass(short + 50);
    const granted = await second.acquire({ target, holder: 'b', ttlMs: long });
    expect(granted).toEqual({ kind: 'granted', token: 2 });
    const claim = { target, holder: 'a', token: 1, ttlMs: long };
    expect(await first.renew(claim)).toEqual({ kind: 'lost', by: 'b' });
    await first.release(claim);
    expect(await second.renew({ ...claim, holder: 'b', token: 2 })).toEqual({ kind: 'ours' });
  });

  it('one that lapsed and that nobody took is prolonged', async () => {
    const { first, pass } = stores();
    const target = fresh();
    await first.acquire({ target, holder: 'a', ttlMs: short });
    await pass(short + 50);
    const claim = { target, holder: 'a', token: 1, ttlMs: long };
    expect(await first.renew(claim)).toEqual({ kind: 'ours' });
  });

  it('given back it is free at once, and cannot be renewed', async () => {
    const { first, second } = stores();
    const target = fresh();
    await first.acquire({ target, holder: 'a', ttlMs: long });
    const claim = { target, holder: 'a', token: 1, ttlMs: long };
    await first.release(claim);
    expect(await first.renew(claim)).toEqual({ kind: 'lost', by: '' });
    const granted = await second.acquire({ target, holder: 'b', ttlMs: long });
    expect(granted).toEqual({ kind: 'granted', token: 2 });
  });
}

function tokenRules(stores: () => StoresUnderTest): void {
  it('a holder takes its own anew, with a token beyond all that were seen', async () => {
    const { first } = stores();
    const target = fresh();
    const wish = { target, holder: 'a', ttlMs: long };
    expect(await first.acquire(wish)).toMatchObject({ token: 1 });
    expect(await first.acquire({ ...wish, tokenMin: 2 ** 40 })).toMatchObject({ token: 2 ** 40 });
    expect(await first.acquire({ ...wish, tokenMin: 7 })).toMatchObject({ token: 2 ** 40 + 1 });
    const last = Number.MAX_SAFE_INTEGER;
    expect(await first.acquire({ ...wish, tokenMin: last })).toMatchObject({ token: last });
    expect(await first.acquire(wish)).toMatchObject({ kind: 'away' });
  });

  it('targets are told apart whatever they are called', async () => {
    const { first } = stores();
    const names = ['a', 'a/b', 'a_b', '../a', 'ä', '.', 'x'.repeat(128), `${'x'.repeat(127)}y`];
    for (const name of names) {
      const granted = await first.acquire({ target: name, holder: 'a', ttlMs: long });
      expect(granted, name).toEqual({ kind: 'granted', token: 1 });
    }
  });
}

function originalRules(stores: () => StoresUnderTest): void {
  it('originals are found by the successor, and changed under the newest lease alone', async () => {
    const { first, second } = stores();
    const target = fresh();
    const claim = { target, holder: 'a', token: 1 };
    const mine = first.originals(target, () => claim);
    await expect(mine.write('size', { size: 3 })).rejects.toMatchObject({ code: 'lease-lost' });
    await first.acquire({ target, holder: 'a', ttlMs: long });
    await mine.write('size', { size: 3, snapshot: 'weights 1 2' });
    await mine.write('__proto__', { size: 4 });
    await first.release(claim);
    await second.acquire({ target, holder: 'b', ttlMs: long });
    const theirs = second.originals(target, () => ({ target, holder: 'b', token: 2 }));
    expect(await theirs.read('size')).toEqual({ size: 3, snapshot: 'weights 1 2' });
    expect(await theirs.read('__proto__')).toEqual({ size: 4 });
    expect(await theirs.read('other')).toBeUndefined();
    await expect(mine.remove('size')).rejects.toMatchObject({ code: 'lease-lost' });
    const nobody = second.originals(target, () => undefined);
    await expect(nobody.remove('size')).rejects.toMatchObject({ code: 'lease-lost' });
    await theirs.remove('size');
    expect(await mine.read('size')).toBeUndefined();
    expect(await theirs.read('__proto__')).toEqual({ size: 4 });
  });
}

function orderRules(stores: () => StoresUnderTest): void {
  it('does what the rules say, whatever is asked in whatever order', async () => {
    const { first, second } = stores();
    const step = fc.record({
      what: fc.constantFrom('acquire', 'renew', 'release'),
      holder: fc.constantFrom('a', 'b', 'c'),
      token: fc.integer({ min: 1, max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const target = fresh();
        let known = blankRecord;
        for (const [index, { what, holder, token }] of steps.entries()) {
          const store = index % 2 === 0 ? first : second;
          const claim = { target, holder, token, ttlMs: long };
          if (what === 'release') {
            await store.release(claim);
            if (isNewest(known, claim)) known = released(known);
            continue;
          }
          const rule = what === 'acquire' ? acquireLease : renewLease;
          const { outcome, record } = rule(known, { ...claim, nowMs: 0 });
          known = record ?? known;
          const said = await store[what]({ target, holder, token, ttlMs: long });
          const remainingMs = expect.any(Number);
          const expected = outcome.kind === 'held' ? { ...outcome, remainingMs } : outcome;
          expect(said).toEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of many that ask at once one alone is granted', async () => {
    const { first, second } = stores();
    const target = fresh();
    const asked = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? first : second).acquire({ target, holder: `h${index}`, ttlMs: long }),
    );
    const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'granted')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(19);
  });
}
