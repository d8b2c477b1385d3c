import { describe, expect, it } from 'vitest';
import { parsePgbouncerSource } from './pgbouncer-source.ts';

describe('parsePgbouncerSource', () => {
  it.each([
    ['pgbouncer://ops@db1/app', { host: 'db1', port: 6432, user: 'ops', database: 'app' }],
    ['pgbouncer://ops@[::1]:7000/app', { host: '::1', port: 7000, user: 'ops', database: 'app' }],
    [
      'pgbouncer://a%40b@/my%20app?host=/run/pgbouncer&port=6433',
      { host: '/run/pgbouncer', port: 6433, user: 'a@b', database: 'my app' },
    ],
  ])('reads %s', (source, parts) => {
    expect(parsePgbouncerSource(source)).toEqual(parts);
  });

  it.each([
    ['postgres://ops@db1/app', 'no pgbouncer:// address'],
    ['nonsense', 'no pgbouncer:// address'],
    ['pgbouncer://db1/app', 'names no user'],
    ['pgbouncer://ops@db1', 'names no database'],
    ['pgbouncer://ops@db1/a/b', 'names no database'],
    ['pgbouncer://ops@db1/%ff', 'names no database'],
    ['pgbouncer://ops@db1/app?port=99999', 'port 99999 cannot be'],
  ])('refuses %s', (source, why) => {
    expect(() => parsePgbouncerSource(source)).toThrow(why);
  });

  it('does not repeat a password', () => {
    const read = () => parsePgbouncerSource('pgbouncer://ops:secret@db1/app');
    expect(read).toThrow('a password stands in it');
    expect(read).not.toThrow('secret');
  });
});
