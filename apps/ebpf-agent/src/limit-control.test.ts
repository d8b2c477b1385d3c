import { VirtualClock } from '@levitate/clock';
import { originalsMax } from '@levitate/control';
import { expect, it } from 'vitest';
import { openChain } from './actuators/open-chain.ts';
import { type DurableStore, MemoryStore, ORIGINALS_FILE } from './durable-records.ts';
import { AgentError } from './errors.ts';
import type { Kernel, RestoreOutcome } from './kernel.ts';
import { LimitControl, type RestoreReason } from './limit-control.ts';
import type { Restored } from './restore-originals.ts';
import { SimulatedKernel } from './simulated-kernel.ts';

const claim = { link: 'a', holder: 'controller', token: 1 };
const ttlMs = 2_000;

/** Records the order of what is written and changed. */
class LoggedStore extends MemoryStore {
  readonly log: string[];
  fails = false;
  /** Called while a write is under way. */
  during: (() => void) | undefined;

  constructor(log: string[]) {
    super();
    this.log = log;
  }

  override async writeDurably(name: string, bytes: string): Promise<void> {
    await Promise.resolve();
    this.during?.();
    if (this.fails) throw new Error('no space left on device');
    this.log.push(`write ${name}`);
    await super.writeDurably(name, bytes);
  }
}

async function setUp() {
  const clock = new VirtualClock();
  const log: string[] = [];
  const store = new LoggedStore(log);
  const traffic = { kind: 'flat' as const, seed: 1 };
  const lane = { limitBytes: 60_000, drainBytesPerSecond: 12_500_000, packetBytes: 1_500, traffic };
  const lanes = [
    { ...lane, name: 'a' },
    { ...lane, name: 'b' },
  ];
  const kernel: Kernel = new SimulatedKernel({ lanes, reason: 'test', capabilities: [], clock });
  const { setLimit } = kernel;
  kernel.setLimit = (identity, limitBytes) => {
    log.push(`set ${identity.interface} ${limitBytes}`);
    return setLimit.call(kernel, identity, limitBytes);
  };
  const restored: [Restored, RestoreReason][] = [];
  const open = () =>
    LimitControl.open({
      chain: openChain({ kernel, links: [] }),
      store,
      clock,
      bounds: { limitBytesMin: 3_000, limitBytesMax: 1_000_000 },
      onRestored: (one, reason) => restored.push([one, reason]),
    });
  const limits = () => kernel.inspectAll().map(({ reading }) => reading?.limitBytes);
  return { clock, log, store, kernel, restored, open, limits, control: await open() };
}

/** What waits its turn in the control is done once this is. */
async function settled(control: LimitControl): Promise<void> {
  await control.restore('b').catch(() => {});
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AgentError ? error.code : `no AgentError: ${String(error)}`;
}

it('the original is durable before the first change and is written once', async () => {
  const { control, log } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  const first = await control.setLimit({ ...claim, limitBytes: 500_000 });
  await control.setLimit({ ...claim, limitBytes: 400_000 });
  expect(first).toMatchObject({ limitBytes: 500_000, previousLimitBytes: 60_000 });
  expect(log).toEqual([
    'write leases.json',
    'write originals.json',
    'set sim0 500000',
    'set sim0 400000',
  ]);
  expect(control.status('a')).toEqual({
    holder: 'controller',
    token: 1,
    originalLimitBytes: 60_000,
  });
});

it('nothing changes where the original cannot be made durable, and it is tried again', async () => {
  const { control, store, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  store.fails = true;
  const change = { ...claim, limitBytes: 500_000 };
  expect(await codeOf(control.setLimit(change))).toBe('STATE_NOT_DURABLE');
  expect(await codeOf(control.setLimit(change))).toBe('STATE_NOT_DURABLE');
  expect(limits()).toEqual([60_000, 60_000]);
  store.fails = false;
  await control.setLimit(change);
  expect(limits()).toEqual([500_000, 60_000]);
});

it('a lease that cannot be made durable is not granted', async () => {
  const { control, store } = await setUp();
  store.fails = true;
  expect(await codeOf(control.acquire({ ...claim, ttlMs }))).toBe('STATE_NOT_DURABLE');
  store.fails = false;
  expect(await codeOf(control.setLimit({ ...claim, limitBytes: 500_000 }))).toBe('LEASE_NOT_HELD');
});

it('a challenger whose grant cannot be made durable dethrones nobody', async () => {
  const { control, store, clock, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  store.fails = true;
  const challenger = { ...claim, holder: 'challenger', token: 2, ttlMs };
  expect(await codeOf(control.acquire(challenger))).toBe('STATE_NOT_DURABLE');
  store.fails = false;
  await control.setLimit({ ...claim, limitBytes: 400_000 });
  expect(limits()[0]).toBe(400_000);
  clock.advance(ttlMs);
  control.expire();
  await settled(control);
  expect(limits()[0]).toBe(60_000);
});

it('what is set by hand while the original cannot be written down is the original', async () => {
  const { control, kernel, store, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  store.fails = true;
  const change = { ...claim, limitBytes: 500_000 };
  expect(await codeOf(control.setLimit(change))).toBe('STATE_NOT_DURABLE');
  const [queue] = kernel.inspectAll()[0]?.queues ?? [];
  if (queue) kernel.setLimit(queue.identity, 90_000);
  store.fails = false;
  await control.setLimit(change);
  await control.release(claim);
  expect(limits()[0]).toBe(90_000);
});

it('what is set by hand during a slow write of the original is left alone', async () => {
  const { control, kernel, store, clock, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  const [queue] = kernel.inspectAll()[0]?.queues ?? [];
  store.during = () => {
    store.during = undefined;
    clock.advance(1_000);
    if (queue) kernel.setLimit(queue.identity, 90_000);
  };
  const change = { ...claim, limitBytes: 500_000 };
  expect(await codeOf(control.setLimit(change))).toBe('QUEUE_CHANGED');
  expect(limits()[0]).toBe(90_000);
  await control.setLimit(change);
  await control.release(claim);
  expect(limits()[0]).toBe(90_000);
});

it.each(['a second later', 'by the stop'] as const)(
  'a record that could not be written after a restore is written %s',
  async (when) => {
    const { control, clock, store } = await setUp();
    await control.acquire({ ...claim, ttlMs });
    await control.setLimit({ ...claim, limitBytes: 500_000 });
    store.fails = true;
    await control.release(claim);
    store.fails = false;
    const text = async () => Buffer.from((await store.read(ORIGINALS_FILE)) ?? []).toString();
    expect(await text()).toContain('60000');
    clock.advance(1_000);
    if (when === 'by the stop') await control.stop();
    else control.expire();
    await settled(control);
    expect(await text()).not.toContain('60000');
  },
);

it('without the lease, with an old token or beyond the bounds nothing changes', async () => {
  const { control, limits } = await setUp();
  const set = (change: object) =>
    codeOf(control.setLimit({ ...claim, limitBytes: 500_000, ...change }));
  expect(await set({})).toBe('LEASE_NOT_HELD');
  await control.acquire({ ...claim, token: 7, ttlMs });
  expect(await set({ token: 6 })).toBe('LEASE_STALE_TOKEN');
  expect(await set({ token: 7, holder: 'other' })).toBe('LEASE_NOT_HELD');
  expect(await set({ token: 7, limitBytes: 2_999 })).toBe('LIMIT_OUT_OF_BOUNDS');
  expect(await set({ token: 7, limitBytes: 1_000_001 })).toBe('LIMIT_OUT_OF_BOUNDS');
  expect(await set({ token: 7, link: 'nope' })).toBe('LINK_UNKNOWN');
  expect(limits()).toEqual([60_000, 60_000]);
});

it('a lapsed lease restores the original, once, and its holder changes nothing more', async () => {
  const { control, clock, restored, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  clock.advance(ttlMs - 1);
  control.expire();
  await settled(control);
  expect(limits()[0]).toBe(500_000);
  clock.advance(1);
  control.expire();
  control.expire();
  await settled(control);
  expect(limits()[0]).toBe(60_000);
  expect(restored.map(([one, reason]) => [one.link, one.outcome, reason])).toEqual([
    ['a', 'restored', 'lapsed'],
  ]);
  const again = control.setLimit({ ...claim, limitBytes: 500_000 });
  expect(await codeOf(again)).toBe('LEASE_NOT_HELD');
});

it('a renewed lease does not lapse', async () => {
  const { control, clock, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  for (let n = 0; n < 5; n++) {
    clock.advance(1_500);
    expect(await control.renew({ ...claim, ttlMs })).toEqual({ remainingMs: ttlMs });
    control.expire();
  }
  await settled(control);
  expect(limits()[0]).toBe(500_000);
});

it('a successor with a higher token keeps the limit, its predecessor cannot restore', async () => {
  const { control, clock, restored, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  const next = { ...claim, holder: 'successor', token: 2 };
  const granted = await control.acquire({ ...next, ttlMs });
  expect(granted).toEqual({ token: 2, originalLimitBytes: 60_000, limitBytes: 500_000 });
  expect(await codeOf(control.release(claim))).toBe('LEASE_NOT_HELD');
  clock.advance(ttlMs - 1);
  control.expire();
  await settled(control);
  expect(limits()[0]).toBe(500_000);
  expect(restored).toEqual([]);
});

it('a successor that comes in the moment of the lapse is not restored away', async () => {
  const { control, clock, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  clock.advance(ttlMs);
  const taken = control.acquire({ ...claim, token: 2, ttlMs });
  control.expire();
  await taken;
  await settled(control);
  expect(limits()[0]).toBe(500_000);
});

it('a lease that lapses while the original is being written changes nothing', async () => {
  const { control, clock, store, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  store.during = () => clock.advance(ttlMs);
  const change = control.setLimit({ ...claim, limitBytes: 500_000 });
  expect(await codeOf(change)).toBe('LEASE_NOT_HELD');
  expect(limits()[0]).toBe(60_000);
});

it('giving the lease up restores at once', async () => {
  const { control, store, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  expect(await control.release(claim)).toEqual({ limitBytes: 60_000 });
  expect(limits()[0]).toBe(60_000);
  const record = JSON.parse(Buffer.from((await store.read(ORIGINALS_FILE)) ?? []).toString());
  expect(record.originals).toEqual([]);
});

it('the operator restores one link or all, lease or not; the holder may go on', async () => {
  const { control, limits } = await setUp();
  const other = { ...claim, link: 'b' };
  for (const one of [claim, other]) {
    await control.acquire({ ...one, ttlMs });
    await control.setLimit({ ...one, limitBytes: 500_000 });
  }
  expect(await control.restore('a')).toMatchObject([{ link: 'a', limitBytes: 60_000 }]);
  expect(limits()).toEqual([60_000, 500_000]);
  await control.setLimit({ ...claim, limitBytes: 400_000 });
  expect((await control.restore()).map(({ link }) => link).sort()).toEqual(['a', 'b']);
  expect(limits()).toEqual([60_000, 60_000]);
  expect(await control.restore()).toEqual([]);
});

it('a restore that fails stays recorded and is tried again every second', async () => {
  const { control, clock, kernel, store, restored, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs: 60_000 });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  const { restore } = kernel;
  kernel.restore = () => {
    throw new Error('device busy');
  };
  await control.release(claim);
  expect(restored.map(([one]) => one.outcome)).toEqual(['failed']);
  expect(Buffer.from((await store.read(ORIGINALS_FILE)) ?? []).toString()).toContain(
    '"size":60000',
  );
  kernel.restore = restore;
  clock.advance(1_000);
  control.expire();
  await settled(control);
  expect(limits()[0]).toBe(60_000);
  expect(restored.at(-1)?.[1]).toBe('retry');
});

it.each(['gone', 'foreign'] as const)('a queue that is %s is not tried again', async (outcome) => {
  const { control, clock, kernel, restored } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  await control.setLimit({ ...claim, limitBytes: 500_000 });
  kernel.restore = (): RestoreOutcome => outcome;
  await control.release(claim);
  clock.advance(10_000);
  control.expire();
  await settled(control);
  expect(restored.map(([one]) => one.outcome)).toEqual([outcome]);
  expect(control.status('a').originalLimitBytes).toBeUndefined();
});

it('stopping restores everything and refuses whatever comes after', async () => {
  const { control, limits } = await setUp();
  await control.acquire({ ...claim, ttlMs });
  const change = control.setLimit({ ...claim, limitBytes: 500_000 });
  const stopped = control.stop();
  expect(await codeOf(control.setLimit({ ...claim, limitBytes: 400_000 }))).toBe('STOPPING');
  await change;
  await stopped;
  expect(limits()).toEqual([60_000, 60_000]);
});

it('after a restart old tokens stay refused, the last holder may come back', async () => {
  const { control, open } = await setUp();
  await control.acquire({ ...claim, token: 5, ttlMs });
  const again = await open();
  expect(again.status('a')).toMatchObject({ holder: '', token: 5 });
  expect(await codeOf(again.acquire({ ...claim, token: 4, ttlMs }))).toBe('LEASE_STALE_TOKEN');
  const other = { ...claim, holder: 'other', token: 5, ttlMs };
  expect(await codeOf(again.acquire(other))).toBe('LEASE_TOKEN_OF_ANOTHER_HOLDER');
  expect(await again.acquire({ ...claim, token: 5, ttlMs })).toMatchObject({ token: 5 });
});

it('a record that is full permits no change of what it does not hold', async () => {
  const { open, store, limits } = await setUp();
  const target = { actuator: 'qdisc', bytesPerUnit: 1, identity: { interface: 'x' } };
  const originals = Array.from({ length: originalsMax }, (_, index) => {
    return { key: `k${index}`, size: 1, recordedUnixMs: 1, detail: { link: 'gone', target } };
  });
  await store.writeDurably(ORIGINALS_FILE, JSON.stringify({ version: 2, originals }));
  const control = await open();
  await control.acquire({ ...claim, ttlMs });
  const refused = control.setLimit({ ...claim, limitBytes: 500_000 });
  await expect(refused).rejects.toThrow(/the record holds 4096 originals.*levitate fsu rollback/);
  expect(limits()).toEqual([60_000, 60_000]);
});

it.each([
  ['is not JSON', '{"version":1,"orig'],
  ['is of another version', '{"version":3,"originals":[]}'],
  ['has an entry cut short', '{"version":1,"originals":[{"key":"k","size":1}]}'],
])('a record that %s ends the start instead of losing an original', async (_name, text) => {
  const { open, store } = await setUp();
  await (store as DurableStore).writeDurably(ORIGINALS_FILE, text);
  expect(await codeOf(open())).toBe('ORIGINALS_UNREADABLE');
});
