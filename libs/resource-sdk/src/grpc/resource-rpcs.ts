import { contracts, type managedResource } from '@levitate/contracts';
import type { LeaseClaim, ResourceMeasurement } from '@levitate/control';
import { refusalOf, type ServedService, serve } from '@levitate/grpc-kit';
import { withinDeadline } from '../deadline.ts';
import type { HostedResource, ResourceHost, ResourceKind } from './resource-host.ts';
import { ResourceRefusal, toRpcError } from './resource-refusal.ts';
import type { ServedResource } from './served-resource.ts';

/** Figures of one measurement that travel; the first ones, by their order. */
const metricsMax = 100;
/** Of the time that a caller gives: the rest is for the way back. */
const answerShare = 0.8;
/** Longest time one measurement gets, whatever the caller gives, ms. */
const givenMsMax = 60_000;

/** `levitate.managed_resource.v1.ManagedResourceService` over a host of resources. */
export function resourceRpcs(host: ResourceHost): ServedService {
  return serve(contracts.managedResource, {
    listResources: () => ({ resources: host.all.map(resourceToProto) }),
    async measure({ names, reader }, { deadlineUnixMs }) {
      const asked = names.length > 0 ? names : host.all.map(({ resource }) => resource.name);
      // One that hangs must not take the answer from the others.
      const deadlineMs = Math.min(givenMsMax, answerShare * (deadlineUnixMs - Date.now()));
      const outcomes = asked.map((name) => outcomeOf(host, { name, reader, deadlineMs }));
      return { outcomes: await Promise.all(outcomes) };
    },
    apply: (request) =>
      translated(async () => {
        const { size = 0 } = request;
        const originalSize = await host.one(request.name).apply({ ...claimOf(request), size });
        return { originalSize };
      }),
    acquireLease: (request) =>
      translated(async () => {
        const claim = { ...claimOf(request), ttlMs: request.ttlMs ?? 0 };
        const { remainingMs } = await host.one(request.name).acquire(claim);
        return { fencingToken: claim.token, remainingMs };
      }),
    renewLease: (request) =>
      translated(() =>
        host.one(request.name).renew({ ...claimOf(request), ttlMs: request.ttlMs ?? 0 }),
      ),
    releaseLease: (request) =>
      translated(async () => {
        const served = host.one(request.name);
        await served.release(claimOf(request));
        return { owedReason: served.status.owedReason };
      }),
    restore: (request) =>
      translated(async () => {
        const asked = request.name === '' ? host.all : [host.one(request.name)];
        const claim = request.holder === '' ? undefined : claimOf(request);
        const restored = await Promise.all(asked.map((served) => restoredOf(served, claim)));
        return { restored: restored.filter((one) => one !== undefined) };
      }),
  });
}

async function outcomeOf(
  host: ResourceHost,
  { name, reader, deadlineMs }: { name: string; reader: string; deadlineMs: number },
): Promise<managedResource.MeasureOutcomeInit> {
  try {
    const measured = await withinDeadline({ deadlineMs }, () => host.measure(name, reader));
    return { name, measurement: measurementToProto(measured, host.one(name)) };
  } catch (error) {
    const refusal = ResourceRefusal.ofResource(name, 'measured', error);
    const { reason, message } = refusalOf(toRpcError(refusal));
    return { name, failure: { reason, message } };
  }
}

async function restoredOf(
  served: ServedResource,
  claim: LeaseClaim | undefined,
): Promise<managedResource.RestoredResourceInit | undefined> {
  const restored = await served.restore(claim);
  if (restored === undefined) return undefined;
  const { originalSize, size = 0 } = restored;
  return { name: served.resource.name, originalSize, size, owedReason: served.status.owedReason };
}

function resourceToProto({ resource, status }: ServedResource): managedResource.ResourceInit {
  const { name, unit, min, max, quantum = 1, actuationDelayMs = 0 } = resource;
  const { kind = 'custom' } = resource as HostedResource;
  return { name, kind: kinds[kind], unit, min, max, quantum, actuationDelayMs, ...status };
}

const kinds: Readonly<Record<ResourceKind, managedResource.ResourceKind>> = {
  'thread-pool': 'RESOURCE_KIND_THREAD_POOL',
  memory: 'RESOURCE_KIND_MEMORY',
  'connection-pool': 'RESOURCE_KIND_CONNECTION_POOL',
  'load-balancer': 'RESOURCE_KIND_LOAD_BALANCER',
  buffer: 'RESOURCE_KIND_BUFFER',
  custom: 'RESOURCE_KIND_CUSTOM',
};

function measurementToProto(
  { size, need, rejected, delayS, instance }: ResourceMeasurement,
  { resource }: ServedResource,
): managedResource.MeasurementInit {
  const figures = Object.entries(resource.metrics?.() ?? {});
  const metrics = Object.fromEntries(
    figures.filter(([, value]) => Number.isFinite(value)).slice(0, metricsMax),
  );
  return { size, need, rejected, delaySeconds: delayS, instance: instance ?? '', metrics };
}

function claimOf(request: { holder: string; fencingToken?: number }): LeaseClaim {
  // Validation has refused requests without a token before they come here.
  return { holder: request.holder, token: request.fencingToken ?? 0 };
}

async function translated<Result>(operate: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await operate();
  } catch (error) {
    throw toRpcError(error);
  }
}
