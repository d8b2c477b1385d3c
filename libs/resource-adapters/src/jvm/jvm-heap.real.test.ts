import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, type ControllerEvent } from '@levitate/resource-sdk';
import { realJolokia, realJvm } from '@levitate/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { Jcmd } from './jcmd.ts';
import { Jolokia } from './jolokia.ts';
import type { JvmAccess } from './jvm-access.ts';
import { JvmHeap } from './jvm-heap.ts';
import { type CompiledLoad, compileLoad, type HeapLoad, LoadJvm } from './lab/load-jvm.ts';

const mib = 2 ** 20;
const signal = new AbortController().signal;
const password = 'correct horse';
/** 30 MB/s, of which half a second's worth is held, over 30 MB. */
const load: HeapLoad = {
  seed: 1,
  baseBytes: 30e6,
  requestBytes: 300_000,
  heldBytes: 150_000,
  heldMs: 1_000,
  tickMs: 1_000,
  warmTicks: 0,
  rates: Array.from({ length: 600 }, () => 100),
};
const heapOptions = ['-Xms32m', '-Xmx512m', '-XX:TieredStopAtLevel=1'];

let compiled: CompiledLoad | undefined;
const classes = (): CompiledLoad => compiled ?? expect.fail('nothing compiled');

beforeAll(async () => {
  if (realJvm.missing === undefined) compiled = await compileLoad();
});

afterAll(() => compiled?.[Symbol.asyncDispose]());

realJolokia.describe('a JVM by jcmd and by Jolokia', () => {
  let passwordFile: string;
  const jvms = new Map<'UseZGC' | 'UseG1GC', { jvm: LoadJvm; url: string }>();

  beforeAll(async () => {
    passwordFile = join(classes().folder, 'password');
    await writeFile(passwordFile, `${password}\n`);
    for (const collector of ['UseZGC', 'UseG1GC'] as const) {
      const jvm = await withAgent(classes(), [`-XX:+${collector}`, ...heapOptions]);
      jvms.set(collector, jvm);
      void jvm.jvm.play(load).catch(() => {});
    }
  });

  afterAll(async () => {
    for (const { jvm } of jvms.values()) await jvm.stop();
  });

  const accesses = [
    ['UseZGC', 'the socket of jcmd'],
    ['UseZGC', 'Jolokia'],
    ['UseG1GC', 'the socket of jcmd'],
    ['UseG1GC', 'Jolokia'],
  ] as const;
  const accessOf = (collector: 'UseZGC' | 'UseG1GC', way: string): JvmAccess => {
    const { jvm, url } = jvms.get(collector) ?? expect.fail('no JVM');
    const deadlineMs = 20_000;
    if (way === 'Jolokia') return new Jolokia({ url, user: 'ops', passwordFile, deadlineMs });
    const program: [string] | undefined = way === 'the program jcmd' ? ['jcmd'] : undefined;
    return new Jcmd({ jvm: jvm.pid, program, deadlineMs });
  };

  for (const [collector, way] of accesses) {
    realJolokia.it(`${collector}, ${way}: measured, changed, read back, restored`, async () => {
      const access = accessOf(collector, way);
      const heap = new JvmHeap({ access, min: 64 * mib, max: 512 * mib });
      const before = await access.read(signal);
      const measured = await heap.measure(signal);
      expect(measured.size).toBe(512 * mib);
      expect(measured.need).toBeGreaterThan(load.baseBytes / 2);
      expect(measured.need).toBeLessThan(512 * mib);
      const original = { size: measured.size, snapshot: await heap.snapshot(signal) };

      await heap.apply(300 * mib, signal);
      expect((await heap.measure(signal)).size).toBe(300 * mib);
      const changed = await access.read(signal);
      expect(changed.flags.SoftMaxHeapSize).toBe(300 * mib);
      const isRatioed = collector === 'UseG1GC';
      expect(changed.flags.MaxHeapFreeRatio !== before.flags.MaxHeapFreeRatio).toBe(isRatioed);

      await heap.restore(original, signal);
      const { flags, instance } = await access.read(signal);
      expect(flags).toEqual(before.flags);
      expect(instance).toBe(before.instance);
    });
  }

  realJolokia.it('the program jcmd does the same, for its price', async () => {
    const access = accessOf('UseZGC', 'the program jcmd');
    const { flags } = await access.read(signal);
    expect(flags.SoftMaxHeapSize).toBe(512 * mib);
    const told = access.setFlag('SoftMaxHeapSize', 1e12, signal);
    await expect(told).rejects.toMatchObject({ code: 'not-manageable' });
    await access.setFlag('SoftMaxHeapSize', 512 * mib, signal);
  });

  realJolokia.it('both see the same heap', async () => {
    for (const collector of ['UseZGC', 'UseG1GC'] as const) {
      const one = await accessOf(collector, 'the socket of jcmd').read(signal);
      const other = await accessOf(collector, 'Jolokia').read(signal);
      expect(other.collector).toBe(one.collector);
      expect(other.maxBytes).toBe(one.maxBytes);
      expect(other.flags).toEqual(one.flags);
      expect(Math.abs((other.uptimeMs ?? 0) - (one.uptimeMs ?? 0))).toBeLessThan(10_000);
    }
  });

  realJolokia.it('G1 commits no more than its ceiling once it is collected', async () => {
    const access = accessOf('UseG1GC', 'Jolokia');
    const heap = new JvmHeap({ access, min: 64 * mib, max: 512 * mib, collectOnShrink: true });
    const original = { size: 512 * mib, snapshot: await heap.snapshot(signal) };
    // Much is committed, as after a peak.
    await access.setFlag('MaxHeapFreeRatio', 95, signal);
    await access.setFlag('MinHeapFreeRatio', 90, signal);
    await access.collect(signal);
    const { committedBytes } = await access.read(signal);
    expect(committedBytes).toBeGreaterThan(300 * mib);
    await heap.measure(signal);
    await heap.apply(200 * mib, signal);
    expect((await access.read(signal)).committedBytes).toBeLessThanOrEqual(201 * mib);
    await heap.restore(original, signal);
  });

  realJolokia.it('a flag that cannot be so is refused, and nothing changes', async () => {
    for (const way of ['the socket of jcmd', 'Jolokia']) {
      const access = accessOf('UseZGC', way);
      const { flags } = await access.read(signal);
      const code = 'not-manageable';
      const told = access.setFlag('SoftMaxHeapSize', 1e12, signal);
      await expect(told).rejects.toMatchObject({ code });
      await expect(access.setFlag('MinHeapFreeRatio', 101, signal)).rejects.toMatchObject({ code });
      expect((await access.read(signal)).flags).toEqual(flags);
    }
  });

  realJolokia.it('Jolokia lets nobody in who does not know the password', async () => {
    const { url } = jvms.get('UseZGC') ?? expect.fail('no JVM');
    const wrong = join(classes().folder, 'wrong');
    await writeFile(wrong, 'guess\n');
    for (const options of [{ url }, { url, user: 'ops', passwordFile: wrong }]) {
      const code = 'refused';
      await expect(new Jolokia(options).read(signal)).rejects.toMatchObject({ code });
    }
  });

  realJolokia.it('under a controller its ceiling comes down to what it needs', async () => {
    const access = accessOf('UseZGC', 'the socket of jcmd');
    const resource = new JvmHeap({ access, min: 64 * mib, max: 512 * mib });
    const events: ControllerEvent[] = [];
    const onEvent = (event: ControllerEvent) => events.push(event);
    const settings = { holdMs: 1_000, deadlineMs: 20_000 };
    const controller = new Controller({ ...settings, resource, onEvent }).start();
    const sizeOf = async () => (await access.read(signal)).flags.SoftMaxHeapSize ?? 0;
    await until(async () => (await sizeOf()) < 300 * mib);
    // An operator sets it by hand: that is said, and it stays.
    await until(async () => {
      await access.setFlag('SoftMaxHeapSize', 444 * mib, signal);
      await delay(150);
      return events.some((each) => reasonsOf(each).includes('set-by-hand'));
    });
    await access.setFlag('SoftMaxHeapSize', 444 * mib, signal);
    await delay(500);
    expect(await sizeOf()).toBe(444 * mib);
    await controller.stop();
    expect(await sizeOf()).toBe(512 * mib);
    expect(events.filter(({ kind }) => kind === 'failed')).toEqual([]);
  });

  realJolokia.it('one that hangs is given up in time, and goes on', async () => {
    const { jvm, url } = jvms.get('UseZGC') ?? expect.fail('no JVM');
    const quick = { deadlineMs: 200 };
    const accesses = [
      new Jcmd({ jvm: jvm.pid, ...quick }),
      new Jcmd({ jvm: jvm.pid, program: ['jcmd'], deadlineMs: 1_000 }),
      new Jolokia({ url, user: 'ops', passwordFile, ...quick }),
    ];
    jvm.kill('SIGSTOP');
    for (const access of accesses) {
      await expect(access.read(signal)).rejects.toMatchObject({ code: 'no-answer' });
    }
    jvm.kill('SIGCONT');
    expect((await accessOf('UseZGC', 'the socket of jcmd').read(signal)).collector).toBe('z');
  });

  realJolokia.it('one that was killed is gone', async () => {
    const { jvm } = jvms.get('UseG1GC') ?? expect.fail('no JVM');
    const byJcmd = accessOf('UseG1GC', 'the socket of jcmd');
    const byProgram = accessOf('UseG1GC', 'the program jcmd');
    const byJolokia = accessOf('UseG1GC', 'Jolokia');
    await byJcmd.read(signal);
    await jvm.stop();
    await expect(byJcmd.read(signal)).rejects.toMatchObject({ code: 'no-such-jvm' });
    await expect(byProgram.read(signal)).rejects.toMatchObject({ code: 'no-such-jvm' });
    await expect(byJolokia.read(signal)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

realJvm.describe('a JVM by the name of its main class', () => {
  realJvm.it('is found again when it was restarted, with the settings it then has', async () => {
    const name = `shop-${process.pid}`;
    const options = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xms32m'];
    const access = new Jcmd({ jvm: `HeapLoad ${name}`, deadlineMs: 20_000 });
    await expect(access.read(signal)).rejects.toMatchObject({ code: 'no-such-jvm' });
    const first = await LoadJvm.start(classes(), [...options, '-Xmx256m'], name);
    const heap = new JvmHeap({ access, min: 32 * mib, max: 256 * mib });
    const before = await heap.measure(signal);
    const twin = await LoadJvm.start(classes(), [...options, '-Xmx256m'], name);
    await first.stop();
    const after = await heap.measure(signal);
    expect(after.instance).not.toBe(before.instance);
    await twin.stop();
    const small = await LoadJvm.start(classes(), [...options, '-Xmx128m'], name);
    await expect(heap.measure(signal)).rejects.toMatchObject({ code: 'beyond-maximum' });
    await small.stop();
  });

  realJvm.it(
    'is asked once, not ten times a second, to open a socket that it keeps shut',
    async () => {
      const options = ['-XX:+DisableAttachMechanism', '-XX:TieredStopAtLevel=1', '-Xmx64m'];
      const jvm = await LoadJvm.start(classes(), options);
      const access = new Jcmd({ jvm: jvm.pid, deadlineMs: 300 });
      await expect(access.read(signal)).rejects.toMatchObject({ code: 'no-answer' });
      await expect(access.read(signal)).rejects.toMatchObject({ code: 'refused' });
      await jvm.stop();
    },
  );

  realJvm.it('is never told to a program that a signal would end', async () => {
    const access = new Jcmd({ jvm: process.ppid });
    await expect(access.read(signal)).rejects.toMatchObject({ code: 'no-such-jvm' });
    expect(process.kill(process.ppid, 0)).toBe(true);
  });
});

async function withAgent(compiled: CompiledLoad, options: readonly string[]) {
  const agent = `${realJolokia.jar}=host=127.0.0.1,port=0,user=ops,password=${password}`;
  const jvm = await LoadJvm.start(compiled, [`-javaagent:${agent}`, ...options]);
  let url: string | undefined;
  await until(async () => {
    url = /http:\/\/\S+/.exec(jvm.said.join('\n'))?.[0];
    return url !== undefined;
  });
  return { jvm, url: url ?? '' };
}

function reasonsOf(event: ControllerEvent): readonly string[] {
  return event.kind === 'decision' ? event.decision.reasons : [];
}

/** Real components take their time; the test's own limit ends the wait. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(50);
}
