import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Lease } from './lease.ts';

const claim = (holder: string, token: number, nowMs = 0) => ({
  holder,
  token,
  nowMs,
  ttlMs: 2_000,
});

describe('Lease', () => {
  it('grants a token higher than any seen and refuses lower ones for ever', () => {
    const lease = new Lease();
    expect(lease.acquire(claim('a', 5))).toMatchObject({ kind: 'granted', untilMs: 2_000 });
    expect(lease.acquire(claim('b', 4))).toMatchObject({ reason: 'stale-token', highestToken: 5 });
    expect(lease.acquire(claim('b', 4, 9_000))).toMatchObject({ kind: 'refused' });
  });

  it('lets a higher token take over a live lease and shuts the old holder out', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    expect(lease.acquire(claim('b', 2, 100))).toMatchObject({ kind: 'granted', tookOver: true });
    expect(lease.permits(claim('a', 1, 100))).toBe(false);
    expect(lease.renew(claim('a', 1, 100))).toMatchObject({ reason: 'stale-token' });
    expect(lease.holder(100)).toBe('b');
  });

  it('proposes what is to be durable before a grant, and grants nothing by that', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    const record = { highestToken: 2, holder: 'b' };
    expect(lease.propose(claim('b', 2, 100))).toEqual({ kind: 'proposed', record });
    expect(lease.permits(claim('a', 1, 100))).toBe(true);
    expect(lease.propose(claim('b', 1, 100))).toMatchObject({ kind: 'refused' });
  });

  it('refuses the same token to a second holder', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    const reason = 'token-of-another-holder';
    expect(lease.acquire(claim('b', 1))).toMatchObject({ kind: 'refused', reason });
    expect(lease.acquire(claim('b', 1, 5_000))).toMatchObject({ kind: 'refused', reason });
  });

  it('lets the incumbent renew directly and take a lapsed lease again with its token', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    expect(lease.renew(claim('a', 1, 1_500))).toMatchObject({ kind: 'granted', untilMs: 3_500 });
    expect(lease.renew(claim('a', 1, 3_500))).toMatchObject({ reason: 'not-held' });
    expect(lease.acquire(claim('a', 1, 3_500))).toMatchObject({ kind: 'granted', tookOver: false });
  });

  it('says once that it has lapsed', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    expect(lease.expire(1_999)).toBe(false);
    expect(lease.expire(2_000)).toBe(true);
    expect(lease.expire(2_001)).toBe(false);
    expect(lease.remainingMs(2_001)).toBe(0);
  });

  it('is given up only by who holds it', () => {
    const lease = new Lease();
    lease.acquire(claim('a', 1));
    expect(lease.release(claim('b', 1))).toBe(false);
    expect(lease.release(claim('a', 1))).toBe(true);
    expect(lease.release(claim('a', 1))).toBe(false);
    expect(lease.expire(9_000)).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuses a token of %d', (token) => {
    expect(new Lease().acquire(claim('a', token))).toMatchObject({ reason: 'bad-claim' });
  });

  it('keeps its length between 500 ms and a minute', () => {
    const lease = new Lease();
    lease.acquire({ ...claim('a', 1), ttlMs: 1 });
    expect(lease.remainingMs(0)).toBe(500);
    lease.acquire({ ...claim('a', 1), ttlMs: 1e9 });
    expect(lease.remainingMs(0)).toBe(60_000);
  });

  it('never has two holders, never falls back to a lower token, restarts included', () => {
    const operation = fc.record({
      kind: fc.constantFrom('acquire', 'renew', 'release', 'expire', 'restart'),
      holder: fc.constantFrom('a', 'b', 'c'),
      token: fc.integer({ min: 0, max: 6 }),
      gapMs: fc.integer({ min: 0, max: 1_500 }),
    });
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        let lease = new Lease();
        let nowMs = 0;
        let highest = 0;
        for (const { kind, holder, token, gapMs } of operations) {
          nowMs += gapMs;
          const at = claim(holder, token, nowMs);
          if (kind === 'acquire') lease.acquire(at);
          else if (kind === 'renew') lease.renew(at);
          else if (kind === 'release') lease.release(at);
          else if (kind === 'expire') lease.expire(nowMs);
          else lease = new Lease(lease.record);
          expect(lease.highestToken).toBeGreaterThanOrEqual(highest);
          highest = lease.highestToken;
          const permitted = ['a', 'b', 'c'].flatMap((who) =>
            [0, 1, 2, 3, 4, 5, 6].filter((t) => lease.permits(claim(who, t, nowMs))),
          );
          expect(permitted.length).toBeLessThanOrEqual(1);
          for (const one of permitted) expect(one).toBe(highest);
        }
      }),
    );
  });
});
