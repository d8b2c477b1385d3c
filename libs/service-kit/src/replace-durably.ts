import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file as a whole: after the promise resolves the new bytes survive a power cut, and at
 * no time is there anything but the old or the new file. One writer of a file at a time: what is
 * half written stands beside it as `.tmp`.
 * @throws Node's error
 */
export async function replaceDurably(file: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

/** What was renamed or deleted in a folder stays so through a power cut. @throws Node's error */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
