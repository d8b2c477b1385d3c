import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { fsuController } from '@levitate/contracts';
import { StateDirectory } from '@levitate/service-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DecisionLog, type LoggedDecision } from './decision-log.ts';

let path = '';
let directory: StateDirectory;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'decision-log-'));
  directory = await StateDirectory.open(path);
});
afterEach(async () => {
  await directory.close();
  await rm(path, { recursive: true });
});

function entryOf(target: string): LoggedDecision {
  const decision = { id: 0, target, text: 'x'.repeat(100) } as fsuController.Decision;
  return { tick: { target, decision }, target: { name: target } };
}

const open = (over: Partial<Parameters<typeof DecisionLog.open>[0]> = {}) =>
  DecisionLog.open({
    directory,
    memoryMax: 10,
    fileBytesMax: 100_000,
    gatherMs: 0,
    onFailure: (error) => {
      throw error;
    },
    ...over,
  });

async function write(log: DecisionLog, count: number): Promise<void> {
  for (let written = 0; written < count; written += 1) {
    const entry = entryOf(written % 2 === 0 ? 'even' : 'odd');
    log.add(entry);
    await log.save(entry);
  }
}

describe('DecisionLog', () => {
  it('lists the newest first, of one target or of all', async () => {
    const log = await open();
    await write(log, 5);
    expect(log.list({ target: '', limit: 3 }).map(({ id }) => id)).toEqual([5, 4, 3]);
    expect(log.list({ target: 'odd', limit: 9 }).map(({ id }) => id)).toEqual([4, 2]);
  });

  it('keeps no more in memory than its bound', async () => {
    const log = await open();
    await write(log, 25);
    expect(log.list({ target: '', limit: 1_000 })).toHaveLength(10);
    expect([log.oldestId, log.newestId]).toEqual([16, 25]);
    expect(log.find(15)).toBeUndefined();
    expect(log.find(16)?.tick.decision.id).toBe(16);
  });

  it('goes on with its identifiers and its memory after a restart', async () => {
    await write(await open(), 12);
    const log = await open();
    expect([log.oldestId, log.newestId]).toEqual([3, 12]);
    await write(log, 1);
    expect(log.newestId).toBe(13);
  });

  it('keeps files within their bound and goes on across them', async () => {
    await write(await open({ fileBytesMax: 4_096 }), 100);
    const names = (await directory.names()).filter((name) => name.startsWith('decisions'));
    expect(names).toEqual(['decisions.jsonl', 'decisions.jsonl.1', 'decisions.jsonl.2']);
    for (const name of names) {
      expect((await readFile(join(path, name))).length).toBeLessThanOrEqual(4_096);
    }
    expect((await open({ fileBytesMax: 4_096 })).newestId).toBe(100);
  });

  it('skips damaged lines', async () => {
    await write(await open(), 2);
    await directory.appendLine('decisions.jsonl', '{"tick":{"deci');
    await directory.appendLine('decisions.jsonl', '{}');
    expect((await open()).newestId).toBe(2);
  });

  it('writes the decisions of a moment together, in their order', async () => {
    const writes: number[] = [];
    const counted = {
      read: (name: string) => directory.read(name),
      appendLines: (...call: Parameters<StateDirectory['appendLines']>) => {
        writes.push(call[1].length);
        return directory.appendLines(...call);
      },
    };
    const log = await open({ directory: counted });
    const entries = Array.from({ length: 9 }, () => entryOf('even'));
    for (const entry of entries) log.add(entry);
    await Promise.all(entries.map((entry) => log.save(entry)));
    expect(writes).toEqual([9]);
    const again = await open();
    expect(again.list({ target: '', limit: 9 })).toEqual(log.list({ target: '', limit: 9 }));
  });

  it('writes at its closing what it still gathers', async () => {
    const log = await open({ gatherMs: 3_600_000 });
    const entry = entryOf('even');
    log.add(entry);
    void log.save(entry);
    await log.close();
    const text = await readFile(join(path, 'decisions.jsonl'), 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  it('lets no more wait for the file than its bound', async () => {
    const lost: number[] = [];
    const log = await open({ gatherMs: 3_600_000, onFailure: (_, count) => lost.push(count) });
    for (let saved = 0; saved < 12; saved += 1) void log.save(entryOf('even'));
    await log.close();
    expect(lost).toEqual([1, 1]);
    const text = await readFile(join(path, 'decisions.jsonl'), 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(10);
  });

  it('tells that a decision could not be written and keeps it in memory', async () => {
    const failures: number[] = [];
    const full = {
      read: async () => undefined,
      appendLines: () => Promise.reject(new Error('full')),
    };
    const log = await open({ directory: full, onFailure: (_, count) => failures.push(count) });
    await write(log, 2);
    expect(failures).toEqual([1, 1]);
    expect(log.newestId).toBe(2);
  });
});
