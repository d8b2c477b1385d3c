import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditLog, type AuditLogOptions } from './audit-log.ts';
import { MemoryDirectory, resizeEntry } from './testing/memory-directory.ts';
import { verifyAudit } from './verify-audit.ts';

const failures: unknown[] = [];
afterEach(() => failures.splice(0));

function opened(memory: MemoryDirectory, options: Partial<AuditLogOptions> = {}) {
  return AuditLog.open({
    ...{ directory: memory.directory, nowUnixMs: 7, gatherMs: 0 },
    onFailure: (error) => failures.push(error),
    ...options,
  });
}

async function appended(log: AuditLog, from: number, to: number): Promise<void> {
  const all = Array.from({ length: to - from }, (_, at) => log.append(resizeEntry(from + at)));
  expect(await Promise.all(all)).toEqual(all.map(() => 'written'));
}

describe('AuditLog', () => {
  it('goes on with the chain where the run before ended', async () => {
    const memory = new MemoryDirectory();
    for (const start of [0, 10, 20]) {
      const log = await opened(memory);
      expect(log.found).toMatchObject({ isSound: true, records: start });
      await appended(log, start, start + 10);
      await log.close();
    }
    expect(await verifyAudit(memory.directory)).toMatchObject({ isSound: true, records: 30 });
  });

  it('gives back the newest records, newest first, of one target too, over files', async () => {
    const memory = new MemoryDirectory();
    const log = await opened(memory, { segmentBytesMax: 2_000 });
    for (let index = 0; index < 20; index += 1) await log.append(resizeEntry(index));
    expect(memory.segments.length).toBeGreaterThan(3);
    const numbers = async (options: { limit: number; target?: string }) =>
      (await log.newest(options)).map(({ sequence }) => sequence);
    expect(await numbers({ limit: 3 })).toEqual([20, 19, 18]);
    expect(await numbers({ limit: 3, target: 'link-0' })).toEqual([19, 16, 13]);
    expect(await numbers({ limit: 100 })).toHaveLength(20);
    expect(await numbers({ limit: 5, target: 'nothing' })).toEqual([]);
  });

  it('keeps as many files as it is told, and their chain still holds', async () => {
    const memory = new MemoryDirectory();
    const bounds = { segmentBytesMax: 3_000, segmentsMax: 3 };
    const log = await opened(memory, bounds);
    for (let index = 0; index < 100; index += 1) await log.append(resizeEntry(index));
    expect(memory.segments).toHaveLength(3);
    for (const name of memory.segments) {
      expect(memory.files.get(name)?.length).toBeLessThanOrEqual(3_000);
    }
    const { isSound, anchor, records } = await log.verify();
    expect([isSound, anchor.sequence + records]).toEqual([true, 100]);
    expect((await opened(memory, bounds)).found.isSound).toBe(true);
  });

  it('takes a file that was given up and not yet deleted for gone', async () => {
    const memory = new MemoryDirectory();
    const bounds = { segmentBytesMax: 2_000, segmentsMax: 2 };
    const log = await opened(memory, bounds);
    const before: MemoryDirectory[] = [];
    for (let index = 0; index < 30; index += 1) {
      before.push(memory.copy());
      await log.append(resizeEntry(index));
    }
    const [gone = ''] = memory.copy().segments;
    const sequence = Number(/\d+/.exec(gone));
    const old = before.findLast((copy) => copy.segments[0] !== gone) as MemoryDirectory;
    const [name = ''] = old.segments;
    memory.files.set(name, old.files.get(name) as Buffer);
    const { isSound, anchor } = await verifyAudit(memory.directory);
    expect([isSound, anchor.sequence]).toEqual([true, sequence - 1]);
    const again = await opened(memory, bounds);
    for (let index = 30; index < 40; index += 1) await again.append(resizeEntry(index));
    expect(memory.segments).not.toContain(name);
  });

  it('sets a torn line aside, wherever the crash tore it, and says so in the chain', async () => {
    const tear = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.nat(1_500));
    await fc.assert(
      fc.asyncProperty(tear, async ([sound, bytes]) => {
        const memory = new MemoryDirectory();
        const log = await opened(memory);
        await appended(log, 0, sound);
        memory.tearAfterBytes = bytes;
        for (const index of [1, 2, 3]) void log.append(resizeEntry(sound + index));
        await log.append(resizeEntry(sound));
        // The process is gone: what it held in memory is too.
        const left = String(memory.files.get(memory.segments.at(-1) ?? '') ?? '');
        const torn = left.slice(left.lastIndexOf('\n') + 1);
        const kinds = (await verifyAudit(memory.directory)).faults.map(({ kind }) => kind);
        expect(kinds).toEqual(torn === '' ? [] : ['torn']);
        const again = await opened(memory.copy());
        expect(again.found.isSound).toBe(true);
        expect(String(again.found.torn ?? '')).toBe(torn);
        await appended(again, 30, 33);
        const verdict = await again.verify();
        expect(verdict).toMatchObject({ isSound: true });
        const [set] = (await again.newest({ limit: 4 })).slice(3);
        if (torn === '') return;
        expect(set).toMatchObject({ action: 'torn-line-set-aside', before: torn.length });
        await again.close();
        await log.close();
      }),
      { numRuns: 60 },
    );
  });

  it('shows a tail that was cut off for good, though it goes on behind the gap', async () => {
    const memory = new MemoryDirectory();
    await appended(await opened(memory), 0, 10);
    const [name = ''] = memory.segments;
    const text = memory.lines.slice(0, 6).join('\n');
    memory.files.set(name, Buffer.from(`${text}\n`));
    const log = await opened(memory);
    expect(log.found.faults).toMatchObject([{ kind: 'truncated', sequence: 7 }]);
    await appended(log, 10, 12);
    const { faults, last } = await log.verify();
    expect(faults).toMatchObject([{ kind: 'missing', sequence: 7 }]);
    expect(last.sequence).toBe(13);
    const [, , found] = await log.newest({ limit: 3 });
    expect(found).toMatchObject({ action: 'faults-found', sequence: 11 });
    expect(found?.cause).toMatch(/records 7 to 10 are gone from the end/);
  });

  it('goes on behind any damage, and never writes over what is there', async () => {
    const memory = new MemoryDirectory();
    const log = await opened(memory, { segmentBytesMax: 1_500 });
    for (let index = 0; index < 12; index += 1) await log.append(resizeEntry(index));
    const names = [...memory.files.keys()];
    const damage = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(damage, fc.boolean(), async (damaged, isGone) => {
        const copy = memory.copy();
        for (const name of damaged) {
          if (isGone) copy.files.delete(name);
          else copy.files.set(name, Buffer.from('damage\n'));
        }
        const before = copy.copy();
        const again = await opened(copy, { segmentBytesMax: 1_500 });
        await appended(again, 20, 30);
        for (const [name, bytes] of before.files) {
          if (!name.endsWith('.jsonl')) continue;
          expect(copy.files.get(name)?.subarray(0, bytes.length).equals(bytes)).toBe(true);
        }
        const newest = await again.newest({ limit: 10 });
        expect(newest.map(({ after }) => Number(after) - 1_048_576)).toEqual(
          Array.from({ length: 10 }, (_, at) => 29 - at),
        );
      }),
    );
  });
});

describe('AuditLog on a disk that takes nothing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('keeps entries, tries again, and loses none', async () => {
    const memory = new MemoryDirectory();
    const onRecovered = vi.fn();
    const log = await opened(memory, { retryMs: 5_000, onRecovered });
    await appended(log, 0, 2);
    memory.failure = new Error('ENOSPC');
    expect(await log.append(resizeEntry(2))).toBe('waiting');
    expect(await log.append(resizeEntry(3))).toBe('waiting');
    expect([log.isWritable, log.waiting, failures.length]).toEqual([false, 2, 1]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(failures).toHaveLength(2);
    memory.failure = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    expect([log.isWritable, log.waiting]).toEqual([true, 0]);
    expect(onRecovered).toHaveBeenCalledTimes(1);
    expect(await log.verify()).toMatchObject({ isSound: true, records: 4 });
  });

  it('writes no line twice where an append failed halfway', async () => {
    const memory = new MemoryDirectory();
    const log = await opened(memory);
    await appended(log, 0, 2);
    memory.tearAfterBytes = 600;
    expect(await log.append(resizeEntry(2))).toBe('waiting');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await log.verify()).toMatchObject({ isSound: true, records: 3 });
  });

  it('says in the chain how many entries found no room', async () => {
    const memory = new MemoryDirectory();
    const log = await opened(memory, { waitingMax: 3 });
    memory.failure = new Error('ENOSPC');
    const outcomes: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      outcomes.push(await log.append(resizeEntry(index)));
    }
    expect(outcomes).toEqual([...Array(3).fill('waiting'), ...Array(5).fill('lost')]);
    memory.failure = undefined;
    await vi.advanceTimersByTimeAsync(5_000);
    await appended(log, 8, 9);
    const records = await log.newest({ limit: 10 });
    expect(records.map(({ action }) => action).reverse()).toEqual([
      ...Array(3).fill('resize'),
      ...['entries-lost', 'resize'],
    ]);
    expect(records[1]).toMatchObject({ before: 5, outcome: 'lost' });
  });

  it('writes what waits when it is closed, and counts what was lost till then', async () => {
    const memory = new MemoryDirectory();
    const log = await opened(memory, { gatherMs: 100 });
    void log.append(resizeEntry(0));
    const closing = log.close();
    await vi.advanceTimersByTimeAsync(100);
    await closing;
    expect(await log.verify()).toMatchObject({ isSound: true, records: 1 });
  });

  it('gathers entries for one write', async () => {
    const memory = new MemoryDirectory();
    const appends = vi.spyOn(memory.directory, 'appendDurably');
    const log = await opened(memory, { gatherMs: 100 });
    for (let index = 0; index < 50; index += 1) {
      void log.append(resizeEntry(index));
      await vi.advanceTimersByTimeAsync(2);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(log.waiting).toBe(0);
    expect(appends).toHaveBeenCalledTimes(1);
  });
});
