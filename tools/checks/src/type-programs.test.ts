import { expect, it } from 'vitest';
import { typePrograms } from './type-programs.ts';

const base = { extends: '../../tsconfig.base.json' };

it('rooms of equal settings are one program, whatever the order of the settings', () => {
  const dom = { lib: ['DOM'], allowJs: true };
  const programs = typePrograms([
    { folder: 'apps/page', config: { ...base, compilerOptions: dom, include: ['src'] } },
    { folder: 'libs/clock', config: { ...base, include: ['src'] } },
    {
      folder: 'apps/map',
      config: { ...base, compilerOptions: { allowJs: true, lib: ['DOM'] }, include: ['src'] },
    },
    { folder: 'libs/sdk', config: { ...base, compilerOptions: {}, include: ['src', 'packaging'] } },
    { folder: 'libs/series', config: { ...base, include: ['src'] } },
  ]);
  expect(programs).toEqual([
    {
      compilerOptions: {},
      folders: ['libs/clock', 'libs/sdk', 'libs/series'],
      include: ['libs/clock/src', 'libs/sdk/src', 'libs/sdk/packaging', 'libs/series/src'],
    },
    {
      compilerOptions: dom,
      folders: ['apps/page', 'apps/map'],
      include: ['apps/page/src', 'apps/map/src'],
    },
  ]);
});

it('a room that says what is not known here is refused by name', () => {
  const excluding = { ...base, include: ['src'], exclude: ['src/odd'] };
  expect(() => typePrograms([{ folder: 'libs/odd', config: excluding }])).toThrow(
    'libs/odd/tsconfig.json says exclude; use extends, compilerOptions, include',
  );
  expect(() => typePrograms([{ folder: 'libs/odd', config: base }])).toThrow('says no include');
});
