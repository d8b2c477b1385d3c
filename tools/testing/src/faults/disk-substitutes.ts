import type { Substitute } from './planted-bugs.ts';

const disk = new URL('./mounted-disk.ts', import.meta.url).href;
const lock = new URL('./mounted-lock.ts', import.meta.url).href;
const directory = 'libs/service-kit/src/state-directory.ts';

/** The shipped state directory on the disk that is mounted, locked among virtual processes. */
export const diskSubstitutes: readonly Substitute[] = [
  { importer: directory, specifier: 'node:fs/promises', url: disk },
  { importer: directory, specifier: './state-lock.ts', url: lock },
  {
    importer: 'libs/service-kit/src/replace-durably.ts',
    specifier: 'node:fs/promises',
    url: disk,
  },
];
