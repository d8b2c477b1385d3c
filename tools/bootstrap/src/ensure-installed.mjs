import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withInstallLock } from './install-lock.mjs';
import { installPackages } from './install-packages.mjs';
import { missingPackages } from './missing-packages.mjs';

/**
 * Makes `node_modules` what the lockfile says, and says what it does meanwhile. Does nothing, in a
 * few milliseconds, when it already is.
 *
 * @param {{ root: string, say: (line: string) => void }} options
 * @throws {import('./bootstrap-error.mjs').BootstrapError} no network, read-only folder and such.
 */
export async function ensureInstalled({ root, say }) {
  if (missing(root).length === 0) return;
  await withInstallLock({ root, say }, async () => {
    // Another command may have installed them while this one waited for the lock.
    const lacking = missing(root);
    if (lacking.length === 0) return;
    say(`${lacking.length} npm packages are not installed yet; installing them (npm ci)`);
    await installPackages({
      root,
      say,
      progress: () => `${countThere(root, lacking)} of ${lacking.length} packages`,
    });
  });
}

/** @param {string} root */
function missing(root) {
  const wanted = readLockfile(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new Error(`${root} has no readable package-lock.json`);
  return missingPackages(wanted, readLockfile(join(root, 'node_modules', '.package-lock.json')));
}

/**
 * @param {string} path
 * @returns {import('./missing-packages.mjs').Lockfile | undefined}
 */
function readLockfile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {string[]} folders
 */
function countThere(root, folders) {
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).length;
}
