import {
  type Capability,
  KernelError,
  namespaceInode,
  type Qdisc,
  QdiscTable,
  ROOT_PARENT,
} from '@levitate/kernel';
import { bootId, isSameQueue, restoreQueue } from './actuators/restore-queue.ts';
import type {
  Kernel,
  QueueIdentity,
  QueueInspection,
  QueueReading,
  RestoreOutcome,
} from './kernel.ts';
import {
  absentLink,
  inspectLink,
  QdiscIndex,
  type RealLink,
  readingOf,
} from './queue-inspection.ts';

/** What a real kernel is made from. */
export interface RealKernelOptions {
  links: readonly RealLink[];
  capabilities: readonly Capability[];
  /** Told of each failure of the kernel, once for each time it begins. */
  onFault: (fault: { netns: string | undefined; error: KernelError }) => void;
}

/** Root qdiscs of real interfaces, one netlink dump for each namespace and poll. */
export class RealKernel implements Kernel {
  readonly kind = 'real';
  readonly simulatedReason = '';
  readonly capabilities: readonly Capability[];
  readonly links: readonly RealLink[];
  readonly #readings: (QueueReading | undefined)[];
  readonly #places: Place[];
  readonly #boot = bootId();
  #isReviewed = false;

  constructor(options: RealKernelOptions) {
    this.links = options.links;
    this.capabilities = options.capabilities;
    this.#readings = options.links.map(() => undefined);
    const byNamespace = Map.groupBy(options.links.keys(), (index) => options.links[index]?.netns);
    this.#places = [...byNamespace].map(
      ([netns, indexes]) => new Place({ netns, links: options.links, indexes }, options.onFault),
    );
  }

  poll(): readonly (QueueReading | undefined)[] {
    if (!this.#isReviewed) this.review();
    for (const place of this.#places) place.read(this.#readings);
    return this.#readings;
  }

  review(): void {
    this.#isReviewed = true;
    for (const place of this.#places) place.review();
  }

  inspectAll(): QueueInspection[] {
    const inspections = this.links.map(({ netns }) =>
      absentLink(`the namespace ${netns ?? ''} cannot be read`),
    );
    for (const place of this.#places) place.inspect(inspections, this.#boot);
    return inspections;
  }

  setLimit(identity: QueueIdentity, limit: number): { previousLimit: number; limit: number } {
    const place = this.#places.find((one) => one.isNamespace(identity));
    if (place === undefined) throw foreignNamespace(identity);
    return place.setLimit(identity, limit);
  }

  restore(identity: QueueIdentity, limit: number): RestoreOutcome {
    return restoreQueue(identity, limit);
  }

  close(): void {
    for (const place of this.#places) place.close();
  }
}

/** The links of one namespace and the table they are read from. */
class Place {
  readonly #netns: string | undefined;
  readonly #onFault: RealKernelOptions['onFault'];
  readonly #links: readonly RealLink[];
  readonly #indexes: readonly number[];
  readonly #byInterface: ReadonlyMap<string, readonly number[]>;
  #table: QdiscTable | undefined;
  #inode: number | undefined;
  #isFaulty = false;

  constructor(
    options: { netns: string | undefined; links: readonly RealLink[]; indexes: readonly number[] },
    onFault: RealKernelOptions['onFault'],
  ) {
    this.#netns = options.netns;
    this.#onFault = onFault;
    this.#links = options.links;
    this.#indexes = options.indexes;
    this.#byInterface = Map.groupBy(
      options.indexes,
      (index) => options.links[index]?.interface ?? '',
    );
  }

  isNamespace({ netns, netnsInode }: QueueIdentity): boolean {
    return netns === this.#netns && netnsInode === this.#inode;
  }

  /** Follow a namespace that was made anew and interfaces that were renamed. */
  review(): void {
    if (this.#table?.isStale()) this.close();
    this.#attempt(() => {
      if (this.#table === undefined) this.#open();
      else this.#table.refreshNames();
    });
  }

  read(readings: (QueueReading | undefined)[]): void {
    for (const index of this.#indexes) readings[index] = undefined;
    for (const qdisc of this.dump() ?? []) {
      if (qdisc.parent !== ROOT_PARENT) continue;
      for (const index of this.#byInterface.get(qdisc.interface) ?? []) {
        const link = this.#links[index];
        if (link !== undefined) readings[index] = readingOf(qdisc, link);
      }
    }
  }

  /** Put what is found of its links into the list of all links. */
  inspect(inspections: QueueInspection[], boot: string): void {
    const qdiscs = this.look();
    if (qdiscs === undefined) return;
    const index = new QdiscIndex(qdiscs);
    const place = { bootId: boot, netnsInode: namespaceInode(this.#netns) ?? 0 };
    for (const at of this.#indexes) {
      const link = this.#links[at];
      if (link !== undefined) inspections[at] = inspectLink(link, index, place);
    }
  }

  /** As `dump`, without waiting for the next review where the namespace could not be read. */
  look(): Qdisc[] | undefined {
    if (this.#table === undefined) this.review();
    return this.dump();
  }

  dump(): Qdisc[] | undefined {
    return this.#attempt(() => this.#table?.dump());
  }

  setLimit(identity: QueueIdentity, limit: number): { previousLimit: number; limit: number } {
    const table = this.#table ?? this.#open();
    const present = table.read(identity);
    if (!isSameQueue(present, identity)) throw changed(identity);
    return table.setLimit(present, limit);
  }

  close(): void {
    this.#table?.close();
    this.#table = undefined;
  }

  #open(): QdiscTable {
    this.#table = QdiscTable.open({ netns: this.#netns });
    this.#inode = namespaceInode(this.#netns);
    return this.#table;
  }

  /** A fault is told when it begins, not a hundred times a second while it lasts. */
  #attempt<T>(body: () => T): T | undefined {
    try {
      const result = body();
      if (this.#table !== undefined) this.#isFaulty = false;
      return result;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (!this.#isFaulty) this.#onFault({ netns: this.#netns, error });
      this.#isFaulty = true;
      this.close();
      return undefined;
    }
  }
}

function changed(identity: QueueIdentity): KernelError {
  return new KernelError({
    code: 'changed-underneath',
    what: `changing the queue of ${identity.interface}`,
    why: `it is no longer the ${identity.kind} it was`,
    next: 'nothing was changed; list the links again',
  });
}

function foreignNamespace(identity: QueueIdentity): KernelError {
  return new KernelError({
    code: 'not-found',
    what: `changing the queue of ${identity.interface}`,
    why: `the namespace ${identity.netns ?? 'of the agent'} is not the one it was`,
    next: 'list the links again',
  });
}
