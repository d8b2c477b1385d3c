import { VirtualClock } from '@levitate/clock';
import { OriginalsInMemory } from '@levitate/resource-sdk';
import { describe, expect, it } from 'vitest';
import { OwnLeases } from './own-leases.ts';

describe('OwnLeases', () => {
  it('grants itself what it wishes, with tokens beyond what the resource has seen', async () => {
    const clock = new VirtualClock();
    const own = new OwnLeases({ clock, originals: new OriginalsInMemory() });
    const wish = { target: 'uplink', holder: 'a', ttlMs: 1_000 };
    expect(await own.acquire({ ...wish, tokenMin: 5 })).toEqual({ kind: 'granted', token: 5 });
    expect(await own.renew({ ...wish, token: 5 })).toEqual({ kind: 'ours' });
    expect(await own.acquire({ ...wish, tokenMin: 3 })).toEqual({ kind: 'granted', token: 6 });
    await own.release({ ...wish, token: 6 });
    expect(await own.renew({ ...wish, token: 6 })).toEqual({ kind: 'lost', by: '' });
  });

  it('has originals where it was told to', async () => {
    const originals = new OriginalsInMemory();
    const own = new OwnLeases({ clock: new VirtualClock(), originals });
    await own.originals().write('pool', { size: 20 });
    expect(await originals.read('pool')).toEqual({ size: 20 });
  });
});
