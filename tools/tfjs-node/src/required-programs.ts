import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TfjsNodeError } from './tfjs-node-error.ts';

/** Programs of the build, each with the Debian package that has it. */
export const requiredPrograms: readonly { readonly name: string; readonly debian: string }[] = [
  { name: 'npm', debian: 'npm' },
  { name: 'java', debian: 'default-jre-headless' },
  { name: 'mvn', debian: 'maven' },
  { name: 'unzip', debian: 'unzip' },
  { name: 'g++', debian: 'g++' },
];

/** What the build looks at before it starts; a test hands in its own. */
export interface Surroundings {
  readonly path: string | undefined;
  readonly target: string;
  readonly exists: (file: string) => boolean;
}

/** This machine. */
export function surroundings(): Surroundings {
  const target = `${process.platform}-${process.arch}`;
  return { path: process.env.PATH, target, exists: existsSync };
}

/**
 * Names everything that is missing at once, so that one `apt-get` is enough.
 *
 * @throws {TfjsNodeError} `PLATFORM` beside Linux on x64, `PROGRAM_MISSING` with the list.
 */
export function requirePrograms({ path, target, exists }: Surroundings): void {
  if (target !== 'linux-x64') {
    throw new TfjsNodeError({
      code: 'PLATFORM',
      what: `no tfjs-node for ${target}`,
      why: 'the library is taken from a jar for Linux on x64',
      next: 'nothing: where tfjs-node is not there, plain tfjs does the same, slower',
    });
  }
  const folders = (path ?? '').split(delimiter).filter((each) => each !== '');
  const missing = requiredPrograms.filter(
    ({ name }) => !folders.some((folder) => exists(join(folder, name))),
  );
  if (missing.length === 0) return;
  throw new TfjsNodeError({
    code: 'PROGRAM_MISSING',
    what: `${missing.map(({ name }) => name).join(', ')} not found on the search path`,
    why: 'the build fetches a jar with Maven (Java), unpacks it and compiles one file in C++',
    next: `on Debian: apt-get install ${missing.map(({ debian }) => debian).join(' ')}`,
  });
}
