import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@levitate/clock';
import { ModelError } from '@levitate/models';
import { expect, it, onTestFinished } from 'vitest';
import { writeTinyModel } from '../testing/tiny-model.ts';
import { ModelShelf } from './model-shelf.ts';

async function shelfOf({ refuses = () => false }: { refuses?: (version: string) => boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'levitate-shelf-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const lines: string[] = [];
  const tried: string[] = [];
  const log = (_: object, message: string) => lines.push(message);
  await writeTinyModel(folder, { name: 'one' });
  const shelf = new ModelShelf({
    folder,
    pollMs: 3_600_000,
    capabilities: ['bandwidth', 'liquid'],
    provers: new Map([
      [
        'bandwidth',
        async ({ id, manifest }) => {
          tried.push(id);
          if (!refuses(manifest.version)) return { backend: `tried ${id}` };
          throw new ModelError({ code: 'unsound', message: 'nonsense', nextStep: 'train it' });
        },
      ],
    ]),
    clock: new VirtualClock(),
    logger: { info: log, error: log } as never,
    signal: stopping.signal,
  });
  await shelf.start();
  return { shelf, folder, lines, tried };
}

it('tries every model before it serves, and keeps what the trial showed', async () => {
  const { shelf, tried, lines } = await shelfOf();
  const [file] = shelf.serving('bandwidth');
  expect(file && shelf.provenOf(file)).toEqual({ backend: 'tried one@1' });
  expect(tried).toEqual(['one@1']);
  expect(lines).toEqual(['model loaded']);
  expect(shelf.serving('liquid')).toEqual([]);
});

it('serves a newer state at once, and forgets the older one', async () => {
  const { shelf, folder } = await shelfOf();
  const [old] = shelf.serving('bandwidth');
  await writeTinyModel(folder, { name: 'one', version: '2', gain: 3 });
  await shelf.registry.refresh();
  const [file] = shelf.serving('bandwidth');
  expect(file?.id).toBe('one@2');
  expect(file && shelf.provenOf(file)?.backend).toBe('tried one@2');
  expect(old && shelf.provenOf(old)).toBeUndefined();
});

it('goes on with the state before where the newer one fails its trial, and says so', async () => {
  const { shelf, folder, lines } = await shelfOf({ refuses: (version) => version === '2' });
  await writeTinyModel(folder, { name: 'one', version: '2', gain: 3 });
  await shelf.registry.refresh();
  const [file] = shelf.serving('bandwidth');
  expect(file?.id).toBe('one@1');
  expect(file && shelf.provenOf(file)?.backend).toBe('tried one@1');
  expect(lines).toEqual(['model loaded', 'model refused']);
});

it('does not try a folder again that was only touched, and knows its model still', async () => {
  const { shelf, folder, tried } = await shelfOf();
  utimesSync(join(folder, 'one', 'manifest.json'), 1, 1);
  await shelf.registry.refresh();
  const [file] = shelf.serving('bandwidth');
  expect(file && shelf.provenOf(file)?.backend).toBe('tried one@1');
  expect(tried).toEqual(['one@1']);
});

it('serves nothing of a folder that is gone or was never sound', async () => {
  const { shelf, folder } = await shelfOf();
  await writeTinyModel(folder, { name: 'two' });
  writeFileSync(join(folder, 'two', 'manifest.json'), '{');
  rmSync(join(folder, 'one'), { recursive: true });
  await shelf.registry.refresh();
  expect(shelf.serving('bandwidth')).toEqual([]);
  expect(shelf.entries.map(({ name, file }) => [name, file])).toEqual([['two', undefined]]);
});
