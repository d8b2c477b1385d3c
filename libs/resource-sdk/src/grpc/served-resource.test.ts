import { describe, expect, it } from 'vitest';
import { type OriginalStore, OriginalsInMemory } from '../original-store.ts';
import { hosted, Pool } from './testing/pool.ts';

const first = { holder: 'first', token: 1 };
const second = { holder: 'second', token: 2 };
const ttlMs = 1_000;
const refused = (code: string) => expect.objectContaining({ code });

describe('ServedResource', () => {
  it('changes nothing for whoever has no lease', async () => {
    const { served, pool } = await hosted();
    await expect(served.apply({ ...first, size: 20 })).rejects.toEqual(refused('LEASE_NOT_HELD'));
    expect(pool.applied).toEqual([]);
  });

  it('notes the original before a change, and puts it back when the lease lapses', async () => {
    const { served, pool, pass, told, originals } = await hosted();
    await served.acquire({ ...first, ttlMs });
    expect(await served.apply({ ...first, size: 20 })).toBe(8);
    await served.apply({ ...first, size: 30 });
    expect(await originals.read('workers')).toEqual({ size: 8 });
    await pass(900);
    expect(pool.size).toBe(30);
    await pass(100);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['lapsed 8']);
    expect(await originals.read('workers')).toBeUndefined();
    await expect(served.apply({ ...first, size: 20 })).rejects.toEqual(refused('LEASE_NOT_HELD'));
  });

  it('lets the incumbent renew as long as it likes', async () => {
    const { served, pool, pass } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    for (let at = 0; at < 10; at++) {
      await pass(900);
      expect(served.renew({ ...first, ttlMs }).remainingMs).toBe(ttlMs);
    }
    expect(pool.size).toBe(20);
    await pass(ttlMs);
    expect(() => served.renew({ ...first, ttlMs })).toThrow('it may have lapsed');
  });

  it('puts the original back when the lease is given up', async () => {
    const { served, pool, told } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    await served.release(first);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['released 8']);
  });

  it('fences: a higher token takes over at once, the older one does nothing any more', async () => {
    const { served, pool, pass, told } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    await served.acquire({ ...second, ttlMs });
    const stale = refused('LEASE_STALE_TOKEN');
    await expect(served.apply({ ...first, size: 40 })).rejects.toEqual(stale);
    await expect(served.release(first)).rejects.toEqual(stale);
    await expect(served.restore(first)).rejects.toEqual(stale);
    expect(() => served.renew({ ...first, ttlMs })).toThrow('a higher fencing token was seen');
    await expect(served.acquire({ ...first, ttlMs })).rejects.toEqual(stale);
    await expect(served.acquire({ holder: 'third', token: 2, ttlMs })).rejects.toEqual(
      refused('LEASE_TOKEN_OF_ANOTHER_HOLDER'),
    );
    expect(await served.apply({ ...second, size: 30 })).toBe(8);
    expect(pool.applied).toEqual([20, 30]);
    await pass(ttlMs);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['lapsed 8']);
  });

  it('does not act where the lease lapses while the original is noted', async () => {
    const { served, pool, clock } = await hosted();
    const measure = pool.measure.bind(pool);
    pool.measure = () => {
      clock.advance(ttlMs);
      return measure();
    };
    await served.acquire({ ...first, ttlMs });
    await expect(served.apply({ ...first, size: 20 })).rejects.toEqual(refused('LEASE_NOT_HELD'));
    expect(pool.applied).toEqual([]);
  });

  it('refuses sizes outside, and says what is inside', async () => {
    const { served, pool } = await hosted();
    await served.acquire({ ...first, ttlMs });
    for (const size of [1, 65, Number.NaN]) {
      await expect(served.apply({ ...first, size })).rejects.toThrow('from 2 to 64 threads');
    }
    expect(pool.applied).toEqual([]);
  });

  it('changes nothing where the original cannot be noted', async () => {
    const full: OriginalStore = {
      read: async () => undefined,
      write: async () => {
        throw new Error('the disk is full');
      },
      remove: async () => {},
    };
    const { served, pool } = await hosted({ originals: full });
    await served.acquire({ ...first, ttlMs });
    const nothing = served.apply({ ...first, size: 20 });
    await expect(nothing).rejects.toThrow('nothing is changed, because the original is not noted');
    pool.size = 0;
    await expect(served.apply({ ...first, size: 20 })).rejects.toThrow('its size is 0');
    expect(pool.applied).toEqual([]);
  });

  it('grants nothing that it cannot keep, which dethrones nobody', async () => {
    const { served, pool, leases } = await hosted();
    await served.acquire({ ...first, ttlMs });
    const { write } = leases;
    leases.write = async () => {
      throw new Error('the disk is full');
    };
    await expect(served.acquire({ ...second, ttlMs })).rejects.toThrow('the lease is not granted');
    await served.apply({ ...first, size: 20 });
    expect(pool.size).toBe(20);
    leases.write = write;
    await served.acquire({ ...second, ttlMs });
  });

  it('notes anew where somebody set another size while the original was noted', async () => {
    const originals = new OriginalsInMemory();
    const { served, pool, clock } = await hosted({ originals });
    const write = originals.write.bind(originals);
    originals.write = async (name, original) => {
      await write(name, original);
      clock.advance(60);
      pool.size = 12;
    };
    await served.acquire({ ...first, ttlMs });
    await expect(served.apply({ ...first, size: 20 })).rejects.toThrow('set by somebody else');
    originals.write = write;
    expect(await served.apply({ ...first, size: 20 })).toBe(12);
  });

  it('does not put back again what is back, though its record cannot be changed', async () => {
    const originals = new OriginalsInMemory();
    const { served, pool, pass } = await hosted({ originals });
    const remove = originals.remove.bind(originals);
    originals.remove = async () => {
      throw new Error('the disk is full');
    };
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    await pass(ttlMs);
    expect(pool.size).toBe(8);
    // By hand, in the time that it takes.
    pool.size = 12;
    await pass(5_000);
    originals.remove = remove;
    await pass(5_000);
    expect(pool.size).toBe(12);
    expect(served.status.owedReason).toBe('');
    expect(await originals.read('workers')).toBeUndefined();
  });

  it.each(['apply throws', 'apply is ignored', 'measure throws'] as const)(
    'tries again and again where %s',
    async (fault) => {
      const { served, pool, pass, told, originals } = await hosted();
      await served.acquire({ ...first, ttlMs });
      await served.apply({ ...first, size: 20 });
      pool.fault = fault;
      await pass(ttlMs);
      await pass(5_000);
      expect(told()).toEqual(['not lapsed 8', 'not lapsed 8']);
      expect(served.status.owedReason).toContain('workers cannot be put back');
      expect(await originals.read('workers')).toEqual({ size: 8 });
      pool.fault = 'none';
      await pass(5_000);
      expect(pool.size).toBe(8);
      expect(served.status).toMatchObject({ owedReason: '', originalSize: undefined });
    },
  );

  it('leaves what could not be put back to a successor, and puts that back after it', async () => {
    const { served, pool, pass, told } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    pool.fault = 'apply throws';
    await pass(ttlMs);
    await served.acquire({ ...second, ttlMs });
    pool.fault = 'none';
    expect(await served.apply({ ...second, size: 30 })).toBe(8);
    await pass(900);
    expect(pool.size).toBe(30);
    await pass(100);
    expect(told()).toEqual(['not lapsed 8', 'lapsed 8']);
    expect(pool.size).toBe(8);
  });

  it('keeps the original noted while a change hangs that may yet come true', async () => {
    const { served, pool, pass, told, originals } = await hosted();
    await served.acquire({ ...first, ttlMs });
    pool.fault = 'apply hangs';
    await expect(served.apply({ ...first, size: 20 })).rejects.toThrow('no answer within 1000 ms');
    pool.fault = 'none';
    await pass(ttlMs);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['not lapsed 8']);
    pool.unhang();
    await new Promise(setImmediate);
    expect(pool.size).toBe(20);
    expect(await originals.read('workers')).toEqual({ size: 8 });
    await pass(5_000);
    expect(pool.size).toBe(8);
    expect(await originals.read('workers')).toBeUndefined();
  });

  it('does not forget the original where a restore that hung comes true late', async () => {
    const { served, pool, pass, originals } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    pool.fault = 'apply hangs';
    await pass(ttlMs);
    pool.fault = 'none';
    await served.acquire({ ...second, ttlMs: 60_000 });
    await served.apply({ ...second, size: 30 });
    pool.unhang();
    await new Promise(setImmediate);
    expect(pool.size).toBe(8);
    expect(await originals.read('workers')).toEqual({ size: 8 });
  });

  it('leaves the holder alone where an order failed, until its lease lapses', async () => {
    const { served, pool, pass } = await hosted();
    await served.acquire({ ...first, ttlMs: 60_000 });
    await served.apply({ ...first, size: 20 });
    pool.fault = 'apply throws';
    await served.restore();
    pool.fault = 'none';
    expect(served.status.owedReason).toContain('refused');
    await served.apply({ ...first, size: 30 });
    await pass(5_000);
    expect(pool.size).toBe(30);
    await pass(60_000);
    expect(pool.size).toBe(8);
  });

  it('believes after a minute that a change will never come true', async () => {
    const { served, pool, pass, originals } = await hosted();
    await served.acquire({ ...first, ttlMs });
    pool.fault = 'apply hangs';
    await expect(served.apply({ ...first, size: 20 })).rejects.toThrow('no answer');
    pool.fault = 'none';
    await pass(30_000);
    expect(await originals.read('workers')).toEqual({ size: 8 });
    await pass(30_000);
    expect(await originals.read('workers')).toBeUndefined();
  });

  it('takes what a restarted resource came up with for its own', async () => {
    const { served, pool, pass } = await hosted();
    pool.instance = 'run 1';
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    Object.assign(pool, { instance: 'run 2', size: 12 });
    await served.measure('anyone');
    expect(served.status.originalSize).toBeUndefined();
    expect(await served.apply({ ...first, size: 20 })).toBe(12);
    // A run that has kept what it was given has the original of the one before.
    pool.instance = 'run 3';
    await served.measure('anyone');
    await pass(ttlMs);
    expect(pool.size).toBe(12);
  });

  it('puts back on an order, from the holder or from anyone, and goes on', async () => {
    const { served, pool } = await hosted();
    expect(await served.restore()).toBeUndefined();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    expect(await served.restore(first)).toEqual({ originalSize: 8, size: 8 });
    expect(pool.size).toBe(8);
    await served.apply({ ...first, size: 30 });
    expect(await served.restore()).toEqual({ originalSize: 8, size: 8 });
    expect(pool.size).toBe(8);
  });

  it('puts back when the host stops, and does nothing after that', async () => {
    const { host, served, pool, told } = await hosted();
    await served.acquire({ ...first, ttlMs });
    await served.apply({ ...first, size: 20 });
    await host.stop();
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['stop 8']);
    await expect(served.apply({ ...first, size: 20 })).rejects.toEqual(refused('STOPPING'));
  });

  it('keeps peaks for each reader until it reads', async () => {
    const { served, pool } = await hosted();
    const need = async (reader: string) => (await served.measure(reader)).need;
    await need('ruler');
    pool.need = 40;
    expect(await need('onlooker')).toBe(40);
    expect(await need('onlooker')).toBe(0);
    expect(await need('ruler')).toBe(40);
    expect(await need('ruler')).toBe(0);
  });
});

describe('ServedResource after a crash', () => {
  it('puts back at once what nobody may come back for', async () => {
    const { originals, leases } = await hosted();
    await originals.write('workers', { size: 8 });
    const pool = new Pool();
    pool.size = 20;
    const { told } = await hosted({ pool, originals, leases });
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['restart 8']);
  });

  it('goes on with the incumbent that renews in time', async () => {
    const before = await hosted();
    await before.served.acquire({ ...first, ttlMs });
    await before.served.apply({ ...first, size: 20 });
    const { served, pool, pass, told } = await hosted(before);
    await pass(900);
    expect(pool.size).toBe(20);
    served.renew({ ...first, ttlMs });
    await pass(900);
    expect(await served.apply({ ...first, size: 30 })).toBe(8);
    await pass(ttlMs);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['lapsed 8']);
  });

  it('puts back where the incumbent does not come, and knows its token still', async () => {
    const before = await hosted();
    await before.served.acquire({ ...second, ttlMs });
    await before.served.apply({ ...second, size: 20 });
    const { served, pool, pass } = await hosted(before);
    await pass(ttlMs);
    expect(pool.size).toBe(8);
    await expect(served.acquire({ ...first, ttlMs })).rejects.toEqual(refused('LEASE_STALE_TOKEN'));
  });

  it('gives no time to a holder that had given up, or whose lease had lapsed', async () => {
    const before = await hosted();
    await before.served.acquire({ ...first, ttlMs });
    await before.served.apply({ ...first, size: 20 });
    before.pool.fault = 'apply throws';
    await before.served.release(first);
    before.pool.fault = 'none';
    const { pool, told } = await hosted(before);
    expect(pool.size).toBe(8);
    expect(told()).toEqual(['restart 8']);
  });
});

describe('ResourceHost', () => {
  it('refuses names that cannot be told apart, or cannot be file names', async () => {
    const open = (...names: string[]) => hosted({ pool: new Pool(names[0] ?? '') });
    await expect(open('a/b')).rejects.toThrow('at most 100 letters');
    await expect(open('')).rejects.toThrow('at most 100 letters');
    const { host } = await open('workers');
    expect(() => host.one('other')).toThrow('no resource other; known are: workers');
  });

  it('names its own run for a resource that names none', async () => {
    const { host, pool } = await hosted();
    expect((await host.measure('workers', 'a')).instance).toMatch(/^\d+-\d+$/);
    pool.instance = 'its own';
    expect((await host.measure('workers', 'a')).instance).toBe('its own');
  });
});
