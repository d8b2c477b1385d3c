import { expect, it } from 'vitest';
import { requiredPrograms, requirePrograms } from './required-programs.ts';

const everything = { path: '/bin', target: 'linux-x64', exists: () => true };

it('is content where every program is on the search path', () => {
  expect(() => requirePrograms(everything)).not.toThrow();
});

it('names all that is missing, and one command that brings it', () => {
  const exists = (file: string) => !/\/(mvn|g\+\+)$/.test(file);
  expect(() => requirePrograms({ ...everything, exists })).toThrow(
    expect.objectContaining({
      code: 'PROGRAM_MISSING',
      message: 'mvn, g++ not found on the search path',
      next: 'on Debian: apt-get install maven g++',
    }),
  );
});

it('asks for all of them where there is no search path', () => {
  const names = requiredPrograms.map(({ name }) => name).join(', ');
  const empty = { ...everything, path: undefined };
  expect(() => requirePrograms(empty)).toThrow(`${names} not found on the search path`);
});

it('says that another platform needs nothing', () => {
  const mac = { ...everything, target: 'darwin-arm64' };
  expect(() => requirePrograms(mac)).toThrow(expect.objectContaining({ code: 'PLATFORM' }));
});
