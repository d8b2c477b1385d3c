import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Canary, type CanaryOptions } from './canary.ts';
import type { CanaryReading } from './canary-side.ts';

const dayMs = 86_400_000;
const fleet = Array.from({ length: 20 }, (_, index) => `host-${index}`);
const fine: CanaryReading = { arrivedBytes: 1e6, droppedBytes: 0, delayMs: 20 };

/** A fleet in virtual time, a reading a second of every host. */
class Fleet {
  readonly canary: Canary;
  readonly events: string[] = [];
  nowMs = 0;
  reading: (host: string, enforces: boolean) => CanaryReading | undefined = () => fine;

  constructor(options: CanaryOptions = {}, hosts: readonly string[] = fleet) {
    this.canary = new Canary(options, hosts);
  }

  pass(ms: number, everyMs = 5_000): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs; ) {
      this.nowMs += everyMs;
      for (const host of this.canary.hosts) {
        const reading = this.reading(host, this.canary.enforces(host));
        if (reading !== undefined) this.canary.observe(host, reading, this.nowMs);
      }
      const event = this.canary.step(this.nowMs);
      if (event !== undefined) this.events.push(event.kind);
    }
  }
}

describe('Canary', () => {
  it('enforces on nobody before it is started', () => {
    const { canary } = new Fleet();
    expect(canary.phase).toBe('idle');
    expect(canary.enforcingHosts).toEqual([]);
  });

  it('takes one host, 10 %, 50 % and all, a day each', () => {
    const one = new Fleet();
    one.canary.start();
    const sizes: number[] = [];
    for (let day = 0; day < 4; day++) {
      sizes.push(one.canary.enforcingHosts.length);
      one.pass(dayMs + 5_000);
    }
    expect(sizes).toEqual([1, 2, 10, 20]);
    expect(one.events).toEqual(['advanced', 'advanced', 'advanced', 'done']);
    expect(one.canary.enforcingHosts).toEqual(fleet);
  });

  it('does not advance a second before the soak is over', () => {
    const one = new Fleet();
    one.canary.start();
    one.pass(dayMs - 5_000);
    expect(one.canary.stage).toBe(0);
    expect(one.canary.soakRemainingMs).toBeGreaterThan(0);
    one.pass(15_000);
    expect(one.canary.stage).toBe(1);
  });

  it.each([
    ['drops', { arrivedBytes: 1e6, droppedBytes: 2_000, delayMs: 20 }],
    ['p99 delay', { arrivedBytes: 1e6, droppedBytes: 0, delayMs: 40 }],
  ])('rolls everything back within minutes when %s are worse', (what, worse) => {
    const one = new Fleet();
    one.canary.start();
    one.pass(dayMs + 5_000);
    expect(one.canary.enforcingHosts).toHaveLength(2);
    one.reading = (_, enforces) => (enforces ? worse : fine);
    one.pass(180_000);
    expect(one.canary.phase).toBe('rolled-back');
    expect(one.canary.enforcingHosts).toEqual([]);
    expect(one.canary.reason).toContain(what);
    one.pass(2 * dayMs);
    expect(one.canary.enforcingHosts).toEqual([]);
    one.canary.start();
    expect(one.canary.enforcingHosts).toHaveLength(1);
  });

  it('bears what is within the margins', () => {
    const one = new Fleet({ dropMargin: 0.01, delayMarginMs: 15 });
    one.reading = (_, enforces) =>
      enforces ? { ...fine, droppedBytes: 9_000, delayMs: 30 } : fine;
    one.canary.start();
    one.pass(dayMs + 5_000);
    expect(one.canary.stage).toBe(1);
  });

  it('holds the last stage against the rest of the one before', () => {
    const one = new Fleet();
    one.canary.start();
    one.pass(3 * (dayMs + 5_000));
    expect(one.canary.enforcingHosts).toHaveLength(20);
    one.reading = () => ({ ...fine, droppedBytes: 5_000 });
    one.pass(180_000);
    expect(one.canary.phase).toBe('rolled-back');
  });

  it('counts no time in which an enforcing host was silent', () => {
    const one = new Fleet();
    one.canary.start();
    one.reading = (_, enforces) => (enforces ? undefined : fine);
    one.pass(2 * dayMs);
    expect(one.canary.stage).toBe(0);
    expect(one.canary.reason).toMatch(/host-0 says nothing/);
  });

  it('counts no time in which nobody watched', () => {
    const one = new Fleet();
    one.canary.start();
    one.pass(10_000);
    const before = one.canary.soakRemainingMs;
    one.pass(dayMs, dayMs);
    expect(before - one.canary.soakRemainingMs).toBeLessThanOrEqual(5_000);
  });

  it('waits where nothing arrived: there is nothing to judge by', () => {
    const one = new Fleet();
    one.canary.start();
    one.reading = () => ({ arrivedBytes: 0, droppedBytes: 0 });
    one.pass(2 * dayMs);
    expect(one.canary.stage).toBe(0);
    expect(one.canary.reason).toMatch(/nothing has arrived/);
  });

  it('passes over stages that add no host', () => {
    const one = new Fleet({}, ['a', 'b']);
    one.canary.start();
    one.pass(dayMs + 5_000);
    expect(one.canary.enforcingHosts).toEqual(['a', 'b']);
    one.pass(dayMs + 5_000);
    expect(one.canary.phase).toBe('done');
  });

  it('goes on after a restart where it stood', () => {
    const one = new Fleet();
    one.canary.start();
    one.pass(dayMs + 5_000);
    one.pass(dayMs / 2);
    const record = JSON.parse(JSON.stringify(one.canary.record));
    const again = new Canary({}, fleet, record);
    expect(again.enforcingHosts).toEqual(one.canary.enforcingHosts);
    expect(again.soakRemainingMs).toBe(one.canary.soakRemainingMs);
    expect(again.enforcing.p99DelayMs).toBe(one.canary.enforcing.p99DelayMs);
    expect(again.record).toEqual(record);
  });

  it('never lets more hosts enforce than its stage, whatever is measured', () => {
    const reading = fc.record({
      arrivedBytes: fc.double(),
      droppedBytes: fc.double(),
      delayMs: fc.option(fc.double(), { nil: undefined }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(19), reading, fc.nat(100_000)), { maxLength: 50 }),
        (all) => {
          const canary = new Canary({ soakMs: 200_000 }, fleet);
          canary.start();
          let nowMs = 0;
          for (const [host, one, ms] of all) {
            nowMs += ms;
            canary.observe(fleet[host] ?? '', one, nowMs);
            canary.step(nowMs);
            const most = canary.phase === 'rolled-back' ? 0 : ([1, 2, 10, 20][canary.stage] ?? 0);
            expect(canary.enforcingHosts.length).toBeLessThanOrEqual(most);
            expect(canary.enforcing.dropShare).toBeLessThanOrEqual(1);
            expect(canary.rest.p99DelayMs).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
