import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Check } from './check.ts';
import { commandCheck } from './command-check.ts';
import { type RoomTypes, type TypeProgram, typePrograms } from './type-programs.ts';

/**
 * The types of every room, a check for each program of the compiler. What it learnt is kept
 * beside its settings, so that a second run looks at what changed.
 */
export function typeChecks(where: {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}): Check[] {
  const { root } = where;
  return typePrograms(roomsIn(root)).map((program, index) => {
    const name = `tsc (types of ${roomNames(program)})`;
    const args = ['-p', writtenConfig(program, { root, name: `types-${index}` })];
    return commandCheck({ name, command: 'tsc', args, ...where });
  });
}

function roomsIn(root: string): RoomTypes[] {
  return ['apps', 'libs', 'tools']
    .flatMap((layer) => readdirSync(join(root, layer)).map((name) => `${layer}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'tsconfig.json')))
    .map((folder) => ({
      folder,
      config: JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8')),
    }));
}

function roomNames({ folders }: TypeProgram): string {
  return folders.length > 3
    ? `${folders.length} rooms`
    : folders.map((f) => basename(f)).join(', ');
}

/** @returns the path of a configuration of the compiler that reads these rooms. */
function writtenConfig(
  { compilerOptions, include }: TypeProgram,
  { root, name }: { root: string; name: string },
): string {
  const folder = join(root, 'node_modules/.cache/levitate');
  const path = join(folder, `${name}.json`);
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      ...compilerOptions,
      incremental: true,
      tsBuildInfoFile: join(folder, `${name}.tsbuildinfo`),
    },
    include: include.map((each) => join(root, each)),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, JSON.stringify(config));
  return path;
}
