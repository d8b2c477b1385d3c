import { describe, expect, it } from 'vitest';
import { sourceAddress, sourceFault } from './source-address.ts';

describe('sourceAddress', () => {
  it.each([
    [
      'haproxy://127.0.0.1:9999/web',
      {
        kind: 'haproxy',
        perWeight: 1,
        address: { host: '127.0.0.1', port: 9999 },
        backend: 'web',
      },
    ],
    [
      'haproxy:///run/haproxy/admin.sock?backend=web&per_weight=2',
      {
        kind: 'haproxy',
        perWeight: 2,
        address: { path: '/run/haproxy/admin.sock' },
        backend: 'web',
      },
    ],
    [
      'pgbouncer://ops@db1/shop',
      { kind: 'pgbouncer', host: 'db1', port: 6432, user: 'ops', database: 'shop' },
    ],
    ['jmx://app1:8778', { kind: 'jmx', url: 'http://app1:8778/jolokia', user: undefined }],
    ['jmx://ops@app1/j', { kind: 'jmx', url: 'http://app1:8778/j', user: 'ops' }],
    ['agent://h1:7414/heap', { kind: 'resource', address: 'h1:7414', name: 'heap' }],
    ['resource://[::1]:9/a%20b', { kind: 'resource', address: '[::1]:9', name: 'a b' }],
    [
      'prometheus://p?size=pool_size&need=sum(busy)%2Bsum(waiting)',
      {
        kind: 'prometheus',
        url: 'http://p:9090',
        queries: {
          size: 'pool_size',
          need: 'sum(busy)+sum(waiting)',
          rejected: undefined,
          delayS: undefined,
        },
      },
    ],
  ])('reads %s', (source, expected) => {
    expect(sourceAddress(source)).toEqual(expected);
  });

  it.each([
    ['nonsense', /it is no address; sources are haproxy/],
    ['ftp://a/b', /ftp:\/\/ is no source/],
    ['haproxy://h/web', /no port/],
    ['haproxy://h:1/web?per_weight=no', /per_weight/],
    ['pgbouncer://u:secret@h/db', /password file/],
    ['jmx://u:secret@h', /password_file/],
    ['resource://h/a', /no port/],
    ['resource://h:1/a/b', /names no resource/],
    ['prometheus://p?size=x', /needs the queries/],
  ])('says what is wrong with %s', (source, why) => {
    expect(sourceFault(source, 'observe')).toMatch(why);
    expect(sourceFault(source, 'observe')).not.toContain('secret');
  });

  it('enforces nothing where it can only measure', () => {
    const source = 'prometheus://p?size=a&need=b';
    expect(sourceFault(source, 'recommend')).toBeUndefined();
    expect(sourceFault(source, 'enforce')).toMatch(/measures only/);
  });
});
