import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateDirectory } from './state-directory.ts';
import { StateDirectoryError } from './state-directory-error.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'levitate-state-')), 'telemetry');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const holder = fileURLToPath(new URL('./testdata/hold-state.ts', import.meta.url));

/** A process that holds the folder until it is killed. */
async function startHolder() {
  const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('StateDirectory', () => {
  it('gives back what was written, and nothing where nothing was', async () => {
    const state = await StateDirectory.open(folder);
    await state.writeDurably('originals.json', '{"a":1}');
    await state.writeDurably('originals.json', '{"a":2}');
    expect(String(await state.read('originals.json'))).toBe('{"a":2}');
    expect(await state.read('none.json')).toBeUndefined();
    expect(await state.names()).toEqual(['originals.json']);
    await state.remove('originals.json');
    await state.remove('originals.json');
    expect(await state.names()).toEqual([]);
    await state.close();
  });

  it('leaves the last of many writes of one file, and no half-written one', async () => {
    const state = await StateDirectory.open(folder);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => state.writeDurably('limit', String(index))),
    );
    expect(String(await state.read('limit'))).toBe('49');
    expect(readdirSync(folder).sort()).toEqual(['limit', 'lock']);
    await state.close();
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });

  it('keeps an old file when a crash left a half-written new one', async () => {
    const state = await StateDirectory.open(folder);
    await state.writeDurably('originals', 'old');
    writeFileSync(join(folder, 'originals.tmp'), 'ne');
    expect(String(await state.read('originals'))).toBe('old');
    expect(await state.names()).toEqual(['originals']);
    await state.close();
  });

  it('refuses a second holder and names the first', async () => {
    const child = await startHolder();
    const error = await StateDirectory.open(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateDirectoryError);
    expect(error).toMatchObject({ code: 'LOCKED' });
    expect((error as Error).message).toContain(`process ${child.pid}`);
    expect((error as Error).message).toContain('--state-directory');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('takes over from a holder that was killed', async () => {
    const child = await startHolder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(folder, 'lock'))).toBe(true);
    const state = await StateDirectory.open(folder);
    await state.close();
  });

  it('takes over when the dead holder’s number was given anew, or the lock is torn', async () => {
    const state = await StateDirectory.open(folder);
    const mine = JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'));
    await state.close();
    for (const lock of [JSON.stringify({ ...mine, started: '1' }), '{"pid":', '']) {
      writeFileSync(join(folder, 'lock'), lock);
      await (await StateDirectory.open(folder)).close();
    }
  });

  it('lets exactly one of many contenders have a stale lock', async () => {
    await (await StateDirectory.open(folder)).close();
    writeFileSync(join(folder, 'lock'), '{"pid":999999,"started":"1","boot":"x"}');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => StateDirectory.open(folder)),
    );
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('bounds a file that grows, and keeps the newest lines', async () => {
    const state = await StateDirectory.open(folder);
    for (let line = 0; line < 100; line += 1) {
      await state.appendLine('decisions.log', `line ${line}\nsame`, { bytesMax: 200, keep: 2 });
    }
    expect(await state.names()).toEqual(['decisions.log', 'decisions.log.1', 'decisions.log.2']);
    const kept = ['.2', '.1', ''].map((end) =>
      readFileSync(join(folder, `decisions.log${end}`), 'utf8'),
    );
    for (const text of kept) expect(text.length).toBeLessThanOrEqual(200);
    const lines = kept.join('').trimEnd().split('\n');
    expect(lines.at(-1)).toBe('line 99 same');
    expect(lines).toEqual(
      Array.from({ length: lines.length }, (_, index) => `line ${100 - lines.length + index} same`),
    );
    await state.close();
  });

  it('appends many lines at once as it does one by one', async () => {
    const state = await StateDirectory.open(folder);
    const lines = Array.from({ length: 40 }, (_, line) => `line ${'é'.repeat(line)}\n${line}`);
    const bounds = { bytesMax: 300, keep: 20 };
    for (const line of lines) await state.appendLine('one', line, bounds);
    await state.appendLines('all', lines.slice(0, 7), bounds);
    await state.appendLines('all', [], bounds);
    await state.appendLines('all', lines.slice(7), bounds);
    const names = await state.names();
    const ones = names.filter((name) => name.startsWith('one'));
    expect(ones.length).toBeGreaterThan(5);
    expect(names.filter((name) => name.startsWith('all'))).toHaveLength(ones.length);
    for (const name of ones) {
      const other = await state.read(name.replace('one', 'all'));
      expect(String(other)).toBe(String(await state.read(name)));
    }
    await state.close();
  });

  it('appends at a place, and drops what a failed append left behind it', async () => {
    const state = await StateDirectory.open(folder);
    await state.appendDurably('chain', Buffer.from('first\n'), 0);
    await state.appendDurably('chain', Buffer.from('second\nthi'), 6);
    await state.appendDurably('chain', Buffer.from('third\n'), 13);
    expect(String(await state.read('chain'))).toBe('first\nsecond\nthird\n');
    await state.close();
  });

  it('says what to do when the place is not a folder', async () => {
    const file = join(folder, '..', 'file');
    writeFileSync(file, '');
    const error = await StateDirectory.open(join(file, 'x')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'FAILED', message: expect.stringContaining('cannot use') });
  });

  it('takes names only, never paths', async () => {
    const state = await StateDirectory.open(folder);
    for (const name of ['../x', 'a/b', '', '.hidden', 'lock']) {
      await expect(state.writeDurably(name, 'x')).rejects.toThrow('not a state file name');
    }
    await state.close();
  });
});
