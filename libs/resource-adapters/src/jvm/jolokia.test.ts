import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Jolokia } from './jolokia.ts';

const signal = new AbortController().signal;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

describe('what answers in place of a Jolokia agent', () => {
  const good = [
    { Name: '7@shop', StartTime: 1_700_000_000_000, Uptime: 5_000 },
    { HeapMemoryUsage: { used: 40e6, committed: 100e6, max: 512e6 } },
    {
      cycles: {
        Name: 'ZGC Cycles',
        CollectionCount: 3,
        CollectionTime: 120,
        MemoryPoolNames: ['ZHeap'],
        LastGcInfo: { endTime: 5, memoryUsageAfterGc: { ZHeap: { used: 30e6 } } },
      },
      pauses: { Name: 'ZGC Pauses', CollectionCount: 9, CollectionTime: 1 },
    },
    { value: '512000000' },
    { value: '256000000' },
    { value: '40' },
    { value: '70' },
  ].map((value) => ({ status: 200, value }));
  const swapped = (index: number, answer: unknown) =>
    JSON.stringify(good.with(index, answer as never));

  it('is read where it answers as one', async () => {
    const url = await answering((_, response) => response.end(JSON.stringify(good)));
    expect(await new Jolokia({ url }).read(signal)).toEqual({
      instance: '7@1700000000000',
      uptimeMs: 5_000,
      collector: 'z',
      usedBytes: 40e6,
      committedBytes: 100e6,
      maxBytes: 512e6,
      flags: { SoftMaxHeapSize: 256e6, MinHeapFreeRatio: 40, MaxHeapFreeRatio: 70 },
      collections: 3,
      collectingMs: 120,
      usedAfterBytes: 30e6,
    });
  });

  it.each([
    ['a page', '<html>It works!</html>', 'garbage'],
    ['nothing', '', 'garbage'],
    ['one answer to seven questions', JSON.stringify(good.slice(0, 1)), 'garbage'],
    ['answers without a status', JSON.stringify(good.map(() => ({}))), 'garbage'],
    ['null', 'null', 'garbage'],
    ['more than is read', ' '.repeat(2 << 20), 'too-long'],
    ['a size that is none', swapped(1, { status: 200, value: { used: 'NaN' } }), 'garbage'],
    ['a size below zero', swapped(1, { status: 200, value: { used: -1 } }), 'garbage'],
    ['no collector', swapped(2, { status: 200, value: {} }), 'garbage'],
    ['another collector', swapped(2, { status: 200, value: { a: { Name: 'Own' } } }), 'garbage'],
    ['a refusal of one bean', swapped(1, { status: 403, error: 'denied' }), 'refused'],
  ])('is a typed error where it answers %s', async (_, body, code) => {
    const url = await answering((_, response) => response.end(body));
    await expect(new Jolokia({ url }).read(signal)).rejects.toMatchObject({ code });
  });

  it('leaves out a flag that the JVM does not know', async () => {
    const unknown = { status: 400, error: 'VM option "SoftMaxHeapSize" does not exist' };
    const url = await answering((_, response) => response.end(swapped(4, unknown)));
    const { flags } = await new Jolokia({ url }).read(signal);
    expect(flags).toEqual({ MinHeapFreeRatio: 40, MaxHeapFreeRatio: 70 });
  });

  it('is told no password elsewhere', async () => {
    const url = await answering((_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    await expect(new Jolokia({ url }).read(signal)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is given up when it does not answer in time', async () => {
    const url = await answering(() => {});
    const jolokia = new Jolokia({ url, deadlineMs: 50 });
    await expect(jolokia.read(signal)).rejects.toMatchObject({ code: 'no-answer' });
  });

  it('is asked with the password of the file as it is now', async () => {
    const said: (string | undefined)[] = [];
    const url = await answering((request, response) => {
      said.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    const folder = await mkdtemp(join(tmpdir(), 'levitate-jolokia-'));
    ends.push(() => rm(folder, { recursive: true }));
    const passwordFile = join(folder, 'password');
    const jolokia = new Jolokia({ url, user: 'ops', passwordFile });
    await expect(jolokia.read(signal)).rejects.toMatchObject({ code: 'refused' });
    for (const password of ['one', 'two']) {
      await writeFile(passwordFile, `${password}\nrest`);
      await expect(jolokia.read(signal)).rejects.toMatchObject({ code: 'refused' });
    }
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(said).toEqual([basic('ops:one'), basic('ops:two')]);
  });

  it.each([
    [{ url: 'shop:8778' }],
    [{ url: 'http://shop:8778/jolokia', user: 'ops' }],
    [{ url: 'http://shop:8778/jolokia', deadlineMs: Number.NaN }],
  ])('is not asked at all with settings like %j', (options) => {
    expect(() => new Jolokia(options)).toThrow(RangeError);
  });
});

async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jolokia`;
}
