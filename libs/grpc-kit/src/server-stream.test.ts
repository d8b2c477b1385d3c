import type { telemetry } from '@levitate/contracts';
import { describe, expect, it, vi } from 'vitest';
import { BoundedStream } from './bounded-stream.ts';
import { RpcError } from './rpc-error.ts';
import { rejectionOf, startPair } from './testdata/telemetry-server.ts';

describe('a server stream', () => {
  it('delivers messages in order and ends', async () => {
    await using pair = await startPair({
      streamSamples: async function* ({ links }) {
        for (const [index] of links.entries()) yield { lost: index };
      },
    });
    const lost: number[] = [];
    for await (const message of pair.client.streamSamples({ links: ['a', 'b', 'c'] })) {
      lost.push(message.lost);
    }
    expect(lost).toEqual([0, 1, 2]);
  });

  it('ends with the error its handler throws midway', async () => {
    await using pair = await startPair({
      streamSamples: async function* () {
        yield { lost: 1 };
        throw new RpcError({ code: 'DATA_LOSS', reason: 'TORN', message: 'torn' });
      },
    });
    const reader = pair.client.streamSamples({})[Symbol.asyncIterator]();
    expect((await reader.next()).value).toMatchObject({ lost: 1 });
    expect(await rejectionOf(reader.next())).toMatchObject({ code: 'DATA_LOSS', reason: 'TORN' });
  });

  it('refuses a faulty request before anything is sent', async () => {
    await using pair = await startPair({});
    expect(() => pair.client.streamSamples({ links: [''] })).toThrow(RpcError);
  });

  it('stops its handler when the reader leaves', async () => {
    let stopped = '';
    await using pair = await startPair({
      streamSamples: async function* (_, { signal }) {
        try {
          while (true) {
            yield { lost: 0 };
            await new Promise((resolve) => setImmediate(resolve));
          }
        } finally {
          stopped = signal.aborted ? 'aborted' : 'returned';
        }
      },
    });
    for await (const _ of pair.client.streamSamples({})) break;
    await vi.waitUntil(() => stopped !== '');
    expect(stopped).toBe('aborted');
  });

  it('is let go although its handler ignores that the reader left', async () => {
    await using pair = await startPair({
      streamSamples: async function* () {
        yield { lost: 0 };
        await new Promise(() => {});
      },
    });
    for await (const _ of pair.client.streamSamples({})) break;
    const before = performance.now();
    await pair.server.drain(60_000);
    expect(performance.now() - before).toBeLessThan(30_000);
  });

  it('costs a slow reader’s server bounded memory, and tells the reader what it lost', async () => {
    const capacity = 50;
    let source: BoundedStream<telemetry.SampleInit> | undefined;
    await using pair = await startPair({
      streamSamples: async function* (_, { signal }) {
        source = new BoundedStream({ capacity, signal });
        for await (const { items, lost } of source) yield { samples: items, lost };
      },
    });
    const reader = pair.client.streamSamples({})[Symbol.asyncIterator]();
    const first = reader.next();
    await vi.waitUntil(() => source !== undefined);
    // Names are long so that sockets and HTTP/2 windows are full after few thousand samples.
    const link = 'l'.repeat(128);
    const written = 40_000;
    let highest = 0;
    for (let sequence = 1; sequence <= written; sequence += 1) {
      source?.push({ link, sequence, timeUnixMs: sequence });
      highest = Math.max(highest, source?.size ?? 0);
      if (sequence % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    source?.end();
    let [read, lost, last] = [0, 0, 0];
    for (let next = await first; !next.done; next = await reader.next()) {
      lost += next.value.lost;
      read += next.value.samples.length;
      for (const { sequence = 0 } of next.value.samples) {
        expect(sequence).toBeGreaterThan(last);
        last = sequence;
      }
    }
    expect(highest).toBeLessThanOrEqual(capacity);
    expect(last).toBe(written);
    expect(read + lost).toBe(written);
    expect(lost).toBeGreaterThan(0);
  });
});
