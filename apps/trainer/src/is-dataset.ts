import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a data folder is what `levitate dataset` writes. */
export function isDataset(folder: string): boolean {
  return existsSync(join(folder, 'dataset.json'));
}
