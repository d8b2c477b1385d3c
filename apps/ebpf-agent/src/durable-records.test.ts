import { expect, it } from 'vitest';
import { targetKey } from './actuators/target.ts';
import { MemoryStore, ORIGINALS_FILE, originalsText, readOriginals } from './durable-records.ts';
import { identityKey } from './kernel.ts';

const identity = {
  netns: 'lab',
  netnsInode: 4_026_532_000,
  bootId: 'boot',
  interface: 'v0',
  ifindex: 3,
  handle: 0x10000,
  parent: 0xffff_ffff,
  kind: 'tbf',
  rateBytesPerSecond: 12_500_000,
};
const entry = { key: identityKey(identity), size: 60_000, recordedUnixMs: 1 };

async function storeWith(record: object): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.writeDurably(ORIGINALS_FILE, JSON.stringify(record));
  return store;
}

it('version 1 is read: its originals are qdiscs, found by the keys they have today', async () => {
  const record = { version: 1, originals: [{ ...entry, detail: { link: 'a', identity } }] };
  const { originals } = await readOriginals(await storeWith(record));
  const target = { actuator: 'qdisc', identity, bytesPerUnit: 1 } as const;
  expect(originals).toEqual([{ ...entry, detail: { link: 'a', target } }]);
  expect(targetKey(target)).toBe(entry.key);
});

it('what is written is version 2 and reads back as it was', async () => {
  const before = { sendBytes: 87_040, receiveBytes: 131_072, lock: 0 };
  const place = { bootId: 'boot', port: 80, pid: 7, inode: 9, cookie: 'c' };
  const target = { actuator: 'socket-buffers', ...place, direction: 'both', before } as const;
  const originals = [{ ...entry, key: targetKey(target), detail: { link: 'a', target } }];
  const text = originalsText({ version: 1, originals });
  expect(JSON.parse(text).version).toBe(2);
  const store = await storeWith(JSON.parse(text));
  expect((await readOriginals(store)).originals).toEqual(originals);
});

it.each([
  ['an actuator of a later release', { link: 'a', target: { actuator: 'telepathy' } }],
  ['no target', { link: 'a' }],
  ['no link', { target: { actuator: 'qdisc', identity, bytesPerUnit: 1 } }],
])('an original with %s is not passed over', async (_name, detail) => {
  const store = await storeWith({ version: 2, originals: [{ ...entry, detail }] });
  await expect(readOriginals(store)).rejects.toThrow(/originals.json cannot be read: an entry/);
});
