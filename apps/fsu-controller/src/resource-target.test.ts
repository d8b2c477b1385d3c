import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedResource } from '@levitate/resource-sdk';
import { type ResourceServer, serveResources } from '@levitate/resource-sdk/grpc';
import { describe, expect, it } from 'vitest';
import { ControllerFixture } from './testing/controller-fixture.ts';

/** A pool of workers that another process serves. */
class Workers implements ManagedResource {
  readonly unit = 'threads';
  readonly min = 1;
  readonly max = 128;
  readonly name: string;
  size = 8;
  need = 4;
  isBroken = false;

  constructor(name = 'workers') {
    this.name = name;
  }

  measure() {
    if (this.isBroken) throw new Error('the pool is gone');
    return { size: this.size, need: this.need };
  }

  apply(size: number) {
    this.size = size;
  }

  metrics() {
    return { busy: this.need };
  }
}

/** The process of the resources, and a controller with targets on them. */
async function served(
  resources: Workers[],
  targets: (address: string) => ({ name: string } & Record<string, unknown>)[],
  config: Record<string, unknown> = {},
) {
  const server = await serveResources({ resources, listen: '127.0.0.1:0' });
  const fixture = await ControllerFixture.start({ targets: targets(server.address), config });
  return { server, fixture, [Symbol.asyncDispose]: () => ended(fixture, server) };
}

async function ended(fixture: ControllerFixture, server: ResourceServer) {
  await fixture[Symbol.asyncDispose]();
  await server.stop();
}

const pool = (address: string, more: Record<string, unknown> = {}) => ({
  name: 'pool',
  resource: 'thread_pool',
  source: `resource://${address}/workers`,
  min: 2,
  max: 64,
  mode: 'enforce',
  ...more,
});

describe('a target with a source', () => {
  it('is measured, sized under its lease, explained, and put back at the end', async () => {
    const workers = new Workers();
    workers.need = 24;
    await using stand = await served([workers], (address) => [pool(address)]);
    const { fixture } = stand;
    await fixture.until(() => workers.size >= 24, 'the pool has grown');
    expect(workers.size).toBeLessThanOrEqual(33);
    const target = await fixture.target('pool');
    expect(target).toMatchObject({
      resource: 'RESOURCE_KIND_THREAD_POOL',
      unit: 'threads',
      leaseHeld: true,
      originalLimitBytes: 8,
      limitBytesMin: 2,
      limitBytesMax: 64,
      metrics: { busy: 24 },
    });
    const applied = (await fixture.decisions('pool')).filter((one) => one.applied);
    expect(applied.at(-1)?.text).toMatch(/^Raise 8 threads to \d+ threads: /);
    const { tick } = await fixture.client.explainDecision({ id: applied[0]?.id ?? 0 });
    expect(tick?.decision?.unit).toBe('threads');
    await fixture.stopController();
    expect(workers.size).toBe(8);
  });

  it('stays within the bounds of its target, which are narrower than its own', async () => {
    const workers = new Workers();
    workers.need = 1_000;
    await using stand = await served([workers], (address) => [pool(address, { max: 40 })]);
    await stand.fixture.until(() => workers.size === 40, 'the pool is as large as it may be');
    for (let look = 0; look < 20; look++) await stand.fixture.decisions();
    expect(workers.size).toBe(40);
  });

  it('follows orders: observe, pause and rollback put the original back', async () => {
    const workers = new Workers();
    workers.need = 24;
    await using stand = await served([workers], (address) => [pool(address)]);
    const { fixture } = stand;
    const { client } = fixture;
    const grown = () => fixture.until(() => workers.size >= 24, 'the pool has grown');
    await grown();
    await client.pause({ reason: 'incident' });
    expect(workers.size).toBe(8);
    await client.resume({});
    await grown();
    await client.setMode({ target: 'pool', mode: 'MODE_OBSERVE' });
    expect(workers.size).toBe(8);
    await client.setMode({ target: 'pool', mode: 'MODE_ENFORCE' });
    await grown();
    await client.rollback({ target: 'pool' });
    expect(workers.size).toBe(8);
    expect(await fixture.target('pool')).toMatchObject({ mode: 'MODE_OBSERVE' });
  });

  it('recommends without changing, a line for each new size', async () => {
    const workers = new Workers();
    workers.need = 24;
    const recommend = { mode: 'recommend' };
    await using stand = await served([workers], (address) => [pool(address, recommend)]);
    const { fixture } = stand;
    await fixture.until(
      async () => (await fixture.decisions('pool')).length > 0,
      'something is recommended',
    );
    const [decision] = await fixture.decisions('pool');
    expect(decision).toMatchObject({ applied: false, beforeBytes: 8 });
    expect(decision?.reasons).toContain('mode-recommend');
    expect(workers.size).toBe(8);
  });

  it('is tried until its server is there', async () => {
    const workers = new Workers();
    workers.need = 24;
    const first = await serveResources({ resources: [], listen: '127.0.0.1:0' });
    const { address } = first;
    await first.stop();
    await using fixture = await ControllerFixture.start({ targets: [pool(address)] });
    expect(await fixture.target('pool')).toMatchObject({ reasons: ['not-measured'] });
    const server = await serveResources({ resources: [workers], listen: address });
    await fixture.until(() => workers.size >= 24, 'the pool has grown');
    await fixture.stopController();
    await server.stop();
  });

  it('waits for the roll-out, enforces with it, and is put back when it ends', async () => {
    const [one, other] = [new Workers('one'), new Workers('other')];
    one.need = 24;
    other.need = 24;
    await using stand = await served([one, other], (address) => [
      pool(address, { name: 'a', source: `resource://${address}/one`, canary: true, host: 'h1' }),
      pool(address, { name: 'b', source: `resource://${address}/other`, canary: true, host: 'h2' }),
    ]);
    const { fixture } = stand;
    const { client } = fixture;
    await fixture.until(
      async () => (await fixture.target('a')).reasons.includes('canary-wait'),
      'the target waits',
    );
    expect([one.size, other.size]).toEqual([8, 8]);
    const { canaries } = await client.startCanary({});
    expect(canaries[0]).toMatchObject({ phase: 'CANARY_PHASE_SOAKING', enforcingHosts: ['h1'] });
    await fixture.until(() => one.size >= 24, 'the first host enforces');
    expect(other.size).toBe(8);
    await client.abortCanary({ reason: 'enough' });
    expect(one.size).toBe(8);
    expect((await client.getCanary({})).canaries[0]).toMatchObject({
      phase: 'CANARY_PHASE_ROLLED_BACK',
      reason: 'enough',
    });
  });

  it('comes and goes with the file of targets, which disturbs no other', async () => {
    const [one, other] = [new Workers('one'), new Workers('other')];
    one.need = 24;
    other.need = 24;
    const path = join(tmpdir(), `levitate-targets-${process.pid}.yaml`);
    const line = (name: string, source: string) =>
      `  - { name: ${name}, resource: thread_pool, source: "${source}", min: 2, max: 64, ` +
      'mode: enforce }\n';
    await writeFile(path, 'targets: []\n');
    await using stand = await served([one, other], () => [], { targets_file: path });
    const { fixture, server } = stand;
    const at = (name: string) => `resource://${server.address}/${name}`;
    const reread = async (text: string) => {
      await writeFile(path, text);
      process.emit('SIGHUP');
    };
    await reread(`targets:\n${line('a', at('one'))}${line('b', at('other'))}`);
    await fixture.until(() => one.size >= 24 && other.size >= 24, 'both are ruled');
    const { changes } = await fixture.target('a');
    await reread('targets:\n  - { name: a, resource: magic }\n');
    await fixture.until(
      () => fixture.logged.some(({ text }) => text.includes('file of targets is faulty')),
      'the fault is told',
    );
    await reread(`targets:\n${line('a', at('one'))}`);
    await fixture.until(() => other.size === 8, 'the one that is gone is put back');
    const names = async () =>
      (await fixture.client.listTargets({})).targets.map(({ name }) => name).join();
    await fixture.until(async () => (await names()) === 'a', 'only the other is left');
    expect((await fixture.target('a')).changes).toBe(changes);
  });
});
