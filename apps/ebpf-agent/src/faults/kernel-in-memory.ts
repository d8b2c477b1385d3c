/**
 * What the agent's queue code is given instead of `@levitate/kernel`: the same names, but the
 * table of qdiscs is in memory. Everything above the system calls is the shipped code.
 */
import { KernelError, type Qdisc, type QdiscAddress, ROOT_PARENT } from '@levitate/kernel';
import type { VirtualProcesses } from '@levitate/testing/faults';

export { KernelError, ROOT_PARENT } from '@levitate/kernel';

/** Whether the kernel does what it is told, refuses, or says yes and does nothing. */
export type KernelCondition = 'sound' | 'refuses' | 'ignores';

/** A root queue of an interface that exists. */
export interface QueueInMemory {
  interface: string;
  ifindex: number;
  handle: number;
  limitBytes: number;
  rateBytesPerSecond: number;
}

/** The kernel of one host, over its boots. */
export class KernelInMemory {
  condition: KernelCondition = 'sound';
  boot = 1;
  /** Process whose calls these are; one that is dead makes none. */
  process = 0;
  readonly queues: QueueInMemory[];
  readonly #processes: VirtualProcesses;
  readonly #onSet: (queue: QueueInMemory, limitBytes: number) => void;

  constructor(parts: {
    queues: QueueInMemory[];
    processes: VirtualProcesses;
    /** Told of every change that an agent makes, before it is made. */
    onSet: (queue: QueueInMemory, limitBytes: number) => void;
  }) {
    this.queues = parts.queues;
    this.#processes = parts.processes;
    this.#onSet = parts.onSet;
  }

  find({ ifindex, parent }: QdiscAddress): QueueInMemory | undefined {
    return parent === ROOT_PARENT ? this.queues.find((one) => one.ifindex === ifindex) : undefined;
  }

  set(queue: QueueInMemory, limitBytes: number): void {
    this.#step('before a change');
    if (this.condition === 'refuses') throw failure('permission-denied', 'the kernel refuses');
    if (this.condition === 'ignores') throw failure('verification-failed', 'it reads back another');
    this.#onSet(queue, limitBytes);
    queue.limitBytes = limitBytes;
    this.#step('after a change');
  }

  #step(label: string): void {
    if (!this.#processes.passes(this.process, label)) throw new Error('this process is dead');
  }
}

let kernel: KernelInMemory | undefined;

/** Run on this kernel from now on. */
export function boot(booted: KernelInMemory): void {
  kernel = booted;
}

/** @see the package */
export function namespaceInode(): number {
  return 1;
}

/** The only file that is read: the identity of the boot. */
export function readFileSync(): string {
  return `boot ${booted().boot}`;
}

/** @see the package */
export class QdiscTable {
  static open(): QdiscTable {
    return new QdiscTable();
  }

  dump(): Qdisc[] {
    return booted().queues.map(qdiscOf);
  }

  read(address: QdiscAddress): Qdisc {
    return qdiscOf(this.#get(address));
  }

  setLimit(expected: Qdisc, limit: number): { previousLimit: number; limit: number } {
    const queue = this.#get(expected);
    if (queue.handle !== expected.handle) throw failure('changed-underneath', 'another handle');
    const previousLimit = queue.limitBytes;
    booted().set(queue, limit);
    return { previousLimit, limit: queue.limitBytes };
  }

  isStale(): boolean {
    return false;
  }

  refreshNames(): void {}

  close(): void {}

  [Symbol.dispose](): void {}

  #get(address: QdiscAddress): QueueInMemory {
    const queue = booted().find(address);
    if (queue === undefined) throw failure('not-found', 'there is no such qdisc');
    return queue;
  }
}

function booted(): KernelInMemory {
  if (kernel === undefined) throw new Error('no kernel is booted');
  return kernel;
}

function failure(code: KernelError['code'], why: string): KernelError {
  return new KernelError({ code, what: 'a call of the kernel in memory', why, next: 'none' });
}

function qdiscOf(queue: QueueInMemory): Qdisc {
  return {
    ...queue,
    parent: ROOT_PARENT,
    kind: 'tbf',
    sentBytes: 0,
    sentPackets: 0,
    dropped: 0,
    overlimits: 0,
    backlogBytes: 0,
    backlogPackets: 0,
  };
}
