import { describe, expect, it } from 'vitest';
import { OperatorOrders } from './operator-orders.ts';

/** A state directory that holds one file in memory. */
function disk() {
  let file: string | undefined;
  return {
    read: async () => (file === undefined ? undefined : Buffer.from(file)),
    writeDurably: async (_name: string, bytes: Uint8Array | string) => {
      file = String(bytes);
    },
  };
}

describe('OperatorOrders', () => {
  it('knows of no orders at first', async () => {
    const orders = await OperatorOrders.open(disk());
    expect(orders.mode('a')).toBeUndefined();
    expect(orders.pause(0)).toBeUndefined();
  });

  it('remembers modes and a pause over a restart', async () => {
    const directory = disk();
    const before = await OperatorOrders.open(directory);
    await before.setMode(['a', 'b'], 'observe', 0);
    await before.throwKillSwitch({ nowUnixMs: 1_000, durationMs: undefined, reason: 'incident' });
    const after = await OperatorOrders.open(directory);
    expect(after.mode('b')).toBe('observe');
    expect(after.pause(1e12)).toEqual({ reason: 'incident' });
    await after.resume(2_000);
    expect((await OperatorOrders.open(directory)).pause(2_000)).toBeUndefined();
  });

  it('does not bring back a pause whose time is over', async () => {
    const directory = disk();
    const before = await OperatorOrders.open(directory);
    await before.throwKillSwitch({ nowUnixMs: 0, durationMs: 500, reason: 'x' });
    const after = await OperatorOrders.open(directory);
    expect(after.pause(499)).toBeDefined();
    expect(after.pause(500)).toBeUndefined();
  });

  it('takes an order that it cannot write, and says that a restart would lose it', async () => {
    const full = { ...disk(), writeDurably: () => Promise.reject(new Error('disk full')) };
    const orders = await OperatorOrders.open(full);
    const order = { nowUnixMs: 0, durationMs: undefined, reason: 'x' };
    await expect(orders.throwKillSwitch(order)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'STATE_NOT_DURABLE',
    });
    expect(orders.pause(0)).toBeDefined();
  });
});
