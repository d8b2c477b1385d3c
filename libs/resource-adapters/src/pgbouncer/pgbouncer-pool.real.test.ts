import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPgbouncer } from '@levitate/testing';
import { expect, it } from 'vitest';
import { labPassword } from './lab/index.ts';
import { pgbouncerStand, soon, until } from './testing/pgbouncer-stand.ts';

realPgbouncer.describe('PgbouncerPool before a real PostgreSQL', () => {
  const { start, postgres } = pgbouncerStand();

  it('measures, changes the pool size, reads it back and puts it back', async () => {
    const { pool, hold } = await start();
    const measure = () => pool.measure(soon());
    expect(await measure()).toMatchObject({ size: 2, need: 0, rejected: 0 });
    const { release } = await hold(5);
    const full = await until(measure, () => pool.metrics().serversInUse === 2);
    expect(full).toMatchObject({ size: 2, need: 5, rejected: 0 });
    expect(full.delayS).toBeGreaterThan(0);
    expect(pool.metrics()).toMatchObject({ clients: 5, clientsWaiting: 3, pools: 1 });
    await pool.apply(6, soon());
    expect((await measure()).size).toBe(6);
    await until(measure, () => pool.metrics().serversInUse === 5);
    await release();
    await pool.restore({ size: 2 }, soon());
    expect((await measure()).size).toBe(2);
    // PgBouncer itself closes what is too many, three times a second.
    await until(measure, () => (pool.metrics().servers ?? 9) <= 2);
  });

  it('takes a client that rests between transactions for no need', async () => {
    const { pool, hold } = await start();
    const { begun, commit } = await hold(2);
    const measure = () => pool.measure(soon());
    await Promise.all(begun);
    expect((await measure()).need).toBe(2);
    await commit();
    await until(measure, ({ need }) => need === 0);
    expect(pool.metrics()).toMatchObject({ clients: 2, serversInUse: 0 });
  });

  it('counts the clients that PgBouncer sends away', async () => {
    const { pool, hold } = await start();
    await hold(5);
    let rejected = 0;
    await until(
      async () => {
        const measured = await pool.measure(soon());
        rejected += measured.rejected ?? 0;
        return measured.need;
      },
      (need) => rejected > 0 && need === 2,
    );
    expect(rejected).toBe(3);
    expect(pool.metrics().turnedAwayTotal).toBe(3);
  });

  it.each(['PAUSE app', 'PAUSE'])('lets the need stand over a %s', async (pause) => {
    const { pool, connect, hold, say } = await start({ settings: { query_wait_timeout: 60 } });
    const measure = () => pool.measure(soon());
    const { begun, commit } = await hold(2);
    await Promise.all(begun);
    expect((await measure()).need).toBe(2);
    const late = await connect(9);
    const paused = say(pause);
    await commit();
    await paused;
    late.begin();
    await until(measure, () => pool.metrics().clientsWaiting === 9);
    expect(await measure()).toMatchObject({ size: 2, rejected: 0, delayS: 0 });
    expect((await measure()).need).toBeLessThanOrEqual(2);
    expect(pool.metrics().isStalled).toBe(1);
    await say(pause.replace('PAUSE', 'RESUME'));
    await until(measure, ({ need }) => need === 9);
  });

  it('refuses a database with a pool size of its own, and changes nothing else', async () => {
    const databases = { own: 'pool_size=7', same: 'pool_size=2' };
    const { resource, say } = await start({ databases });
    for (const database of ['own', 'same']) {
      const apply = resource({ database }).apply(4, soon());
      await expect(apply).rejects.toMatchObject({ code: 'own-pool-size' });
    }
    const sizes = (await say('SHOW DATABASES')).map((row) => row.pool_size);
    expect(sizes).toEqual(['2', '7', '2', '2']);
  });

  it('leaves the default alone when the database has got a size of its own meanwhile', async () => {
    const { pool, lab, say } = await start();
    await pool.apply(4, soon());
    await lab.reload({ default_pool_size: 3 }, { app: 'pool_size=9' });
    await until(
      () => pool.measure(soon()),
      ({ size }) => size === 9,
    );
    const restore = pool.restore({ size: 2 }, soon());
    await expect(restore).rejects.toMatchObject({ code: 'own-pool-size' });
    const settings = await say('SHOW CONFIG');
    expect(settings.find(({ key }) => key === 'default_pool_size')?.value).toBe('3');
  });

  it('refuses a largest size beyond what PostgreSQL leaves', async () => {
    const { resource, say } = await start();
    const asks = (max: number) => resource({ max, serverConnectionsMax: undefined });
    await expect(asks(90).check(soon())).resolves.toBeUndefined();
    await expect(asks(98).apply(4, soon())).rejects.toMatchObject({ code: 'server-limit' });
    const told = resource({ max: 98, serverConnectionsMax: 60 }).apply(4, soon());
    await expect(told).rejects.toThrow('lower max to 60');
    const [app] = await say('SHOW DATABASES');
    expect(app?.pool_size).toBe('2');
  });

  it('says who is missing or not let in', async () => {
    const { resource } = await start({ settings: { auth_type: 'md5' } });
    const folder = await mkdtemp(join(tmpdir(), 'levitate-password-'));
    const passwordFile = join(folder, 'password');
    const measured = async (of: object) => await resource({ passwordFile, ...of }).measure(soon());
    try {
      await writeFile(passwordFile, `${labPassword}\n`);
      expect((await measured({})).size).toBe(2);
      await expect(measured({ database: 'elsewhere' })).rejects.toThrow('it has app');
      await expect(measured({ user: 'guest' })).rejects.toMatchObject({ code: 'refused' });
      await expect(measured({ port: 1 })).rejects.toMatchObject({ code: 'unreachable' });
      await writeFile(passwordFile, 'wrong');
      await expect(measured({})).rejects.toMatchObject({ code: 'refused' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('lets the need stand while PostgreSQL is away, and does not grow unasked', async () => {
    const { resource, connect } = await start({ settings: { query_wait_timeout: 60 } });
    const clients = await connect(3);
    await postgres().crash();
    const pool = resource({ serverConnectionsMax: undefined });
    clients.begin();
    const measure = () => pool.measure(soon());
    await until(measure, () => pool.metrics().isStalled === 1);
    expect((await measure()).size).toBe(2);
    const apply = pool.apply(4, AbortSignal.timeout(200));
    await expect(apply).rejects.toMatchObject({ code: 'server-limit-unknown' });
    await pool.restore({ size: 3 }, soon());
    expect((await measure()).size).toBe(3);
    await postgres().start();
    await until(measure, () => pool.metrics().isStalled === 0);
  });
});
