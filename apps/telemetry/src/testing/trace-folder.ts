import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterTest } from './start-for-test.ts';

/** A folder with these files, by their paths in it, until the test is over. @returns its path */
export function traceFolder(files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(join(tmpdir(), 'levitate-traces-'));
  afterTest(() => rmSync(directory, { recursive: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}
