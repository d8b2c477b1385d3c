import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that something needs, and the Debian package that brings it. */
export interface Program {
  readonly what: string;
  /** Any of them will do. */
  readonly names: readonly string[];
  readonly debian: string;
  /** Where it is besides the search path. */
  readonly folders?: readonly string[];
}

/** Debian keeps the programs of a PostgreSQL server off the search path, one folder a version. */
const postgresFolders = [14, 15, 16, 17, 18].map((each) => `/usr/lib/postgresql/${each}/bin`);

/** The systems that `levitate dev --resources` rules. */
export const resourcePrograms = {
  jdk: { what: 'javac', names: ['javac'], debian: 'default-jdk-headless' },
  haproxy: { what: 'haproxy', names: ['haproxy'], debian: 'haproxy' },
  pgbouncer: { what: 'pgbouncer', names: ['pgbouncer'], debian: 'pgbouncer' },
  postgres: {
    ...{ what: 'postgresql', names: ['initdb'], debian: 'postgresql' },
    folders: postgresFolders,
  },
} as const satisfies Record<string, Program>;

const systemFolders = ['/usr/bin', '/usr/sbin'];

/** @returns where a program is; undefined: it is not here */
export function findProgram({ names, folders = [] }: Program, path = ''): string | undefined {
  const all = [...path.split(delimiter), ...systemFolders, ...folders];
  return names
    .flatMap((name) => all.filter((each) => each !== '').map((folder) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
}
