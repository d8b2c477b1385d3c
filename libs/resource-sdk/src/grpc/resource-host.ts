import type { Clock } from '@levitate/clock';
import type { ResourceMeasurement } from '@levitate/control';
import { systemClock } from '@levitate/service-kit';
import type { Delay } from '../deadline.ts';
import type { ManagedResource } from '../managed-resource.ts';
import { type OriginalStore, OriginalsInMemory } from '../original-store.ts';
import { type LeaseRecords, LeasesInMemory } from './lease-records.ts';
import { ResourceRefusal } from './resource-refusal.ts';
import type { RestoreEvent } from './served-original.ts';
import { ServedResource } from './served-resource.ts';

/** What sort of thing a resource is. */
export type ResourceKind =
  | 'thread-pool'
  | 'memory'
  | 'connection-pool'
  | 'load-balancer'
  | 'buffer'
  | 'custom';

/** A resource that says of which sort it is; without a word `custom`. */
export interface HostedResource extends ManagedResource {
  readonly kind?: ResourceKind | undefined;
}

/** @see ResourceHost */
export interface ResourceHostOptions {
  /** At most 1,000; their names are unique here. */
  resources: readonly HostedResource[];
  /** Where originals are noted before the first change; default in memory. */
  originals?: OriginalStore | undefined;
  /** Where leases are kept; default in memory. */
  leases?: LeaseRecords | undefined;
  /** Longest time a measurement or a change may take, ms; default 1,000. */
  deadlineMs?: number | undefined;
  /** Told of every restore, and of every attempt that failed; default nobody. */
  onRestore?: ((event: RestoreEvent) => void) | undefined;
  /** Default the clocks of this machine. */
  clock?: Clock | undefined;
  /** How to wait; default by the timers of this machine. */
  wait?: Delay | undefined;
}

/** Resources that one host serves. */
export const hostedResourcesMax = 1_000;
/** How often lapsed leases are looked for, ms. */
const tickMs = 100;
/** What a name becomes part of is the name of a file. */
const resourceName = /^\w[\w.-]{0,99}$/;

/**
 * The resources of one process under their leases. Whatever can be done to them over the network is
 * a method here; `resourceRpcs` puts them on a server.
 */
export class ResourceHost {
  readonly #served: ReadonlyMap<string, ServedResource>;
  /** This run of the process: with it a resource is restarted that names no run of its own. */
  readonly #instance: string;
  #timer: NodeJS.Timeout | undefined;

  /**
   * Reads what an earlier run left, and puts back what nobody may come back for.
   * @throws StateDirectoryError, ResourceRefusal `RECORD_UNREADABLE`
   * @throws TypeError for names that are not unique or cannot be file names
   */
  static async open(options: ResourceHostOptions): Promise<ResourceHost> {
    checkNames(options.resources);
    const { clock = systemClock, deadlineMs = 1_000, wait, onRestore = () => {} } = options;
    const { originals = new OriginalsInMemory(), leases = new LeasesInMemory() } = options;
    const common = { originals, leases, clock, deadlineMs, wait, onRestore };
    const served = await Promise.all(
      options.resources.map((resource) => ServedResource.open({ ...common, resource })),
    );
    const host = new ResourceHost(served, `${process.pid}-${Math.round(clock.unixMs())}`);
    await host.tick();
    return host;
  }

  private constructor(served: readonly ServedResource[], instance: string) {
    this.#served = new Map(served.map((one) => [one.resource.name, one]));
    this.#instance = instance;
  }

  get all(): ServedResource[] {
    return [...this.#served.values()];
  }

  /** @throws ResourceRefusal `RESOURCE_UNKNOWN` */
  one(name: string): ServedResource {
    const served = this.#served.get(name);
    if (served !== undefined) return served;
    const known = [...this.#served.keys()].slice(0, 20).join(', ');
    const message = `no resource ${name}; known are: ${known}`;
    throw new ResourceRefusal({ code: 'RESOURCE_UNKNOWN', message });
  }

  /** How one has done since this reader asked last. @throws ResourceRefusal */
  async measure(name: string, reader: string): Promise<ResourceMeasurement> {
    const measured = await this.one(name).measure(reader);
    return { ...measured, instance: measured.instance ?? this.#instance };
  }

  /** Look for lapsed leases from now on. */
  start(): this {
    this.#timer ??= setInterval(() => void this.tick(), tickMs);
    this.#timer.unref();
    return this;
  }

  /** One look at all of them; `start` makes them. */
  async tick(): Promise<void> {
    await Promise.all(this.all.map((served) => served.tick()));
  }

  /** Put every original back, and refuse everything from now on. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.all.map((served) => served.stop().catch(() => {})));
  }
}

function checkNames(resources: readonly HostedResource[]): void {
  if (resources.length > hostedResourcesMax) {
    const message = `at most ${hostedResourcesMax} resources are served, not ${resources.length}`;
    throw new TypeError(message);
  }
  const seen = new Set<string>();
  for (const { name } of resources) {
    const wanted = 'must have at most 100 letters, digits, ".", "-" and "_"';
    if (!resourceName.test(name)) throw new TypeError(`name of a resource: ${wanted}, was ${name}`);
    if (seen.has(name)) throw new TypeError(`two resources are called ${name}`);
    seen.add(name);
  }
}
