import {
  type Capability,
  KernelError,
  namespaceInode,
  notControllableReason,
  type Qdisc,
  QdiscTable,
  ROOT_PARENT,
} from '@levitate/kernel';
import type {
  Kernel,
  LinkName,
  QueueIdentity,
  QueueInspection,
  QueueReading,
  RestoreOutcome,
} from './kernel.ts';
import { bootId, isSameQueue, restoreQueue } from './restore-queue.ts';

/** Polls between looks at names of interfaces and identity of namespaces: a second at 10 ms. */
const POLLS_PER_REVIEW = 100;

/** A link of a real kernel, as configured. */
export interface RealLink extends LinkName {
  netns?: string | undefined;
  /** Where the queue itself does not know its rate (bfifo). */
  drainBytesPerSecond?: number | undefined;
}

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
  #polls = 0;

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
    const isReview = this.#polls % POLLS_PER_REVIEW === 0;
    this.#polls += 1;
    for (const place of this.#places) {
      if (isReview) place.review();
      place.read(this.#readings);
    }
    return this.#readings;
  }

  inspectAll(): QueueInspection[] {
    const dumps = new Map(this.#places.map((place) => [place, place.look()]));
    return this.links.map((link, index) => {
      const place = this.#places.find((one) => one.has(index));
      return this.#inspect(link, place && dumps.get(place));
    });
  }

  setLimit(identity: QueueIdentity, limitBytes: number): { previousLimit: number; limit: number } {
    const place = this.#places.find((one) => one.isNamespace(identity));
    if (place === undefined) throw foreignNamespace(identity);
    return place.setLimit(identity, limitBytes);
  }

  restore(identity: QueueIdentity, limitBytes: number): RestoreOutcome {
    return restoreQueue(identity, limitBytes);
  }

  close(): void {
    for (const place of this.#places) place.close();
  }

  #inspect(link: RealLink, qdiscs: Qdisc[] | undefined): QueueInspection {
    const { netns } = link;
    if (qdiscs === undefined) return absent(`the namespace ${netns ?? ''} cannot be read`);
    const root = qdiscs.find(
      (one) => one.interface === link.interface && one.parent === ROOT_PARENT,
    );
    if (root === undefined) {
      const where = netns === undefined ? '' : ` in ${netns}`;
      return absent(`no interface ${link.interface}${where} with a queue of its own`);
    }
    const reading = readingOf(root, link.drainBytesPerSecond);
    const reason = notControllableReason(root, qdiscs) ?? unitReason(root);
    if (reason !== undefined)
      return { reading, notControllableReason: reason, identity: undefined };
    return { reading, notControllableReason: '', identity: this.#identityOf(root, netns) };
  }

  #identityOf(qdisc: Qdisc, netns: string | undefined): QueueIdentity {
    return {
      netns,
      netnsInode: namespaceInode(netns) ?? 0,
      bootId: this.#boot,
      interface: qdisc.interface,
      ifindex: qdisc.ifindex,
      handle: qdisc.handle,
      parent: qdisc.parent,
      kind: qdisc.kind,
      rateBytesPerSecond: qdisc.rateBytesPerSecond,
    };
  }
}

/** The links of one namespace and the table they are read from. */
class Place {
  readonly #netns: string | undefined;
  readonly #onFault: RealKernelOptions['onFault'];
  readonly #indexes: readonly number[];
  readonly #byInterface: ReadonlyMap<string, readonly number[]>;
  readonly #drains: readonly (number | undefined)[];
  #table: QdiscTable | undefined;
  #inode: number | undefined;
  #isFaulty = false;

  constructor(
    options: { netns: string | undefined; links: readonly RealLink[]; indexes: readonly number[] },
    onFault: RealKernelOptions['onFault'],
  ) {
    this.#netns = options.netns;
    this.#onFault = onFault;
    this.#indexes = options.indexes;
    this.#byInterface = Map.groupBy(
      options.indexes,
      (index) => options.links[index]?.interface ?? '',
    );
    this.#drains = options.links.map((link) => link.drainBytesPerSecond);
  }

  has(index: number): boolean {
    return this.#indexes.includes(index);
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
        readings[index] = readingOf(qdisc, this.#drains[index]);
      }
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

  setLimit(identity: QueueIdentity, limitBytes: number): { previousLimit: number; limit: number } {
    const table = this.#table ?? this.#open();
    const present = table.read(identity);
    if (!isSameQueue(present, identity)) throw changed(identity);
    return table.setLimit(present, limitBytes);
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

function readingOf(qdisc: Qdisc, drain: number | undefined): QueueReading {
  return {
    ifindex: qdisc.ifindex,
    handle: qdisc.handle,
    kind: qdisc.kind,
    sentBytes: qdisc.sentBytes,
    sentPackets: qdisc.sentPackets,
    dropped: qdisc.dropped,
    droppedBytes: undefined,
    backlogBytes: qdisc.backlogBytes,
    backlogPackets: qdisc.backlogPackets,
    limitBytes: qdisc.limitBytes,
    drainBytesPerSecond: qdisc.rateBytesPerSecond ?? drain,
  };
}

function unitReason(qdisc: Qdisc): string | undefined {
  if (qdisc.limitBytes !== undefined) return undefined;
  return `${qdisc.kind} counts its limit in packets; use bfifo or tbf, which count bytes`;
}

function absent(reason: string): QueueInspection {
  return { reading: undefined, notControllableReason: reason, identity: undefined };
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
