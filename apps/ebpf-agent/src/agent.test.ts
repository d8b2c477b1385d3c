import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts } from '@levitate/contracts';
import { type Client, connect, RpcError } from '@levitate/grpc-kit';
import { Readiness, type RunningService, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startAgent } from './agent.ts';
import { agentConfig } from './config.ts';

type AgentClient = Client<NonNullable<typeof contracts.ebpfAgent.methods>>;

let folder: string;
let service: RunningService;
let client: AgentClient;
const registry = new Registry();
const readiness = new Readiness();

const silent = new Proxy({}, { get: () => () => {} });

beforeEach(async () => {
  registry.clear();
  folder = await mkdtemp(join(tmpdir(), 'levitate-agent-'));
  const config = agentConfig.parse({
    listen: '127.0.0.1:0',
    state_directory: folder,
    kernel: 'simulated',
    interval_ms: 50,
  });
  service = await startAgent({
    config,
    logger: silent as never,
    registry,
    clock: systemClock,
    readiness,
    signal: new AbortController().signal,
  });
  client = connect(contracts.ebpfAgent, { address: service.grpcServer?.address ?? '' });
});
afterEach(async () => {
  client.close();
  await service.drain(1_000);
  await rm(folder, { recursive: true });
});

async function refusalOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RpcError) return error;
  throw new Error(`not an RpcError: ${String(error)}`);
}

it('the simulated kernel says that it is one, everywhere', async () => {
  const { kernel, simulatedReason, capabilities } = await client.getCapabilities({});
  expect(kernel).toBe('KERNEL_KIND_SIMULATED');
  expect(simulatedReason).toBe('the configuration says `kernel: simulated`');
  expect(capabilities.map(({ name }) => name)).toContain('tc');
  const listed = await client.listLinks({});
  expect(listed.kernel).toBe('KERNEL_KIND_SIMULATED');
  expect(listed.links.map(({ link, qdisc }) => [link, qdisc])).toEqual([
    ['reactive', 'simulated'],
    ['predictive', 'simulated'],
  ]);
  expect(listed.links[0]).toMatchObject({
    ...{ actuator: 'ACTUATOR_KIND_SIMULATED', actuatorTarget: 'simulated queue sim0' },
    actuatorsUnavailable: [],
  });
  expect(await registry.metrics()).toContain(
    'levitate_agent_actuator{link="predictive",actuator="simulated"} 1',
  );
  for await (const { samples } of client.streamSamples({})) {
    expect(samples.map(({ origin }) => origin)).toContain('SAMPLE_ORIGIN_SIMULATED');
    break;
  }
});

it('each interval brings a sample of each link, in sequence, equal for equal traffic', async () => {
  const sequences = new Map<string, number[]>();
  let packets: (number | undefined)[] = [];
  for await (const { samples, lost } of client.streamSamples({})) {
    expect(lost).toBe(0);
    packets = samples.map(({ packetsPerSecond }) => packetsPerSecond);
    for (const { link, sequence = 0 } of samples) {
      sequences.set(link, [...(sequences.get(link) ?? []), sequence]);
    }
    if ((sequences.get('reactive')?.length ?? 0) >= 5) break;
  }
  const [reactive = [], predictive] = [sequences.get('reactive'), sequences.get('predictive')];
  expect(predictive).toEqual(reactive);
  expect(reactive).toEqual(reactive.map((_, index) => (reactive[0] ?? 0) + index));
  expect(packets[0]).toBeGreaterThan(0);
  expect(packets[1]).toBe(packets[0]);
});

it('a controller takes the lease, changes the limit, sees it and gives it back', async () => {
  const claim = { link: 'predictive', holder: 'controller', fencingToken: 1 };
  const lease = await client.acquireLease({ ...claim, ttlMs: 60_000 });
  expect(lease).toMatchObject({ fencingToken: 1, originalLimitBytes: 524_288 });
  const change = await client.setQueueLimit({ ...claim, limitBytes: 1_000_000 });
  expect(change).toMatchObject({ limitBytes: 1_000_000, previousLimitBytes: 524_288 });
  const [reactive, predictive] = (await client.listLinks({})).links;
  expect(reactive).toMatchObject({ limitBytes: 524_288, leaseHolder: '', fencingToken: 0 });
  expect(predictive).toMatchObject({
    limitBytes: 1_000_000,
    originalLimitBytes: 524_288,
    leaseHolder: 'controller',
    fencingToken: 1,
    controllable: true,
  });
  for await (const { samples } of client.streamSamples({})) {
    const limits = samples.filter(({ link }) => link === 'predictive').map((one) => one.limitBytes);
    if (limits.includes(1_000_000)) break;
  }
  expect((await client.renewLease({ ...claim, ttlMs: 500 })).remainingMs).toBeCloseTo(500);
  expect(await client.releaseLease(claim)).toEqual({ limitBytes: 524_288 });
  const text = await registry.metrics();
  expect(text).toContain('levitate_agent_limit_bytes{link="predictive"} 524288');
  expect(text).toContain(
    'levitate_agent_restores_total{link="predictive",reason="released",outcome="restored"} 1',
  );
});

it('a batch renews and changes each link by itself, in the order of the request', async () => {
  const holder = 'controller';
  await client.acquireLease({ link: 'reactive', holder, fencingToken: 1, ttlMs: 60_000 });
  const links = ['nope', 'reactive', 'predictive'];
  const held = links.map((link) => ({ link, fencingToken: 1 }));
  const renewed = await client.renewLeases({ holder, ttlMs: 60_000, leases: held });
  expect(renewed.outcomes).toMatchObject([
    { link: 'nope', refusal: { code: 'NOT_FOUND', reason: 'LINK_UNKNOWN' } },
    { link: 'reactive', remainingMs: expect.closeTo(60_000), refusal: null },
    { link: 'predictive', refusal: { code: 'FAILED_PRECONDITION', reason: 'LEASE_NOT_HELD' } },
  ]);
  const changes = held.map((one) => ({ ...one, limitBytes: 900_000 }));
  const changed = await client.setQueueLimits({ holder, changes });
  expect(changed.outcomes).toMatchObject([
    { link: 'nope', refusal: { reason: 'LINK_UNKNOWN' } },
    { link: 'reactive', limitBytes: 900_000, previousLimitBytes: 524_288, refusal: null },
    { link: 'predictive', refusal: { reason: 'LEASE_NOT_HELD' } },
  ]);
});

it('an expired lease is restored without anyone asking', async () => {
  const claim = { link: 'predictive', holder: 'controller', fencingToken: 1 };
  await client.acquireLease({ ...claim, ttlMs: 500 });
  await client.setQueueLimit({ ...claim, limitBytes: 1_000_000 });
  await expect
    .poll(async () => (await client.listLinks({})).links[1]?.limitBytes, { timeout: 10_000 })
    .toBe(524_288);
});

it('refusals carry a stable reason, the number and the field', async () => {
  const claim = { link: 'predictive', holder: 'controller', fencingToken: 3 };
  const set = (change: object) =>
    refusalOf(client.setQueueLimit({ ...claim, limitBytes: 1_000_000, ...change }));
  expect(await set({ link: 'nope' })).toMatchObject({ code: 'NOT_FOUND', reason: 'LINK_UNKNOWN' });
  expect(await set({})).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'LEASE_NOT_HELD' });
  await client.acquireLease({ ...claim, ttlMs: 60_000 });
  expect(await set({ fencingToken: 2 })).toMatchObject({
    reason: 'LEASE_STALE_TOKEN',
    metadata: { highest_token: '3' },
  });
  expect(await set({ limitBytes: 100 })).toMatchObject({
    code: 'INVALID_ARGUMENT',
    reason: 'LIMIT_OUT_OF_BOUNDS',
    violations: [{ field: 'limit_bytes', description: expect.stringContaining('3028') }],
  });
  expect((await set({ limitBytes: Number.NaN })).violations[0]?.field).toBe('limit_bytes');
  expect((await set({ limitBytes: -1 })).violations[0]?.field).toBe('limit_bytes');
});

it('stopping ends streams and frees the state directory', async () => {
  const stream = client.streamSamples({})[Symbol.asyncIterator]();
  await stream.next();
  await service.drain(1_000);
  const end = async () => {
    while (!(await stream.next()).done);
  };
  await end().catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'UNAVAILABLE', reason: 'SERVER_STOPPING' });
  });
  const { StateDirectory } = await import('@levitate/service-kit');
  await (await StateDirectory.open(join(folder, 'ebpf-agent'))).close();
});
