import type { Clock } from '@levitate/clock';
import type { FaultyDisk, Violation } from '@levitate/testing/faults';
import { linkNames } from './agent-steps.ts';
import type { KernelInMemory, QueueInMemory } from './kernel-in-memory.ts';

/** Where the agent keeps its originals, without the process. */
export const originalsFile = '/state/ebpf-agent/originals.json';

/** Bounds of the agent itself, bytes. */
export const agentBounds = { limitBytesMin: 10_000, limitBytesMax: 1e8 };

/** A lease as those who asked for it know it. */
export interface KnownLease {
  holder: string;
  token: number;
  untilMs: number;
}

/** A change that somebody has asked for and not had an answer to. */
export interface AskedChange {
  link: string;
  holder: string;
  token: number;
  limitBytes: number;
}

/** Time in which what is owed must be put back once nothing hinders it, ms. */
const restoreWithinMs = 2_500;

/**
 * What is true of the host, kept apart from the code under test, and the rules that no sequence may
 * break. The first violation stays.
 */
export class AgentRules {
  violation: Violation | undefined;
  /** The disk itself has damaged the record: nothing can be said until it is mended. */
  isRecordDamaged = false;
  /** Changes under way, each until its answer. */
  readonly asked = new Set<AskedChange>();
  /** Links that somebody has ordered to be put back, and orders not answered yet. */
  readonly ordered = new Map<object, string | undefined>();
  readonly leases = new Map<string, KnownLease>();
  #kernel: KernelInMemory | undefined;
  readonly #disk: FaultyDisk;
  readonly #clock: Clock;
  /** Limits before the agent changed them. */
  readonly #originals = new Map<QueueInMemory, number>();
  readonly #touched = new Set<QueueInMemory>();
  /** Originals that were being written down while somebody set another by hand. */
  readonly #overtaken = new Map<QueueInMemory, number>();
  /** Since when nothing hinders a restore. */
  #freeSinceMs: number | undefined;

  constructor(parts: { disk: FaultyDisk; clock: Clock }) {
    this.#disk = parts.disk;
    this.#clock = parts.clock;
  }

  /** The host has been made, or booted anew. */
  watch(kernel: KernelInMemory): void {
    this.#kernel = kernel;
    this.#originals.clear();
    this.#touched.clear();
    for (const queue of kernel.queues) this.appeared(queue);
  }

  appeared(queue: QueueInMemory): void {
    this.#originals.set(queue, queue.limitBytes);
  }

  gone(queue: QueueInMemory): void {
    this.#originals.delete(queue);
    this.#touched.delete(queue);
  }

  isTouched(queue: QueueInMemory): boolean {
    return this.#touched.has(queue);
  }

  /** An operator sets a limit; what was recorded comes back, else this is what is left alone. */
  setByHand(queue: QueueInMemory, limitBytes: number): void {
    const isAsked = [...this.asked].some(({ link }) => link === queue.interface);
    if (isAsked && !this.#touched.has(queue)) this.#overtaken.set(queue, queue.limitBytes);
    queue.limitBytes = limitBytes;
    if (!this.#touched.has(queue) && !this.#isRecorded(queue)) {
      this.#originals.set(queue, limitBytes);
    }
  }

  /** Whether an operator's limit now would be told from ours. */
  isByHandClear(queue: QueueInMemory): boolean {
    return this.#touched.has(queue) || !this.#isRecorded(queue);
  }

  break(rule: string, detail: string): void {
    this.violation ??= { rule, detail };
  }

  isLive({ link, holder, token }: { link: string; holder: string; token: number }): boolean {
    const lease = this.leases.get(link);
    const isTheirs = lease?.holder === holder && lease.token === token;
    return isTheirs && this.#clock.monotonicMs() < lease.untilMs;
  }

  isHeld(link: string): boolean {
    const lease = this.leases.get(link);
    return lease !== undefined && this.#clock.monotonicMs() < lease.untilMs;
  }

  /** The agent changes a limit. */
  onSet(queue: QueueInMemory, limitBytes: number): void {
    const link = queue.interface;
    const changes = [...this.asked].filter(
      (one) => one.link === link && Math.round(one.limitBytes) === limitBytes,
    );
    if (changes.length === 0 && this.#overtaken.get(queue) === limitBytes) {
      // It died before it could see the hand that was quicker.
      this.#originals.set(queue, limitBytes);
    }
    const original = this.#originals.get(queue);
    if (limitBytes === original) {
      if (changes.length === 0) this.#onRestore(queue);
      this.#touched.delete(queue);
      return;
    }
    const where = `${link} to ${limitBytes}, original ${original}`;
    if (changes.length === 0) this.break('nothing is changed that nobody asked for', where);
    else if (!changes.some((one) => this.isLive(one))) {
      const lease = JSON.stringify(this.leases.get(link) ?? 'none');
      const asked = JSON.stringify(changes);
      this.break('only the newest holder changes a limit', `${where}: ${lease}, asked ${asked}`);
    }
    const { limitBytesMin, limitBytesMax } = agentBounds;
    if (limitBytes < limitBytesMin || limitBytes > limitBytesMax) {
      this.break('no limit is outside its bounds', where);
    }
    if (!this.#isSafe(queue)) {
      this.break('the original is durable before the first change', where);
    }
    this.#touched.add(queue);
  }

  /** Nothing moves: what must hold between any two steps. */
  check(isAgentServing: boolean): void {
    if (this.isRecordDamaged) return;
    for (const queue of this.#touched) {
      if (this.#isSafe(queue)) continue;
      const { interface: link, limitBytes } = queue;
      const original = this.#originals.get(queue);
      const text = this.#disk.text(originalsFile);
      const detail = `${link} is at ${limitBytes}, original ${original}; on disk: ${text}`;
      this.break('a changed limit has its original recorded', detail);
    }
    for (const queue of this.#overtaken.keys()) {
      if (this.asked.size === 0 && !this.#isRecorded(queue)) this.#overtaken.delete(queue);
    }
    this.#checkOwed(isAgentServing);
  }

  /** Where nobody holds a link its limit is its original, and nothing is recorded of it. */
  checkRestored(links: readonly string[], when: string): void {
    for (const queue of this.#kernel?.queues ?? []) {
      if (!links.includes(queue.interface)) continue;
      const original = this.#originals.get(queue);
      if (queue.limitBytes !== original) {
        const detail = `${when}: ${queue.interface} is at ${queue.limitBytes}, not ${original}`;
        this.break('the original is back when nobody holds the lease', detail);
      }
      if (this.#isRecorded(queue)) {
        this.break('what was put back is recorded no more', `${when}: ${queue.interface}`);
      }
    }
  }

  #checkOwed(isAgentServing: boolean): void {
    const isSound = this.#disk.condition === 'sound' && this.#kernel?.condition === 'sound';
    const nowMs = this.#clock.monotonicMs();
    if (!isAgentServing || !isSound) this.#freeSinceMs = undefined;
    else this.#freeSinceMs ??= nowMs;
    const freeSinceMs = this.#freeSinceMs;
    if (freeSinceMs === undefined) return;
    const owed = linkNames.filter((link) => {
      const untilMs = this.leases.get(link)?.untilMs ?? Number.NEGATIVE_INFINITY;
      return nowMs - Math.max(freeSinceMs, untilMs) > restoreWithinMs;
    });
    this.checkRestored(owed, 'long after it was due');
  }

  #onRestore(queue: QueueInMemory): void {
    const link = queue.interface;
    if (!this.#touched.has(queue) || !this.isHeld(link)) return;
    const isOrdered = [...this.ordered.values()].some((one) => one === undefined || one === link);
    if (!isOrdered) this.break('nobody but the holder changes a limit under a lease', link);
  }

  /** Whether the original would be found after a power cut now, whatever of it survives. */
  #isSafe(queue: QueueInMemory): boolean {
    return this.#disk
      .survivors(originalsFile)
      .every((text) => recordedSize(text, queue, this.#boot) === this.#originals.get(queue));
  }

  #isRecorded(queue: QueueInMemory): boolean {
    return recordedSize(this.#disk.text(originalsFile), queue, this.#boot) !== undefined;
  }

  get #boot(): string {
    return `boot ${this.#kernel?.boot}`;
  }
}

interface RecordedOriginal {
  size: number;
  detail: { target: { identity: { ifindex: number; handle: number; bootId: string } } };
}

/** What was read last: the same text is asked about many times between two changes. */
let newest: { text: string | undefined; originals: readonly RecordedOriginal[] } = {
  text: undefined,
  originals: [],
};

function recordedSize(
  text: string | undefined,
  { ifindex, handle }: QueueInMemory,
  boot: string,
): number | undefined {
  if (newest.text !== text) newest = { text, originals: originalsIn(text) };
  return newest.originals.find(({ detail }) => {
    const { identity } = detail.target;
    return identity.ifindex === ifindex && identity.handle === handle && identity.bootId === boot;
  })?.size;
}

function originalsIn(text: string | undefined): readonly RecordedOriginal[] {
  try {
    return (JSON.parse(text ?? '') as { originals: RecordedOriginal[] }).originals;
  } catch {
    return [];
  }
}
