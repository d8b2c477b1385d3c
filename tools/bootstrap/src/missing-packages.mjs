/**
 * @typedef {{ version?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   resolved?: string }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * What the lockfile names and the installed tree lacks. The tree is known by the lockfile that npm
 * itself leaves in `node_modules` at the end of an install, so that an install by hand counts and
 * one that was interrupted does not.
 *
 * Optional packages (those of other platforms) are not asked for: npm may rightly leave them out.
 *
 * @param {Lockfile} wanted `package-lock.json`.
 * @param {Lockfile | undefined} installed `node_modules/.package-lock.json`; `undefined`: none.
 * @returns {string[]} folders, `node_modules/zod`.
 */
export function missingPackages(wanted, installed) {
  const have = installed?.packages ?? {};
  return Object.entries(wanted.packages ?? {})
    .filter(([path, locked]) => path.includes('node_modules/') && !isOptional(locked))
    .filter(([path, locked]) => !isSame(locked, have[path]))
    .map(([path]) => path);
}

/** @param {LockedPackage} locked */
function isOptional(locked) {
  return locked.optional === true || locked.devOptional === true;
}

/**
 * @param {LockedPackage} wanted
 * @param {LockedPackage | undefined} installed
 */
function isSame(wanted, installed) {
  if (installed === undefined) return false;
  if (wanted.link === true)
    return installed.link === true && installed.resolved === wanted.resolved;
  return installed.version === wanted.version;
}
