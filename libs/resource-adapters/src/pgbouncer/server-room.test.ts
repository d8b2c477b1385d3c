import { describe, expect, it } from 'vitest';
import type { DatabaseRow, PoolRow } from './console-rows.ts';
import { checkServerRoom, type SharedServer } from './server-room.ts';

function database(parts: Partial<DatabaseRow> = {}): DatabaseRow {
  const rest = { server: 'db:5432', poolSize: 10, connectionsMax: 0, isPaused: false };
  return { name: 'app', ...rest, ...parts };
}

function pool(name: string, servers: number): PoolRow {
  return { database: name, waiting: 0, inUse: 0, servers, idle: 0, clients: 0, oldestWaitS: 0 };
}

function shared(parts: Partial<SharedServer> = {}): SharedServer {
  return { database: 'app', max: 64, databases: [database()], pools: [pool('app', 5)], ...parts };
}

const room = { connectionsMax: 97, taken: 5 };

describe('checkServerRoom', () => {
  it('allows what the server leaves, and no more', () => {
    checkServerRoom(room, shared({ max: 97 }));
    expect(() => checkServerRoom(room, shared({ max: 98 }))).toThrow('lower max to 97');
    const code = expect.objectContaining({ code: 'server-limit' });
    expect(() => checkServerRoom(room, shared({ max: 98 }))).toThrow(code);
  });

  it('leaves out the connections of others', () => {
    const others = { connectionsMax: 97, taken: 45 };
    expect(() => checkServerRoom(others, shared())).toThrow('40 are of others');
    expect(() => checkServerRoom(others, shared())).toThrow('57 for each');
  });

  it('counts each user and each database that follows the default, and others as they are', () => {
    const databases = [
      database(),
      database({ name: 'second' }),
      database({ name: 'own', poolSize: 20 }),
      database({ name: 'elsewhere', server: 'db2:5432' }),
    ];
    const pools = [pool('app', 5), pool('app', 0), pool('own', 0), pool('elsewhere', 50)];
    checkServerRoom(room, shared({ databases, pools, max: 38 }));
    expect(() => checkServerRoom(room, shared({ databases, pools, max: 39 }))).toThrow('2 pool(s)');
  });

  it('knows the bound that PgBouncer has for the database itself', () => {
    const databases = [database({ connectionsMax: 30 })];
    checkServerRoom(room, shared({ databases, max: 30 }));
    expect(() => checkServerRoom(room, shared({ databases, max: 31 }))).toThrow(
      'at most 30 connections',
    );
  });
});
