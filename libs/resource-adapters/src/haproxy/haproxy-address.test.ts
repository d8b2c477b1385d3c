import { expect, it } from 'vitest';
import { readHaproxySource } from './haproxy-address.ts';

it.each([
  ['haproxy://127.0.0.1:9999/web', { host: '127.0.0.1', port: 9999 }, 'web'],
  ['haproxy://[::1]:9999/web_2', { host: '::1', port: 9999 }, 'web_2'],
  ['haproxy:///run/haproxy.sock?backend=web', { path: '/run/haproxy.sock' }, 'web'],
  ['haproxy:///run/a%20b.sock?backend=web.1', { path: '/run/a b.sock' }, 'web.1'],
])('reads %s', (source, address, backend) => {
  expect(readHaproxySource(source)).toEqual({ address, backend });
});

it.each([
  ['run/haproxy.sock', 'it is no URL'],
  ['http://127.0.0.1:1/b', 'its scheme is http:'],
  ['haproxy://127.0.0.1/b', 'it names no port'],
  ['haproxy://me:secret@127.0.0.1:1/b', 'it names a user'],
  ['haproxy:///?backend=b', 'it names no socket'],
  ['haproxy://127.0.0.1:1/', 'no name of a backend'],
  ['haproxy:///run/haproxy.sock?backend=a;b', 'no name of a backend'],
])('says what is wrong with %s', (source, why) => {
  expect(() => readHaproxySource(source)).toThrow(why);
});
