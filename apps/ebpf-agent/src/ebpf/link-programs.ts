import { KernelError } from '@levitate/kernel';
import {
  type Attachment,
  attachTc,
  attachXdp,
  type BpfMap,
  type BpfObject,
  type Footprint,
} from '@levitate/kernel/bpf';
import { LINK_KEY } from './layout.ts';

/** Where an interface is now. */
export interface Place {
  /** As configured; `undefined` is the agent's own namespace. */
  netns: string | undefined;
  netnsInode: number;
  ifindex: number;
}

/** @see LinkPrograms */
export interface LinkProgramsOptions {
  object: BpfObject;
  footprint: Footprint;
  /** Number of the link in the maps. */
  link: number;
  /** What hangs on its interface. */
  hooks: readonly ('egress' | 'xdp')[];
  xdpMode: 'auto' | 'native' | 'generic';
}

/** A program of a link and how it hangs. */
export interface HungProgram {
  program: string;
  hook: 'egress' | 'xdp';
  attachment: Attachment | undefined;
  /** Why it does not hang; empty when it does. */
  reason: string;
}

const PROGRAMS = { egress: 'levitate_egress', xdp: 'xdp_buffer_control' } as const;

/**
 * The programs of one interface: they follow it where it goes away and comes back, or is another
 * one by now. A refusal stands until then, or until it is asked for again.
 */
export class LinkPrograms {
  readonly hung: readonly HungProgram[];
  readonly #options: LinkProgramsOptions;
  readonly #index: BpfMap;
  readonly #key = Buffer.alloc(LINK_KEY.bytes);
  readonly #value = Buffer.alloc(4);
  #place: Place | undefined;

  constructor(options: LinkProgramsOptions) {
    this.#options = options;
    this.#index = options.object.map('link_index');
    this.#value.writeUInt32LE(options.link);
    this.hung = options.hooks.map((hook) => ({
      program: PROGRAMS[hook],
      hook,
      attachment: undefined,
      reason: 'the interface is not there',
    }));
  }

  /** Its number in the maps. */
  get link(): number {
    return this.#options.link;
  }

  /** Of the interface it is on; `undefined` while there is none. */
  get ifindex(): number | undefined {
    return this.#place?.ifindex;
  }

  /** Whether what leaves the link is counted by the kernel. */
  get isCounting(): boolean {
    return this.hung.some((one) => one.hook === 'egress' && one.attachment !== undefined);
  }

  /** The interface is here now; `undefined`: it is not there. Cheap where nothing has changed. */
  follow(place: Place | undefined): void {
    if (isSamePlace(place, this.#place)) return;
    this.close();
    this.#place = place;
    if (place !== undefined) this.#attach(place);
  }

  /** Try again what was refused, and what somebody else took off. */
  review(): void {
    const place = this.#place;
    if (place === undefined) return;
    const isWhole = this.hung.every(({ attachment }) => attachment?.isAttached() === true);
    if (isWhole) return;
    this.#detach();
    this.#attach(place);
  }

  close(): void {
    this.#detach();
    if (this.#place !== undefined) this.#index.delete(this.#key);
    this.#place = undefined;
  }

  #attach(place: Place): void {
    this.#key.writeUInt32LE(place.netnsInode, LINK_KEY.netns);
    this.#key.writeUInt32LE(place.ifindex, LINK_KEY.ifindex);
    for (const one of this.hung) {
      try {
        one.attachment = this.#hang(one.hook, place);
        one.reason = '';
      } catch (error) {
        if (!(error instanceof KernelError)) throw error;
        one.reason = error.message;
      }
    }
    this.#index.update(this.#key, this.#value);
  }

  #hang(hook: HungProgram['hook'], { netns, ifindex }: Place): Attachment {
    const { object, footprint, xdpMode } = this.#options;
    const program = object.program(PROGRAMS[hook]);
    if (hook === 'xdp') return attachXdp({ program, netns, ifindex, mode: xdpMode });
    return attachTc({ program, netns, ifindex, direction: 'egress', footprint });
  }

  #detach(): void {
    for (const one of this.hung) {
      one.attachment?.close();
      one.attachment = undefined;
      one.reason = 'the interface is not there';
    }
  }
}

function isSamePlace(one: Place | undefined, other: Place | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.ifindex === other.ifindex && one.netnsInode === other.netnsInode;
}
