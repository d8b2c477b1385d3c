import { contracts, type ebpfAgent } from '@levitate/contracts';
import type { Gains } from '@levitate/control';
import { samplesMessage } from '@levitate/feature-windows';
import { RpcError, refusalOf, type ServedService, serve } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import type { ActuatorKind } from './actuators/target.ts';
import type { Microburst } from './ebpf/microburst.ts';
import type { OpenedPrograms } from './ebpf/open-programs.ts';
import { programsToProto } from './ebpf/programs-proto.ts';
import { AgentError, toRpcError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import type { LimitControl } from './limit-control.ts';
import { limitOf } from './link-actuation.ts';
import type { AgentMetrics } from './metrics.ts';
import type { ReaderFeed } from './reader-feed.ts';
import type { Restored } from './restore-originals.ts';

/** A reader that fell behind gets what is left in messages of some 150 KB. */
const SAMPLES_PER_MESSAGE = 1_000;

/** What the RPCs are answered from. */
export interface AgentParts {
  kernel: Kernel;
  control: LimitControl;
  feed: ReaderFeed<Sample>;
  microbursts: ReaderFeed<Microburst>;
  opened: OpenedPrograms;
  metrics: AgentMetrics;
}

/** `levitate.ebpf_agent.v1.EbpfAgentService`. */
export function agentService(parts: AgentParts): ServedService {
  const { kernel, control, feed } = parts;
  return serve(contracts.ebpfAgent, {
    async *streamSamples(_request, { signal }) {
      const samples = feed.subscribe(signal);
      if (samples === undefined) throw tooManyReaders();
      for await (const { items, lost } of samples) {
        for (let at = 0; at < items.length; at += SAMPLES_PER_MESSAGE) {
          const part = items.slice(at, at + SAMPLES_PER_MESSAGE);
          yield samplesMessage(part, at === 0 ? lost : 0);
        }
      }
    },
    async *streamMicrobursts({ links }, { signal }) {
      const stream = parts.microbursts.subscribe(signal);
      if (stream === undefined) throw tooManyReaders();
      for await (const { items, lost } of stream) {
        const wanted = items.filter(({ link }) => links.length === 0 || links.includes(link));
        if (wanted.length > 0 || lost > 0) yield { microbursts: wanted, lost };
      }
    },
    listPrograms: () => programsToProto(parts.opened),
    listLinks: () => ({ links: linksOf(parts), kernel: kindOf(kernel) }),
    acquireLease: (request) =>
      translated(async () => {
        const lease = await control.acquire({ ...claimOf(request), ttlMs: request.ttlMs ?? 0 });
        return { ...lease, fencingToken: lease.token };
      }),
    renewLease: (request) =>
      translated(() => control.renew({ ...claimOf(request), ttlMs: request.ttlMs ?? 0 })),
    async renewLeases({ holder, ttlMs = 0, leases }) {
      return {
        outcomes: await eachAlone(leases, (lease) =>
          control.renew({ ...claimOf({ ...lease, holder }), ttlMs }),
        ),
      };
    },
    releaseLease: (request) => translated(() => control.release(claimOf(request))),
    setQueueLimit: (request) => translated(() => setLimit(parts, request)),
    async setQueueLimits({ holder, changes }) {
      return {
        outcomes: await eachAlone(changes, (change) => setLimit(parts, { ...change, holder })),
      };
    },
    restore: ({ link }) =>
      translated(async () => {
        const all = await control.restore(link === '' ? undefined : link);
        const failed = all.find(({ outcome }) => outcome === 'failed');
        if (failed !== undefined) throw failed.error;
        return { restored: restoredLinks(all) };
      }),
    getCapabilities: () => ({
      kernel: kindOf(kernel),
      simulatedReason: kernel.simulatedReason,
      capabilities: kernel.capabilities.map(({ name, present, detail, fix }) => {
        return { name, present, detail, fix };
      }),
    }),
  });
}

async function setLimit(
  { control, metrics }: AgentParts,
  request: ebpfAgent.SetQueueLimitRequest,
): Promise<ebpfAgent.SetQueueLimitResponseInit> {
  const { link, limitBytes = 0, gains } = request;
  try {
    const change = await control.setLimit({
      ...claimOf(request),
      limitBytes,
      gains: gainsOf(gains),
    });
    metrics.limitChanges.inc({ link, outcome: 'changed' });
    return change;
  } catch (error) {
    const code = error instanceof AgentError ? error.code : 'INTERNAL';
    // A name that is not of a link is the caller's word and would grow the metric.
    if (code !== 'LINK_UNKNOWN') metrics.limitChanges.inc({ link, outcome: code });
    throw error;
  }
}

/** Validated: all three are there, or none is meant. */
function gainsOf(gains: ebpfAgent.QueueGains | null): Gains | undefined {
  return gains === null ? undefined : { kp: gains.kp ?? 0, ki: gains.ki ?? 0, kd: gains.kd ?? 0 };
}

/** Each item of a batch, none of which another's refusal touches. */
function eachAlone<Item extends { link: string }, Answer extends object>(
  items: readonly Item[],
  operate: (item: Item) => Promise<Answer>,
) {
  return Promise.all(
    items.map(async (item) => {
      const { link } = item;
      try {
        return { link, ...(await operate(item)) };
      } catch (error) {
        return { link, refusal: refusalOf(toRpcError(error)) };
      }
    }),
  );
}

/** One entry a link: of many connections the smallest limit counts. */
function restoredLinks(all: readonly Restored[]): ebpfAgent.RestoredLinkInit[] {
  const limits = new Map<string, number>();
  for (const { link, limitBytes, outcome } of all) {
    if (outcome !== 'restored') continue;
    limits.set(link, Math.min(limitBytes, limits.get(link) ?? limitBytes));
  }
  return [...limits].map(([link, limitBytes]) => ({ link, limitBytes }));
}

function linksOf({ kernel, control }: AgentParts): ebpfAgent.LinkInit[] {
  const readings = kernel.inspectAll();
  const outcomes = control.lookAll();
  return kernel.links.map((link, index) => {
    const { reading } = readings[index] ?? {};
    const { actuation, reason, unavailable = [] } = outcomes[index] ?? {};
    const { holder, token, originalLimitBytes } = control.status(link.name);
    const limitBytes = actuation === undefined ? (reading?.limitBytes ?? 0) : limitOf(actuation);
    return {
      link: link.name,
      interface: link.interface,
      qdisc: reading?.kind ?? '',
      controllable: actuation !== undefined,
      notControllableReason: reason ?? '',
      limitBytes,
      originalLimitBytes: originalLimitBytes ?? limitBytes,
      drainBytesPerSecond: reading?.drainBytesPerSecond ?? 0,
      sentBytes: reading?.sentBytes ?? 0,
      sentPackets: reading?.sentPackets ?? 0,
      droppedPackets: reading?.dropped ?? 0,
      backlogBytes: reading?.backlogBytes ?? 0,
      leaseHolder: holder,
      fencingToken: token,
      actuator: actuation === undefined ? 'ACTUATOR_KIND_UNSPECIFIED' : protoKinds[actuation.kind],
      actuatorTarget: actuation?.label ?? '',
      actuatorsUnavailable: unavailable.map((one) => ({
        kind: protoKinds[one.kind],
        reason: one.reason,
      })),
    };
  });
}

const protoKinds: Readonly<Record<ActuatorKind, ebpfAgent.ActuatorKind>> = {
  qdisc: 'ACTUATOR_KIND_QDISC',
  'socket-buffers': 'ACTUATOR_KIND_SOCKET_BUFFERS',
  sysctl: 'ACTUATOR_KIND_SYSCTL',
  'bpf-map': 'ACTUATOR_KIND_BPF_MAP',
  simulated: 'ACTUATOR_KIND_SIMULATED',
};

function claimOf(request: { link: string; holder: string; fencingToken?: number }) {
  // Validation has refused requests without a token before they come here.
  return { link: request.link, holder: request.holder, token: request.fencingToken ?? 0 };
}

function kindOf(kernel: Kernel): ebpfAgent.KernelKind {
  return kernel.kind === 'real' ? 'KERNEL_KIND_REAL' : 'KERNEL_KIND_SIMULATED';
}

function tooManyReaders(): RpcError {
  return new RpcError({
    code: 'RESOURCE_EXHAUSTED',
    reason: 'TOO_MANY_READERS',
    message: 'this agent has 64 readers of this stream already; close one, or read telemetry',
  });
}

async function translated<Result>(operate: () => Promise<Result>): Promise<Result> {
  try {
    return await operate();
  } catch (error) {
    throw toRpcError(error);
  }
}
