import { KernelError } from './kernel-error.ts';
import { decodeLink, encodeLinkDump, LINK_MESSAGE } from './link-codec.ts';
import { namespaceInode, withNamespace } from './namespace.ts';
import type { Span } from './netlink-message.ts';
import { NetlinkSocket } from './netlink-socket.ts';
import { handleText, notControllableReason, type Qdisc } from './qdisc.ts';
import {
  decodeQdisc,
  encodeLimitChange,
  encodeQdiscDump,
  encodeQdiscGet,
  QDISC_MESSAGE,
  type QdiscAddress,
  type QdiscReading,
} from './qdisc-codec.ts';

/** The kernel holds limits in 32 bits. */
const LIMIT_MAX = 0xffff_ffff;

/** What a change did, as read back from the kernel. */
export interface LimitSet {
  /** In the unit of the qdisc: bytes, for pfifo packets. */
  previousLimit: number;
  limit: number;
}

/** Where the table is read, and how. */
export interface QdiscTableOptions {
  /** Network namespace, by name below /run/netns or by path. Default: the one we are in. */
  netns?: string | undefined;
  /** Also list the fifo that a tbf made for itself. Default false. */
  includeInvisible?: boolean | undefined;
}

/**
 * All qdiscs of one network namespace, over one netlink socket that was opened inside it. Calls are
 * synchronous and take tens of microseconds (see README). Nothing is ever created or replaced.
 */
export class QdiscTable {
  readonly #options: QdiscTableOptions;
  readonly #inode: number | undefined;
  #socket: NetlinkSocket;
  #names = new Map<number, string>();

  /** @throws KernelError `not-found`, `permission-denied`, `unsupported` */
  static open(options: QdiscTableOptions = {}): QdiscTable {
    return new QdiscTable(options);
  }

  private constructor(options: QdiscTableOptions) {
    this.#options = options;
    this.#inode = namespaceInode(options.netns);
    this.#socket = withNamespace(options.netns, () => new NetlinkSocket());
    this.refreshNames();
  }

  /**
   * Whether the namespace was deleted, or made anew under the same name: the socket keeps the old
   * one alive, so close this table and open another.
   */
  isStale(): boolean {
    return namespaceInode(this.#options.netns) !== this.#inode;
  }

  /** Every qdisc as it stands. @throws KernelError */
  dump(): Qdisc[] {
    const qdiscs: Qdisc[] = [];
    const isUnknown = this.#dumpInto(qdiscs);
    if (isUnknown) {
      this.refreshNames();
      for (const qdisc of qdiscs) qdisc.interface = this.#names.get(qdisc.ifindex) ?? '';
    }
    return qdiscs;
  }

  /**
   * One qdisc as it stands, cheaper than a dump where there are many.
   * @throws KernelError `not-found`, `changed-underneath`
   */
  read(address: QdiscAddress): Qdisc {
    return this.#get(address).qdisc;
  }

  /**
   * Change the limit of a queue and read it back. Of everything else the present value is sent, and
   * must read back unchanged.
   * A tbf fills its bucket anew at each change (`tbf_change`): one burst more may pass at once.
   * @param expected the qdisc as the caller knows it; another kind or rate is left alone
   * @param limit bytes, for pfifo packets; 1 to 2^32 - 1
   * @throws KernelError `changed-underneath`, `not-controllable`, `out-of-range`,
   * `verification-failed`, `permission-denied`, `not-found`
   */
  setLimit(expected: Qdisc, limit: number): LimitSet {
    const what = `setting the limit of ${nameOf(expected)} to ${limit}`;
    if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
      const why = `the kernel holds whole numbers from 1 to ${LIMIT_MAX}`;
      throw new KernelError({ code: 'out-of-range', what, why, next: 'give one of those' });
    }
    const present = this.#get(expected);
    const unlike = differenceOf(expected, present.qdisc);
    if (unlike !== undefined) throw changedUnderneath(what, unlike);
    const sequence = this.#openSocket().nextSequence();
    const request = encodeLimitChange({ sequence, present, limit });
    const reason = notControllableReason(present.qdisc);
    if (request === undefined || reason !== undefined) {
      const next = 'name another qdisc; `levitate status` lists what can be changed';
      const why = reason ?? 'its options cannot be decoded';
      throw new KernelError({ code: 'not-controllable', what, why, next });
    }
    this.#openSocket().exchange({ request, sequence, what });
    const after = this.#get(expected).qdisc;
    verifyChange({ what, before: present.qdisc, after, limit });
    return { previousLimit: limitOf(present.qdisc), limit: limitOf(after) };
  }

  /** Learn the interfaces' names again; `dump` does so itself when an index is new. */
  refreshNames(): void {
    const socket = this.#openSocket();
    const sequence = socket.nextSequence();
    const names = new Map<number, string>();
    socket.exchange({
      request: encodeLinkDump(sequence),
      sequence,
      what: 'listing interfaces',
      onMessage: (type, body) => {
        const link = type === LINK_MESSAGE.newLink ? decodeLink(body) : undefined;
        if (link !== undefined) names.set(link.ifindex, link.name);
      },
    });
    this.#names = names;
  }

  close(): void {
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @returns whether an interface turned up whose name is not known */
  #dumpInto(qdiscs: Qdisc[]): boolean {
    const socket = this.#openSocket();
    const sequence = socket.nextSequence();
    let isUnknown = false;
    socket.exchange({
      request: encodeQdiscDump(sequence, this.#options.includeInvisible),
      sequence,
      what: 'listing qdiscs',
      onMessage: (type, body) => {
        const reading = type === QDISC_MESSAGE.newQdisc ? decodeQdisc(body) : undefined;
        if (reading === undefined) return;
        const name = this.#names.get(reading.qdisc.ifindex);
        if (name === undefined) isUnknown = true;
        else reading.qdisc.interface = name;
        qdiscs.push(reading.qdisc);
      },
    });
    return isUnknown;
  }

  #get({ ifindex, handle, parent }: QdiscAddress): QdiscReading {
    const socket = this.#openSocket();
    const sequence = socket.nextSequence();
    const what = `reading qdisc ${handleText(handle)} of interface ${ifindex}`;
    let found: QdiscReading | undefined;
    socket.exchange({
      request: encodeQdiscGet(sequence, { ifindex, handle, parent }),
      sequence,
      what,
      onMessage: (type, body) => {
        const reading = type === QDISC_MESSAGE.newQdisc ? decodeQdisc(body) : undefined;
        if (reading !== undefined) found = { ...reading, options: copyOf(reading.options) };
      },
    });
    if (found === undefined) {
      const why = 'there is no such qdisc, or it is hidden';
      throw new KernelError({ code: 'not-found', what, why, next: 'look with `tc qdisc show`' });
    }
    found.qdisc.interface = this.#names.get(ifindex) ?? '';
    return found;
  }

  /** A socket that failed in the middle of an answer was closed; the next call opens a new one. */
  #openSocket(): NetlinkSocket {
    if (this.#socket.isOpen) return this.#socket;
    if (this.isStale()) {
      const what = `reopening the namespace ${this.#options.netns ?? 'of this process'}`;
      const why = 'it was deleted or made anew';
      throw new KernelError({ code: 'not-found', what, why, next: 'open the table again' });
    }
    this.#socket = withNamespace(this.#options.netns, () => new NetlinkSocket());
    return this.#socket;
  }
}

/** What must stay as it is while a limit changes. */
function differenceOf(expected: Qdisc, present: Qdisc): string | undefined {
  if (present.kind !== expected.kind) return `kind is ${present.kind}, was ${expected.kind}`;
  if (present.handle !== expected.handle) {
    return `handle is ${handleText(present.handle)}, was ${handleText(expected.handle)}`;
  }
  if (present.rateBytesPerSecond !== expected.rateBytesPerSecond) {
    return `rate is ${present.rateBytesPerSecond} B/s, was ${expected.rateBytesPerSecond} B/s`;
  }
  return undefined;
}

function verifyChange(change: { what: string; before: Qdisc; after: Qdisc; limit: number }): void {
  const { what, before, after, limit } = change;
  const isLimit = limitOf(after) === limit;
  const unlike = differenceOf(before, after);
  // The bucket may be told one tick (64 ns) lower after rounding, never otherwise.
  const isBucket = Math.abs((after.bucketTicks ?? 0) - (before.bucketTicks ?? 0)) <= 1;
  if (isLimit && unlike === undefined && isBucket) return;
  const why = isLimit
    ? (unlike ?? `the bucket is ${after.bucketTicks} ticks, was ${before.bucketTicks}`)
    : `the kernel reads back ${limitOf(after)}`;
  const next = 'see who else changes this qdisc (`tc monitor`)';
  throw new KernelError({ code: 'verification-failed', what, why, next });
}

function changedUnderneath(what: string, why: string): KernelError {
  const next = 'nothing was changed; look at it with `tc qdisc show`, then name it anew';
  return new KernelError({ code: 'changed-underneath', what, why, next });
}

function limitOf(qdisc: Qdisc): number {
  return qdisc.limitBytes ?? qdisc.limitPackets ?? 0;
}

function nameOf(qdisc: Qdisc): string {
  const place = qdisc.interface || `interface ${qdisc.ifindex}`;
  return `${qdisc.kind} ${handleText(qdisc.handle)} on ${place}`;
}

function copyOf({ view, start, end }: Span): Span {
  const bytes = new Uint8Array(view.buffer as ArrayBuffer, start, end - start).slice();
  return { view: new DataView(bytes.buffer), start: 0, end: bytes.length };
}
