// Run after `npm install` of a new dependency: node tools/bootstrap/src/complete-lockfile.mjs
//
// A package with a binary names one optional package per platform. Where a registry mirror lacks
// those of other platforms, npm leaves them out of the lockfile, and then `npm ci` refuses that
// lockfile everywhere ("Missing ... from lock file"). This adds them: version from the package that
// asks for them, platform from their own name. They have no integrity hash, as npm could not see
// them; on their platform npm fetches exactly that version.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { missingOptionals } from './missing-optionals.mjs';

const path = fileURLToPath(new URL('../../../package-lock.json', import.meta.url));
const lockfile = JSON.parse(readFileSync(path, 'utf8'));
const missing = missingOptionals(lockfile);
for (const { folder, entry } of missing) lockfile.packages[folder] = entry;
const folders = Object.keys(lockfile.packages).sort((a, b) => a.localeCompare(b, 'en'));
lockfile.packages = Object.fromEntries(folders.map((each) => [each, lockfile.packages[each]]));
if (missing.length > 0) writeFileSync(path, `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} packages of other platforms added`);
