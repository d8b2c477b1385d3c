import { VirtualClock } from '@levitate/clock';
import { Controller } from '@levitate/resource-sdk';
import { realPgbouncer } from '@levitate/testing';
import { Pool, type PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PostgresLab } from '../pgbouncer/lab/index.ts';
import { PgPoolResource } from './pg-pool-resource.ts';

realPgbouncer.describe('PgPoolResource on a real PostgreSQL', () => {
  let postgres: PostgresLab;
  const undo: (() => unknown)[] = [];
  beforeAll(async () => {
    postgres = await PostgresLab.start({ connectionsMax: 20 });
  });
  afterEach(async () => {
    for (const each of undo.splice(0).reverse()) await each();
  });
  afterAll(() => postgres?.close());

  function opened(max: number, limits: { max?: number } = {}) {
    const at = { host: '127.0.0.1', port: postgres.port, user: 'postgres', ssl: false };
    const pool = new Pool({ ...at, password: () => '', database: 'postgres', max });
    pool.on('error', () => {});
    const resource = new PgPoolResource({ pool, min: 1, max: 12, ...limits });
    undo.push(async () => {
      resource.close();
      await pool.end();
    });
    return { pool, resource };
  }

  /** So many clients that each want a connection and keep it until they are released. */
  function take(pool: Pool, count: number) {
    const held: PoolClient[] = [];
    let isOver = false;
    const taken = Array.from({ length: count }, async () => {
      const client = await pool.connect();
      if (isOver) client.release();
      else held.push(client);
    });
    const release = (first: number) => {
      for (const client of held.splice(0, first)) client.release();
    };
    undo.push(async () => {
      isOver = true;
      release(count);
      await Promise.allSettled(taken);
    });
    return { held, release, all: Promise.all(taken) };
  }

  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('measures what is in use and waits, and serves who waits when it grows', async () => {
    const { pool, resource } = opened(2);
    const { held, release, all } = take(pool, 5);
    await until(() => held.length === 2);
    const measured = resource.measure();
    expect(measured).toMatchObject({ size: 2, need: 5 });
    expect(measured.delayS).toBeGreaterThan(0);
    resource.apply(6);
    await all;
    expect(resource.measure()).toMatchObject({ size: 6, need: 5, delayS: 0 });
    expect(resource.metrics()).toMatchObject({ inUse: 5, waiting: 0, connectFailuresTotal: 0 });
    release(5);
    expect(resource.measure().need).toBe(5);
    expect(resource.measure().need).toBe(0);
  });

  it('closes idle connections when it shrinks, and busy ones once they are released', async () => {
    const { pool, resource } = opened(6);
    const { release, all } = take(pool, 6);
    await all;
    release(2);
    resource.apply(3);
    await until(() => pool.totalCount === 4);
    const late = take(pool, 2);
    release(1);
    await until(() => pool.totalCount === 3);
    // The pool was too large by one: that connection went, and nobody who waits got it.
    expect(late.held).toHaveLength(0);
    release(3);
    await late.all;
    expect(pool.totalCount).toBeLessThanOrEqual(3);
    late.release(2);
    expect(await pool.query('select 1 as one')).toMatchObject({ rows: [{ one: 1 }] });
  });

  it('goes on when the server has no room for more', async () => {
    const { pool, resource } = opened(1, { max: 40 });
    const { held, release, all } = take(pool, 30);
    all.catch(() => {});
    await until(() => held.length === 1);
    resource.apply(40);
    await until(() => (resource.metrics().connectFailuresTotal ?? 0) > 0);
    expect(resource.measure().size).toBe(40);
    release(held.length);
    await until(() => pool.waitingCount === 0);
    release(held.length);
  });

  it('is ruled within its process, and put back', async () => {
    const { pool, resource } = opened(2);
    const { release, all } = take(pool, 6);
    const clock = new VirtualClock();
    const controller = new Controller({ resource, clock });
    for (let tick = 0; tick < 20; tick++) {
      clock.advance(100);
      await controller.tick();
    }
    await all;
    expect(pool.options.max).toBeGreaterThanOrEqual(7);
    await controller.stop();
    expect(pool.options.max).toBe(2);
    release(6);
    await until(() => pool.totalCount === 2);
  });
});
