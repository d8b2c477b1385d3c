import { randomUUID } from 'node:crypto';
import { contracts, type managedResource } from '@levitate/contracts';
import type { ResourceMeasurement } from '@levitate/control';
import { type Client, connect, RpcError, type TlsFiles } from '@levitate/grpc-kit';

/** The RPCs of a server of resources, as a client calls them. */
export type ResourceCalls = Client<managedResource.ManagedResourceServiceMethods>;

/** @see RemoteResources */
export interface RemoteResourcesOptions {
  /** `host:port`. */
  address: string;
  /** Mutual TLS 1.3; without it plaintext. */
  tls?: TlsFiles | undefined;
  /** Longest time a call may take, ms; default 1,000. */
  deadlineMs?: number | undefined;
  /** Under which name peaks are kept for this client; default one of its own. */
  reader?: string | undefined;
}

/** What a resource said of itself when it was measured. */
export interface RemoteMeasurement {
  measured: ResourceMeasurement;
  metrics: Readonly<Record<string, number>>;
}

/** Names that one call may measure. */
const namesMax = 1_000;

/**
 * The resources of one server, over one connection. Those that are measured in the same turn of the
 * event loop are measured in one call.
 */
export class RemoteResources {
  readonly calls: ResourceCalls;
  readonly #reader: string;
  /** Who waits for a measurement that is asked for at the end of this turn. */
  #waiting = new Map<string, PromiseWithResolvers<RemoteMeasurement>>();

  constructor(options: RemoteResourcesOptions) {
    const { address, tls, deadlineMs = 1_000, reader } = options;
    this.calls = connect(contracts.managedResource, { address, tls, deadlineMs });
    this.#reader = reader ?? randomUUID();
  }

  /** What is fixed about a resource, and who holds it. @throws RpcError */
  async facts(name: string): Promise<managedResource.Resource> {
    const { resources } = await this.calls.listResources({});
    const found = resources.find((one) => one.name === name);
    if (found !== undefined) return found;
    const known = resources.slice(0, 20).map((one) => one.name);
    throw new RpcError({
      code: 'NOT_FOUND',
      reason: 'RESOURCE_UNKNOWN',
      message: `no resource ${name}; known are: ${known.join(', ')}`,
    });
  }

  /** How one has done since it was measured last. @throws RpcError */
  measure(name: string): Promise<RemoteMeasurement> {
    const waiting = this.#waiting;
    if (waiting.size === 0) setImmediate(() => void this.#measureAll());
    const asked = waiting.get(name) ?? Promise.withResolvers<RemoteMeasurement>();
    waiting.set(name, asked);
    return asked.promise;
  }

  close(): void {
    this.calls.close();
  }

  async #measureAll(): Promise<void> {
    const asked = [...this.#waiting];
    this.#waiting = new Map();
    for (let at = 0; at < asked.length; at += namesMax) {
      await this.#measureSome(new Map(asked.slice(at, at + namesMax)));
    }
  }

  async #measureSome(asked: ReadonlyMap<string, PromiseWithResolvers<RemoteMeasurement>>) {
    try {
      const request = { names: [...asked.keys()], reader: this.#reader };
      const { outcomes } = await this.calls.measure(request);
      const answers = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
      for (const [name, { resolve, reject }] of asked) {
        const { measurement, failure } = answers.get(name) ?? {};
        if (measurement) resolve(measurementOf(measurement));
        else reject(failed(name, failure));
      }
    } catch (error) {
      for (const { reject } of asked.values()) reject(error);
    }
  }
}

function measurementOf(measurement: managedResource.Measurement): RemoteMeasurement {
  const { size, need, rejected, delaySeconds: delayS, metrics } = measurement;
  const instance = measurement.instance === '' ? undefined : measurement.instance;
  return { measured: { size, need, rejected, delayS, instance }, metrics };
}

function failed(name: string, failure: managedResource.MeasureFailure | null | undefined) {
  return new RpcError({
    code: 'FAILED_PRECONDITION',
    reason: failure?.reason || 'RESOURCE_FAILED',
    message: failure?.message || `the server did not measure ${name}`,
    received: true,
  });
}
