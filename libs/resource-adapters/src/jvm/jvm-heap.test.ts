import { VirtualClock } from '@levitate/clock';
import { Controller, type ControllerEvent } from '@levitate/resource-sdk';
import { describe, expect, it } from 'vitest';
import type { Collector, HeapFlag, JvmAccess, JvmReading } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';
import { JvmHeap } from './jvm-heap.ts';

const mib = 2 ** 20;
const signal = new AbortController().signal;

describe('the heap of a JVM', () => {
  it('is measured by its ceiling, and by what its program needs', async () => {
    const jvm = new JvmInMemory('z');
    const heap = heapOf(jvm);
    jvm.seen.usedBytes = 60 * mib;
    await heap.measure(signal);
    jvm.seen.usedBytes = 40 * mib;
    const { size, need, instance } = await heap.measure(signal);
    expect({ size, instance }).toEqual({ size: 512 * mib, instance: '7@1' });
    // Live, and what ZGC keeps free of a heap of 512 MiB; nothing is allocated.
    expect(need).toBe(58 * mib);
    expect(heap.metrics()).toMatchObject({ usedBytes: 40 * mib, committedBytes: 64 * mib });
  });

  it.each(['z', 'shenandoah'] as const)('of %s has its ceiling set, and no ratio', async (kind) => {
    const jvm = new JvmInMemory(kind);
    await heapOf(jvm).apply(128 * mib, signal);
    expect(jvm.told).toEqual([['SoftMaxHeapSize', 128 * mib]]);
  });

  it.each(['g1', 'parallel', 'serial'] as const)(
    'of %s has ratios set by which it commits no more, never the least above the largest',
    async (kind) => {
      const jvm = new JvmInMemory(kind);
      const heap = heapOf(jvm);
      jvm.seen.usedBytes = 64 * mib;
      await heap.measure(signal);
      await heap.apply(256 * mib, signal);
      await heap.measure(signal);
      await heap.apply(96 * mib, signal);
      expect(jvm.told).toEqual([
        ['MaxHeapFreeRatio', 75],
        ['MinHeapFreeRatio', 65],
        ['SoftMaxHeapSize', 256 * mib],
        ['MinHeapFreeRatio', 23],
        ['MaxHeapFreeRatio', 33],
        ['SoftMaxHeapSize', 96 * mib],
      ]);
      expect((await heap.measure(signal)).size).toBe(96 * mib);
    },
  );

  it('is collected when its ceiling falls, where that is wanted', async () => {
    const jvm = new JvmInMemory('g1');
    const heap = heapOf(jvm, { collectOnShrink: true });
    await heap.apply(128 * mib, signal);
    await heap.measure(signal);
    await heap.apply(256 * mib, signal);
    expect(jvm.collections).toBe(1);
  });

  it('is never left without room above what is live', async () => {
    const jvm = new JvmInMemory('z');
    jvm.seen.usedBytes = 200 * mib;
    await expect(heapOf(jvm).apply(100 * mib, signal)).rejects.toMatchObject({
      code: 'below-live',
    });
    expect(jvm.told).toEqual([]);
  });

  it('gets all its flags back as they were', async () => {
    const jvm = new JvmInMemory('g1');
    const heap = heapOf(jvm);
    const before = { ...jvm.seen.flags };
    const original = { size: 512 * mib, snapshot: await heap.snapshot(signal) };
    await heap.apply(96 * mib, signal);
    // A later run of us knows only what was noted.
    await heapOf(jvm).restore(original, signal);
    expect(jvm.seen.flags).toEqual(before);
  });

  it.each([
    // The whole heap, as it comes up: that of the new one.
    [512, 1024, 1024],
    [512, 256, 256],
    // A ceiling of its own, where it fits.
    [300, 1024, 300],
    [300, 256, 256],
  ])('with a ceiling of %i MiB, restarted with %i MiB, has one of %i', async (was, now, then) => {
    const jvm = new JvmInMemory('z');
    jvm.seen.flags.SoftMaxHeapSize = was * mib;
    const heap = heapOf(jvm);
    const original = { size: was * mib, snapshot: await heap.snapshot(signal) };
    Object.assign(jvm.seen, { instance: '8@2', maxBytes: now * mib });
    jvm.seen.flags.SoftMaxHeapSize = 100 * mib;
    expect(await heap.restore(original, signal)).toBe(then * mib);
    expect(jvm.seen.flags.SoftMaxHeapSize).toBe(then * mib);
  });

  it('that had its size from ratios is back at it, as far as a new run has so much', async () => {
    const jvm = new JvmInMemory('g1');
    const heap = heapOf(jvm);
    const snapshot = await heap.snapshot(signal);
    expect(await heap.restore({ size: 200 * mib, snapshot }, signal)).toBe(200 * mib);
    Object.assign(jvm.seen, { instance: '8@2', maxBytes: 128 * mib });
    jvm.seen.flags.SoftMaxHeapSize = 128 * mib;
    expect(await heap.restore({ size: 200 * mib, snapshot }, signal)).toBe(128 * mib);
  });

  it.each([
    'no flags',
    '[]',
    '{"flags":{}}',
    '{"maxBytes":1,"flags":{"SoftMaxHeapSize":"all"}}',
    '{"maxBytes":1,"flags":{"MinHeapFreeRatio":-1}}',
  ])('is not restored from what nobody noted: %s', async (snapshot) => {
    const jvm = new JvmInMemory('z');
    const restored = heapOf(jvm).restore({ size: 512 * mib, snapshot }, signal);
    await expect(restored).rejects.toMatchObject({ code: 'garbage' });
    expect(jvm.told).toEqual([]);
  });

  it('is not measured where it was restarted with less than it is ruled by', async () => {
    const jvm = new JvmInMemory('z');
    jvm.seen.maxBytes = 256 * mib;
    await expect(heapOf(jvm).measure(signal)).rejects.toMatchObject({ code: 'beyond-maximum' });
  });

  it('cannot be ruled before JDK 13', async () => {
    const jvm = new JvmInMemory('g1');
    delete jvm.seen.flags.SoftMaxHeapSize;
    await expect(heapOf(jvm).measure(signal)).rejects.toMatchObject({ code: 'not-manageable' });
  });

  it.each([
    [{ min: 0, max: 10 * mib }],
    [{ min: 64 * mib, max: 32 * mib }],
    [{ min: 64 * mib, max: Number.NaN }],
  ])('has bounds that can be: not %j', (bounds) => {
    expect(() => new JvmHeap({ access: new JvmInMemory('z'), ...bounds })).toThrow(RangeError);
  });
});

describe('the heap of a JVM under a controller', () => {
  it('is sized by its need, and restored', async () => {
    const { jvm, play, controller } = ruled();
    await play(100);
    expect(jvm.seen.flags.SoftMaxHeapSize).toBeLessThan(100 * mib);
    await controller.stop();
    expect(jvm.seen.flags.SoftMaxHeapSize).toBe(512 * mib);
  });

  it('is given up where it ignores the command', async () => {
    const { jvm, play, events } = ruled();
    jvm.setFlag = async () => {};
    await play(200);
    expect(events).toContain('breaker-open');
  });

  it.each([
    ['no number', { usedBytes: Number.NaN }],
    ['a hundredfold', { usedBytes: 512 * mib * 200 }],
    ['below zero', { usedBytes: -1 }],
    ['the same as ever', { uptimeMs: 500 }],
  ])('is given up where it says %s', async (_, lie) => {
    const { jvm, play, events } = ruled();
    await play(5);
    Object.assign(jvm.seen, lie);
    await play(30);
    expect(events).toContain('breaker-open');
    expect(jvm.seen.flags.SoftMaxHeapSize).toBe(512 * mib);
  });

  it('is left alone where somebody has set its ceiling, or its ratios', async () => {
    const { jvm, play, reasons } = ruled('g1');
    await play(100);
    jvm.seen.flags.MaxHeapFreeRatio = 50;
    const told = jvm.told.length;
    await play(50);
    expect(jvm.told.length).toBe(told);
    expect(reasons.at(-1)).toContain('set-by-hand');
  });
});

function heapOf(jvm: JvmAccess, options: { collectOnShrink?: boolean } = {}): JvmHeap {
  return new JvmHeap({ access: jvm, min: 32 * mib, max: 512 * mib, ...options });
}

function ruled(collector: Collector = 'z') {
  const jvm = new JvmInMemory(collector);
  const clock = new VirtualClock();
  const events: string[] = [];
  const reasons: string[][] = [];
  const onEvent = (event: ControllerEvent) => {
    events.push(event.kind);
    if (event.kind === 'decision') reasons.push(event.decision.reasons);
  };
  const nowMs = () => clock.monotonicMs();
  const resource = new JvmHeap({ access: jvm, min: 32 * mib, max: 512 * mib, nowMs });
  const controller = new Controller({ resource, clock, onEvent });
  const play = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick++) {
      await controller.tick();
      clock.advance(100);
    }
  };
  return { jvm, play, controller, events, reasons };
}

/** A JVM with an idle program, which has the flags that it was told, as a real one checks them. */
class JvmInMemory implements JvmAccess {
  readonly seen: JvmReading;
  readonly told: [HeapFlag, number][] = [];
  collections = 0;

  constructor(collector: Collector) {
    this.seen = {
      instance: '7@1',
      collector,
      usedBytes: 30 * mib,
      committedBytes: 64 * mib,
      maxBytes: 512 * mib,
      flags: { SoftMaxHeapSize: 512 * mib, MinHeapFreeRatio: 40, MaxHeapFreeRatio: 70 },
      collections: 0,
      collectingMs: 0,
    };
  }

  async read(): Promise<JvmReading> {
    return { ...this.seen, flags: { ...this.seen.flags } };
  }

  async setFlag(flag: HeapFlag, value: number): Promise<void> {
    const { flags, maxBytes } = this.seen;
    const next = { ...flags, [flag]: value };
    const isOrdered = (next.MinHeapFreeRatio ?? 0) <= (next.MaxHeapFreeRatio ?? 100);
    if (!isOrdered || (next.SoftMaxHeapSize ?? 0) > maxBytes) {
      throw new JvmError('not-manageable', `${flag}: value violates its flag's constraint`);
    }
    this.told.push([flag, value]);
    flags[flag] = value;
  }

  async collect(): Promise<void> {
    this.collections++;
  }
}
