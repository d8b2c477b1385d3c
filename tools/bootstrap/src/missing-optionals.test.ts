import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { missingOptionals } from './missing-optionals.mjs';

it('a package of another platform gets the version asked for and the platform of its name', () => {
  const lockfile = {
    packages: {
      'node_modules/biome': {
        version: '2.6.8',
        optionalDependencies: {
          '@biome/linux-x64': '2.6.8',
          '@biome/linux-arm64-musl': '2.6.8',
          '@biome/win32-x64-msvc': '2.6.8',
        },
      },
      'node_modules/@biome/linux-x64': { version: '2.6.8' },
    },
  };
  expect(missingOptionals(lockfile)).toEqual([
    {
      folder: 'node_modules/@biome/linux-arm64-musl',
      entry: { version: '2.6.8', cpu: ['arm64'], libc: ['musl'], optional: true, os: ['linux'] },
    },
    {
      folder: 'node_modules/@biome/win32-x64-msvc',
      entry: { version: '2.6.8', cpu: ['x64'], optional: true, os: ['win32'] },
    },
  ]);
});

it('an optional package in the node_modules of the one that asks is there', () => {
  const lockfile = {
    packages: {
      'apps/cli/node_modules/a': { version: '1.0.0', optionalDependencies: { b: '1.0.0' } },
      'apps/cli/node_modules/a/node_modules/b': { version: '1.0.0' },
    },
  };
  expect(missingOptionals(lockfile)).toEqual([]);
});

it('our own lockfile has an entry for every optional package, so that npm ci accepts it', () => {
  const path = new URL('../../../package-lock.json', import.meta.url);
  expect(missingOptionals(JSON.parse(readFileSync(path, 'utf8')))).toEqual([]);
});
