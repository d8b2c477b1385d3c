import { describe, expect, it } from 'vitest';
import {
  clientsOf,
  databasesOf,
  numberSetting,
  poolsOf,
  settingsOf,
  totalsOf,
} from './console-rows.ts';

/** As PgBouncer 1.18 sends them. */
const poolRow = {
  database: 'app',
  user: 'postgres',
  cl_active: '40',
  cl_waiting: '2',
  cl_active_cancel_req: '0',
  sv_active: '5',
  sv_idle: '1',
  sv_used: '2',
  sv_tested: '0',
  sv_login: '1',
  maxwait: '1',
  maxwait_us: '257338',
  pool_mode: 'transaction',
};

describe('console rows', () => {
  it('tells connections in use from clients that only rest', () => {
    expect(poolsOf([poolRow])).toEqual([
      {
        database: 'app',
        waiting: 2,
        inUse: 5,
        servers: 9,
        idle: 3,
        clients: 40,
        oldestWaitS: 1.257338,
      },
    ]);
  });

  it('reads databases, paused and disabled ones among them', () => {
    const row = {
      name: 'app',
      host: '/run/postgresql',
      port: '5432',
      pool_size: '7',
      max_connections: '0',
      paused: '0',
      disabled: '1',
    };
    const server = '/run/postgresql:5432';
    const read = { name: 'app', server, poolSize: 7, connectionsMax: 0, isPaused: true };
    expect(databasesOf([row])).toEqual([read]);
    expect(databasesOf([{ ...row, host: null }])[0]?.server).toBe('local:5432');
  });

  it('reads totals, clients and settings', () => {
    expect(totalsOf([{ database: 'app', xact_count: '9', wait_time: '1500000' }])).toEqual([
      { database: 'app', transactions: 9, waitUs: 1_500_000 },
    ]);
    const client = { database: 'app', state: 'waiting', wait: '0', wait_us: '5', ptr: '0x1' };
    expect(clientsOf([{ ...client, connect_time: 'now', addr: 'unix', port: '1' }])).toEqual([
      { id: '0x1 now unix 1', database: 'app', isWaiting: true, waitS: 5e-6 },
    ]);
    const settings = settingsOf([{ key: 'query_wait_timeout', value: '0.5' }]);
    expect(numberSetting(settings, 'query_wait_timeout')).toBe(0.5);
  });

  it.each([
    ['a count that is none', { ...poolRow, cl_waiting: 'NaN' }, 'cl_waiting is "NaN"'],
    ['a count below zero', { ...poolRow, sv_active: '-1' }, 'sv_active is "-1"'],
    ['a count beyond all counts', { ...poolRow, sv_idle: '9'.repeat(400) }, 'sv_idle is "9999'],
    ['null', { ...poolRow, maxwait: null }, 'no column maxwait'],
    ['a row of something else', { message: 'hello' }, 'no column database'],
  ])('refuses %s', (_, row, why) => {
    expect(() => poolsOf([row])).toThrow(why);
    expect(() => poolsOf([row])).toThrow(expect.objectContaining({ code: 'bad-answer' }));
  });

  it('refuses a setting that is missing or no number', () => {
    const settings = settingsOf([{ key: 'query_wait_timeout', value: 'soon' }]);
    expect(() => numberSetting(settings, 'query_wait_timeout')).toThrow('is "soon"');
    expect(() => numberSetting(settings, 'default_pool_size')).toThrow('is missing');
  });
});
