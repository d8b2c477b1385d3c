/**
 * The part of `node:fs/promises` that a state directory uses, on the disk that is mounted: what
 * its module is given instead of Node's.
 */
import type { FaultyDisk, OpenFile } from './faulty-disk.ts';

export { constants } from 'node:fs/promises';

let disk: FaultyDisk | undefined;

/** Use this disk from now on. */
export function mount(mounted: FaultyDisk): void {
  disk = mounted;
}

export async function appendFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

export async function mkdir(): Promise<void> {}

export function open(path: string, flags: string): Promise<OpenFile> {
  return mounted().openFile(path, flags);
}

export function readdir(path: string): Promise<string[]> {
  return mounted().list(path);
}

export async function readFile(path: string): Promise<Buffer> {
  return Buffer.from(await mounted().readText(path));
}

export function rename(from: string, to: string): Promise<void> {
  return mounted().rename(from, to);
}

export async function stat(path: string): Promise<{ size: number }> {
  return { size: (await mounted().readText(path)).length };
}

export function unlink(path: string): Promise<void> {
  return mounted().unlink(path);
}

function mounted(): FaultyDisk {
  if (disk === undefined) throw new Error('no disk is mounted');
  return disk;
}
