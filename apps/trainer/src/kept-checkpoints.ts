import { existsSync, readdirSync } from 'node:fs';
import { relative } from 'node:path';

/** Endings of files that are being written; nothing goes on from them. */
const UNFINISHED = /\.(fresh|new)$/;

/**
 * What an interrupted training left, said so that nobody waits for what is not there.
 * @param folder of its checkpoints; need not exist
 * @returns one line
 */
export function keptCheckpoints(folder: string): string {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const kept = entries.flatMap((entry) =>
    entry.isFile() && !UNFINISHED.test(entry.name) ? [entry.name] : [],
  );
  if (kept.length === 0) {
    return 'interrupted before the first checkpoint: nothing is kept, the same command begins anew';
  }
  const near = relative(process.cwd(), folder);
  const where = near.startsWith('..') ? folder : near || '.';
  return `interrupted; kept in ${where}: ${kept.sort().join(', ')}; the same command goes on there`;
}
