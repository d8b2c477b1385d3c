import { KernelError, namespaceInode } from '@levitate/kernel';
import {
  type Attachment,
  attachTracepoint,
  BpfObject,
  Footprint,
  interfaceIndex,
  type PinnedMaps,
  pinMaps,
  RingBuffer,
  removeStale,
} from '@levitate/kernel/bpf';
import type { VirtualQueueConfig, VirtualQueueTable } from '../actuators/virtual-queue-table.ts';
import { type DropCount, DropCounts } from './drop-counts.ts';
import { Ingress, type IngressReading, type IngressSettings } from './ingress.ts';
import { MICROBURST_EVENT } from './layout.ts';
import { LinkPrograms, type Place } from './link-programs.ts';
import { type Microburst, microburstOf } from './microburst.ts';
import { sizeMaps } from './size-maps.ts';
import { type LinkWindow, SlotProbe } from './slot-probe.ts';

/** A link whose packets the kernel is to count. */
export interface ProgrammedLink {
  name: string;
  netns?: string | undefined;
  /** `undefined`: no XDP program. */
  ingress:
    | (IngressSettings & { interface: string; attach: 'auto' | 'native' | 'generic' })
    | undefined;
  /** Interface whose queue the link is. */
  interface: string;
}

/** @see KernelPrograms */
export interface KernelProgramsOptions {
  /** Path of the compiled object. */
  object: string;
  /** File that records what outlives this process in the kernel. */
  footprint: string;
  links: readonly ProgrammedLink[];
  /** Told when reading what was counted begins to fail. */
  onFault?: (error: KernelError) => void;
  nowNs?: () => bigint;
}

/** One program as it hangs, or why it does not. */
export interface ProgramStatus {
  program: string;
  /** Empty for the programs of the whole machine. */
  link: string;
  hook: 'xdp' | 'tcx' | 'clsact' | 'tracepoint' | 'none';
  detail: string;
  xdpMode: 'native' | 'generic' | undefined;
  runCount: number;
  runTimeNs: number;
}

const TRACEPOINTS = [
  'levitate_qdisc_enqueue',
  'levitate_qdisc_dequeue',
  'levitate_kfree_skb',
] as const;

/** The verifier gives up when a signal comes (EAGAIN), as a profiler sends them all the time. */
const LOADS_MAX = 20;

/** Events taken at one read; the rest waits in the ring. */
const EVENTS_PER_READ = 1_000;
/** Links whose attachments are looked at in one review. */
const REVIEWED_AT_ONCE = 25;

/**
 * The eBPF programs of the agent in the kernel, and the maps they share with it. Links are numbers
 * there: the first N are the queues of the configuration in its order, those above are interfaces
 * that only their XDP program is for. All of it ends with the process but what the footprint
 * records, which the next start, or the supervisor, removes.
 */
export class KernelPrograms {
  readonly #links: readonly ProgrammedLink[];
  readonly #object: BpfObject;
  readonly #tracepoints: readonly Attachment[];
  readonly #queues: readonly LinkPrograms[];
  /** By the number of the link they belong to, where they are on an interface of their own. */
  readonly #ingresses: ReadonlyMap<number, LinkPrograms>;
  readonly #probe: SlotProbe;
  readonly #ingress: Ingress;
  readonly #drops: DropCounts;
  readonly #events: RingBuffer;
  readonly #names: string[];
  readonly #pins: PinnedMaps;
  readonly #onFault: KernelProgramsOptions['onFault'];
  #isFaulty = false;
  #turn = 0;

  /**
   * Load the programs; nothing hangs on an interface yet.
   * @throws KernelError what the kernel, or this host, refuses
   */
  static open(options: KernelProgramsOptions): KernelPrograms {
    removeStale(options.footprint);
    for (let attempt = 1; ; attempt++) {
      try {
        return KernelPrograms.#load(options);
      } catch (error) {
        if (attempt === LOADS_MAX || !isInterrupted(error)) throw error;
      }
    }
  }

  static #load(options: KernelProgramsOptions): KernelPrograms {
    const object = BpfObject.open(options.object);
    const tracepoints: Attachment[] = [];
    try {
      const apart = options.links.filter(isIngressApart).length;
      sizeMaps(object, options.links.length + apart);
      object.load();
      for (const name of TRACEPOINTS) tracepoints.push(attachTracepoint(object.program(name)));
      return new KernelPrograms(options, object, tracepoints);
    } catch (error) {
      for (const one of tracepoints) one.close();
      object.close();
      throw error;
    }
  }

  private constructor(
    options: KernelProgramsOptions,
    object: BpfObject,
    tracepoints: readonly Attachment[],
  ) {
    const { links, nowNs = process.hrtime.bigint } = options;
    const footprint = Footprint.open(options.footprint);
    this.#links = links;
    this.#onFault = options.onFault;
    this.#object = object;
    this.#tracepoints = tracepoints;
    this.#pins = pinned(object, footprint);
    this.#ingress = new Ingress(object);
    this.#drops = new DropCounts(object.map('drop_reasons'));
    this.#events = RingBuffer.open(object.map('events'), {
      recordBytesMax: MICROBURST_EVENT.bytes,
    });
    this.#names = links.map(({ name }) => name);
    this.#probe = new SlotProbe({
      slots: object.map('link_slots'),
      histograms: object.map('sojourn_histogram'),
      links: links.length,
      nowNs,
    });
    const shared = { object, footprint };
    this.#queues = links.map(({ ingress, interface: own }, link) => {
      const isOwn = ingress?.interface === own;
      const hooks = isOwn ? (['egress', 'xdp'] as const) : (['egress'] as const);
      return new LinkPrograms({ ...shared, link, hooks, xdpMode: ingress?.attach ?? 'auto' });
    });
    const apart = [...links.entries()].filter(([, link]) => isIngressApart(link));
    this.#ingresses = new Map(
      apart.map(([index, { name, ingress }]) => {
        const link = this.#names.push(name) - 1;
        const xdpMode = ingress?.attach ?? 'auto';
        return [index, new LinkPrograms({ ...shared, link, hooks: ['xdp'], xdpMode })];
      }),
    );
    for (const [index, { ingress }] of links.entries()) {
      if (ingress !== undefined) this.#ingress.configure(this.#ingressNumber(index), ingress);
    }
  }

  /** Where the maps can be read from outside, or why they cannot. */
  get pins(): Pick<PinnedMaps, 'directory' | 'reason'> {
    return this.#pins;
  }

  /** Of the links, in the order of the configuration. */
  get names(): readonly string[] {
    return this.#links.map(({ name }) => name);
  }

  /** Whether all of a link's arrivals are counted in the kernel. */
  isCounting(index: number): boolean {
    return this.#queues[index]?.isCounting ?? false;
  }

  /** The queue of a link is at this interface now; cheap where nothing has changed. */
  follow(index: number, ifindex: number | undefined): void {
    const programs = this.#queues[index];
    const netns = this.#links[index]?.netns;
    if (programs === undefined || programs.ifindex === ifindex) return;
    programs.follow(placeOf({ netns, netnsInode: namespaceInode(netns), ifindex }));
  }

  /**
   * Look after what changed unseen, once a second: namespaces, other interfaces, refusals. A system
   * call a link, so that of many some are looked at each time.
   */
  review(): void {
    const namespaces = new Set(this.#links.map(({ netns }) => netns));
    const inodes = new Map([...namespaces].map((netns) => [netns, namespaceInode(netns)]));
    const turns = Math.ceil(this.#links.length / REVIEWED_AT_ONCE);
    this.#turn = (this.#turn + 1) % turns;
    const isItsTurn = (index: number) => index % turns === this.#turn;
    for (const [index, programs] of this.#queues.entries()) {
      const netns = this.#links[index]?.netns;
      const { ifindex } = programs;
      programs.follow(placeOf({ netns, netnsInode: inodes.get(netns), ifindex }));
      if (isItsTurn(index)) programs.review();
    }
    for (const [index, programs] of this.#ingresses) {
      if (!isItsTurn(index)) continue;
      const { netns, ingress } = this.#links[index] ?? {};
      const ifindex = indexOf(ingress?.interface ?? '', netns);
      programs.follow(placeOf({ netns, netnsInode: inodes.get(netns), ifindex }));
      programs.review();
    }
  }

  /** Take all slots that closed. @returns how long ago the last closed, ms */
  read(): number {
    return this.#probe.read();
  }

  /** What the last read says of a link; once a read. */
  take(index: number): LinkWindow {
    return this.#probe.take(index);
  }

  /** Microbursts since the last call, oldest first. */
  takeMicrobursts(unixMsAtZero: number): Microburst[] {
    const taken: Microburst[] = [];
    const at = { links: this.#names, unixMsAtZero };
    this.#attempt(() =>
      this.#events.consume((record) => {
        const event = microburstOf(record, at);
        if (event !== undefined) taken.push(event);
      }, EVENTS_PER_READ),
    );
    return taken;
  }

  /** What arrived at the links that have an XDP program. @throws KernelError */
  ingress(): (IngressReading & { link: string; queue: VirtualQueueConfig })[] {
    return [...this.#links.entries()].flatMap(([index, { name, ingress }]) => {
      if (ingress === undefined) return [];
      const number = this.#ingressNumber(index);
      const queue = this.#ingress.readQueue(number);
      return [{ link: name, queue, ...this.#ingress.read(number) }];
    });
  }

  /** Drops of the links by reason, those of their ingress included. @throws KernelError */
  drops(): (Omit<DropCount, 'link'> & { link: string })[] {
    return this.#drops.read().flatMap((one) => {
      const link = this.#names[one.link];
      return link === undefined ? [] : [{ ...one, link }];
    });
  }

  /** The virtual queues, for the actuator that drives them. */
  get virtualQueues(): VirtualQueueTable {
    const numbers = [...this.#links.entries()]
      .filter(([, { ingress }]) => ingress !== undefined)
      .map(([index, { name }]) => [name, this.#ingressNumber(index)] as const);
    return this.#ingress.table(new Map(numbers));
  }

  /** Every program as it hangs, with its run statistics where those are on. */
  status(): ProgramStatus[] {
    const ofMachine = this.#tracepoints.map((attachment, index) =>
      this.#status({ program: TRACEPOINTS[index] ?? '', link: '', attachment, reason: '' }),
    );
    const ofLinks = [...this.#queues.entries(), ...this.#ingresses].flatMap(([index, programs]) =>
      programs.hung.map((one) => this.#status({ ...one, link: this.#links[index]?.name ?? '' })),
    );
    return [...ofMachine, ...ofLinks];
  }

  /** Take everything off and out of the kernel. */
  close(): void {
    for (const programs of [...this.#queues, ...this.#ingresses.values()]) programs.close();
    for (const attachment of this.#tracepoints) attachment.close();
    this.#events.close();
    this.#probe.close();
    this.#pins.close();
    this.#object.close();
  }

  /** A fault is told when it begins, not ten times a second while it lasts. */
  #attempt<Result>(body: () => Result): Result | undefined {
    try {
      const result = body();
      this.#isFaulty = false;
      return result;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      if (!this.#isFaulty) this.#onFault?.(error);
      this.#isFaulty = true;
      return undefined;
    }
  }

  #ingressNumber(index: number): number {
    return this.#ingresses.get(index)?.link ?? index;
  }

  #status(one: {
    program: string;
    link: string;
    attachment: Attachment | undefined;
    reason: string;
  }): ProgramStatus {
    const { program, link, attachment, reason } = one;
    const { runCount, runTimeNs } = this.#object.program(program).info();
    return {
      program,
      link,
      hook: attachment?.hook ?? 'none',
      detail: attachment?.detail ?? reason,
      xdpMode: attachment?.xdpMode,
      runCount,
      runTimeNs,
    };
  }
}

function isInterrupted(error: unknown): boolean {
  return error instanceof KernelError && error.errno === 'EAGAIN';
}

/** Pins are for looking in from outside: where they cannot be made the rest goes on. */
function pinned(object: BpfObject, footprint: Footprint): PinnedMaps {
  try {
    const maps = object.mapNames.map((name) => object.map(name));
    return pinMaps({ maps, instance: `agent-${process.pid}`, footprint });
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    const close = () => {};
    return { directory: undefined, reason: error.message, close, [Symbol.dispose]: close };
  }
}

/** Whether the traffic of a link arrives at another interface than its own. */
function isIngressApart({ ingress, interface: own }: ProgrammedLink): boolean {
  return ingress !== undefined && ingress.interface !== own;
}

/** `undefined` where the namespace or the interface is not there. */
function placeOf(at: {
  netns: string | undefined;
  netnsInode: number | undefined;
  ifindex: number | undefined;
}): Place | undefined {
  const { netns, netnsInode, ifindex } = at;
  if (ifindex === undefined || netnsInode === undefined) return undefined;
  return { netns, netnsInode, ifindex };
}

function indexOf(name: string, netns: string | undefined): number | undefined {
  try {
    return interfaceIndex(name, netns);
  } catch (error) {
    if (error instanceof KernelError) return undefined;
    throw error;
  }
}
