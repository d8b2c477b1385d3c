import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Folders with nothing in them. git does not see those, so the disk is asked.
 *
 * @param root of the repository; what git ignores is left out.
 */
export function emptyFolders(root: string): string[] {
  const candidates = ['apps', 'libs', 'tools', 'proto', 'docs', '.ci'].flatMap((folder) =>
    emptyBelow(root, folder),
  );
  return candidates.filter((folder) => !isIgnored(root, folder));
}

function emptyBelow(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  if (entries.length === 0) return [folder];
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .flatMap((entry) => emptyBelow(root, `${folder}/${entry.name}`));
}

function isIgnored(root: string, folder: string): boolean {
  try {
    execFileSync('git', ['check-ignore', '-q', folder], { cwd: root });
    return true;
  } catch {
    return false;
  }
}
