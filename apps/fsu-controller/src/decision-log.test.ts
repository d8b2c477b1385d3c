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

  it('tells that a decision could not be written and keeps it in memory', async () => {
    const failures: unknown[] = [];
    const full = {
      read: async () => undefined,
      appendLine: () => Promise.reject(new Error('full')),
    };
    const log = await open({ directory: full, onFailure: (error) => failures.push(error) });
    await write(log, 2);
    expect(failures).toHaveLength(2);
    expect(log.newestId).toBe(2);
  });
});
