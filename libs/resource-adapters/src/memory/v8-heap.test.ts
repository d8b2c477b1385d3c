import { once } from 'node:events';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { collectV8, GcPressure } from './gc-pressure.ts';
import { V8Heap } from './v8-heap.ts';

const mib = 2 ** 20;
const signal = new AbortController().signal;
/** Holds as many mebibytes as it is told. */
const code = `
  const { parentPort } = require('node:worker_threads');
  const held = [];
  parentPort.on('message', (mebibytes) => {
    for (let n = 0; n < mebibytes; n++) held.push(Array.from({ length: 131072 }, () => n + 0.5));
    parentPort.postMessage('held');
  });`;

function heapOf(options: { size: number }) {
  const started: ResourceLimits[] = [];
  const heap = new V8Heap({
    start(resourceLimits) {
      started.push(resourceLimits);
      return new Worker(code, { eval: true, resourceLimits });
    },
    min: 8 * mib,
    max: 256 * mib,
    ...options,
  });
  return { heap, started };
}

describe('the heap of a worker', () => {
  it('is measured, and another worker has another limit', async () => {
    const { heap } = heapOf({ size: 64 * mib });
    try {
      heap.worker.postMessage(20);
      await once(heap.worker, 'message');
      const { size, need } = await heap.measure(signal);
      expect(size).toBe(64 * mib);
      expect(need).toBeGreaterThan(20 * mib);
      expect(heap.metrics().usedBytes).toBe(need);
      const before = heap.worker;
      const ended = once(before, 'exit');
      await heap.apply(100 * mib, signal);
      await ended;
      expect(heap.worker).not.toBe(before);
      expect((await heap.measure(signal)).size).toBe(100 * mib);
    } finally {
      await heap.stop();
    }
  });

  it('that runs out of memory is another worker, and more was needed', async () => {
    const { heap, started } = heapOf({ size: 16 * mib });
    try {
      await once(heap.worker, 'online');
      const ended = new Promise((resolve) => heap.worker.once('exit', resolve));
      heap.worker.postMessage(100);
      await ended;
      await once(heap.worker, 'online');
      expect(started.length).toBe(2);
      const { size, need, rejected } = await heap.measure(signal);
      expect({ size, need, rejected }).toEqual({
        size: 16 * mib,
        need: 256 * mib,
        rejected: 240 * mib,
      });
      expect((await heap.measure(signal)).rejected).toBe(0);
    } finally {
      await heap.stop();
    }
  });

  it('whose worker has ended is not measured', async () => {
    const { heap } = heapOf({ size: 16 * mib });
    await heap.stop();
    await expect(heap.measure(signal)).rejects.toMatchObject({ code: 'no-worker' });
  });

  it.each([{ size: 4 * mib }, { size: 512 * mib }, { size: Number.NaN }])(
    'has bounds that can be: not %j',
    (options) => {
      expect(() => heapOf(options)).toThrow(RangeError);
    },
  );
});

it('time in collections is a share of the time', async () => {
  const pressure = new GcPressure();
  try {
    for (let n = 0; n < 5; n++) collectV8();
    // Observers are told in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const share = pressure.take();
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1);
  } finally {
    pressure.stop();
  }
});
