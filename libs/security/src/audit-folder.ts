import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditSource } from './audit-files.ts';

/**
 * A chain in a folder that is only read: no lock is taken, so that it can be looked at while the
 * service that writes it runs. A look in the midst of a write may find the last line torn; a
 * second look does not.
 */
export function auditFolder(path: string): AuditSource {
  return {
    names: () => readdir(path),
    read: (name) =>
      readFile(join(path, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
  };
}
