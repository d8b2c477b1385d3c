import { SeededRandom } from '@levitate/clock';
import { Controller } from '@levitate/resource-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TargetLease } from './target-lease.ts';
import { RemoteLeases, type Wire } from './testing/remote-leases.ts';
import { VirtualTime } from './testing/virtual-time.ts';

const ttlMs = 1_000;
const target = 'pool';

/** Controllers of one target around one store, each with a clock and a wire of its own. */
function controllers({ settleMs = ttlMs, seed = 1, slowMs = 0 } = {}) {
  const time = new VirtualTime();
  const store = new RemoteLeases({ time, settleMs });
  const random = new SeededRandom(seed);
  const open = (holder: string, { rate = 1, offsetMs = 0 } = {}) => {
    const timepiece = time.skewed(rate, offsetMs);
    const wire: Wire = { isCut: false, delayMs: () => random.float() * slowMs };
    const said: string[] = [];
    const lease = new TargetLease({
      store: store.over(wire, { timepiece, timeoutMs: ttlMs / 5 }),
      target,
      holder,
      ttlMs,
      ...timepiece,
      onGranted: (token) => said.push(`granted ${token}`),
      onLost: (why) => said.push(why),
      onStore: (why) => said.push(`store: ${why}`),
    });
    const stopping = new AbortController();
    const running = lease.run(stopping.signal);
    return { lease, wire, said, stopping, running, step: timepiece.step };
  };
  return { time, store, open };
}

describe('TargetLease', () => {
  it('one of two controllers holds it, the other says who does', async () => {
    const { time, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.lease.want(true);
    await time.advance(100);
    b.lease.want(true);
    await time.advance(10 * ttlMs);
    expect(a.lease.held()).toBeUndefined();
    expect(a.said).toEqual(['granted 1']);
    expect(b.lease.held()).toBe('lease-not-held');
    expect(b.lease.why).toBe('held by a');
    expect(b.said).toEqual(['held by a']);
  });

  it('goes to the next with a higher token when it is given back', async () => {
    const { time, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.lease.want(true);
    await time.advance(100);
    b.lease.want(true);
    await time.advance(ttlMs);
    a.stopping.abort();
    await time.advance(3 * ttlMs);
    // What it changed is put back under it, however long that takes.
    expect(a.lease.isHeld).toBe(true);
    const given = a.lease.giveUp();
    await time.advance(ttlMs);
    await given;
    await a.running;
    expect(a.lease.isHeld).toBe(false);
    expect(b.lease.token).toBe(2);
  });

  it('ends at once where it is not wanted', async () => {
    const { time, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.stopping.abort();
    await time.advance(ttlMs);
    await a.running;
    b.lease.want(true);
    await time.advance(100);
    const given = b.lease.giveUp();
    await time.advance(ttlMs);
    await given;
    b.stopping.abort();
    await time.advance(ttlMs);
    await b.running;
  });

  it('lets its controller put the original back, and forget it, before it goes', async () => {
    const { time, open } = controllers();
    const a = open('a');
    const pool = { name: 'pool', unit: 'threads', min: 1, max: 100, size: 8 };
    const resource = {
      ...pool,
      measure: () => ({ size: pool.size, need: 40 }),
      apply: (size: number) => {
        pool.size = size;
      },
    };
    const controller = new Controller({
      resource,
      originals: a.lease.originals,
      clock: time.clock,
      wait: time.wait,
      mode: 'enforce',
      barred: () => {
        a.lease.want(true);
        return a.lease.held();
      },
    });
    for (let tick = 0; tick < 20; tick += 1) {
      await controller.tick();
      await time.advance(100);
    }
    expect(pool.size).toBeGreaterThan(40);
    expect(await a.lease.originals.read('pool')).toEqual({ size: 8 });
    a.stopping.abort();
    const stopped = controller.stop();
    await time.advance(5_000);
    await stopped;
    expect(pool.size).toBe(8);
    expect(await a.lease.originals.read('pool')).toBeUndefined();
    const given = a.lease.giveUp();
    await time.advance(ttlMs);
    await Promise.all([given, a.running]);
    expect(a.lease.isHeld).toBe(false);
  });

  it('counts until it runs out while the store is away, then nothing may be changed', async () => {
    const { time, open } = controllers();
    const a = open('a');
    a.lease.want(true);
    await time.advance(0.45 * ttlMs);
    a.wire.isCut = true;
    await time.advance(0.75 * ttlMs);
    expect(a.lease.isHeld).toBe(true);
    expect(a.said).toEqual(['granted 1', 'store: no answer']);
    await time.advance(ttlMs);
    expect(a.lease.held()).toBe('lease-not-held');
    expect(a.lease.why).toBe('the lease store is away: no answer');
    a.wire.isCut = false;
    await time.advance(ttlMs);
    expect(a.lease.token).toBe(2);
    expect(a.said.slice(3)).toEqual(['store: ', 'granted 2']);
  });

  it('the successor finds the original, which its predecessor cannot touch any more', async () => {
    const { time, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.lease.want(true);
    await time.advance(100);
    await a.lease.originals.write('size', { size: 8, snapshot: 'weights' });
    a.wire.isCut = true;
    b.lease.want(true);
    await time.advance(3 * ttlMs);
    expect(b.lease.isHeld).toBe(true);
    expect(await b.lease.originals.read('size')).toEqual({ size: 8, snapshot: 'weights' });
    await expect(a.lease.originals.remove('size')).rejects.toMatchObject({ code: 'lease-lost' });
    await b.lease.originals.remove('size');
    expect(await b.lease.originals.read('size')).toBeUndefined();
  });

  it('a store that forgets learns the holder again, and grants to nobody else', async () => {
    const { time, store, open } = controllers();
    const [a, b] = [open('a'), open('b')];
    a.lease.want(true);
    await time.advance(100);
    store.forget();
    b.lease.want(true);
    await time.advance(100);
    expect(b.lease.why).toMatch(/knows no holders since its restart/);
    await time.advance(5 * ttlMs);
    expect(a.said).toEqual(['granted 1']);
    expect(b.lease.why).toBe('held by a');
  });

  it('takes no notice of the clock on the wall', async () => {
    const { time, open } = controllers();
    const a = open('a');
    a.lease.want(true);
    for (const stepMs of [-86_400_000, 86_400_000, 3_600_000]) {
      a.step(stepMs);
      await time.advance(2 * ttlMs);
      expect(a.lease.isHeld).toBe(true);
    }
    expect(a.said).toEqual(['granted 1']);
  });

  it('believes in its lease no longer than the store, with clocks a twentieth apart', async () => {
    const parts = fc.tuple(
      fc.double({ min: 0.95, max: 1.05, noNaN: true }),
      fc.integer({ min: 100, max: 3_000 }),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(parts, async ([rate, cutAfterMs, seed]) => {
        const { time, store, open } = controllers({ seed, slowMs: 90 });
        const a = open('a', { rate });
        a.lease.want(true);
        await time.advance(cutAfterMs);
        a.wire.isCut = true;
        const near = { isCut: false, delayMs: () => 0 };
        const probe = store.over(near, { timepiece: time, timeoutMs: ttlMs });
        const probed = async () => {
          const outcome = probe.acquire({ target, holder: 'probe', ttlMs });
          await time.advance(0);
          return (await outcome).kind;
        };
        while ((await probed()) === 'held') await time.advance(5);
        expect(a.lease.isHeld).toBe(false);
        a.stopping.abort();
      }),
      { numRuns: 50 },
    );
  });

  it('never has two holders, whatever clocks, wires, crashes and the store do', async () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 0, max: 1_200 }),
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom(
        ...(['want', 'want', 'unwant', 'crash', 'cut', 'heal', 'forget', 'step'] as const),
      ),
    });
    const rates = fc.tuple(
      ...[0, 1, 2].map(() => fc.double({ min: 0.95, max: 1.05, noNaN: true })),
    );
    const all = fc.tuple(fc.array(event, { minLength: 5, maxLength: 40 }), rates, fc.nat());
    await fc.assert(
      fc.asyncProperty(all, async ([events, skews, seed]) => {
        const { time, store, open } = controllers({ seed, slowMs: 300 });
        const start = (index: number) =>
          open(`holder-${index}`, { rate: skews[index] ?? 1, offsetMs: 1_000 * index });
        const live = [0, 1, 2].map(start);
        const check = () => {
          expect(live.filter(({ lease }) => lease.isHeld).length).toBeLessThanOrEqual(1);
          const { tokens } = store;
          expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
        };
        for (const { lease } of live) lease.want(true);
        for (const { afterMs, who, what } of events) {
          for (let ms = 0; ms < afterMs; ms += 50) {
            await time.advance(50);
            check();
          }
          const one = live[who] as (typeof live)[number];
          if (what === 'want' || what === 'unwant') one.lease.want(what === 'want');
          else if (what === 'cut' || what === 'heal') one.wire.isCut = what === 'cut';
          else if (what === 'step') one.step(afterMs * 1e6);
          else if (what === 'forget') store.forget();
          else {
            // A process that is gone says no more; the next comes under the same name.
            one.wire.isCut = true;
            one.stopping.abort();
            live[who] = start(who);
            live[who]?.lease.want(true);
          }
          check();
        }
        for (const { stopping } of live) stopping.abort();
      }),
      { numRuns: 60 },
    );
  });
});
