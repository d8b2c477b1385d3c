import { ArrayMemory, type BpfMap, possibleCpus } from '@levitate/kernel/bpf';
import { SLOT_NS, SLOTS_PER_LINK } from './layout.ts';
import { readSlotWindow, type SlotWindow } from './slot-window.ts';
import { Sojourn, type SojournQuantiles } from './sojourn.ts';

const MS_PER_NS = 1e-6;

/** What the programs saw of one link since the last read. */
export interface LinkWindow {
  window: SlotWindow;
  sojourn: SojournQuantiles | undefined;
}

/** @see SlotProbe */
export interface SlotProbeOptions {
  slots: BpfMap;
  histograms: BpfMap;
  /** Those read; the maps may have room for more. */
  links: number;
  /** CLOCK_MONOTONIC, nanoseconds: the clock of the programs. */
  nowNs: () => bigint;
}

/**
 * Reads what the programs keep of all links, out of memory that they share: no system call, and
 * nothing is written back, as a slot that is closed stays as it is until its place in the ring
 * comes round again. To be read at least every 300 ms.
 */
export class SlotProbe {
  readonly #nowNs: () => bigint;
  readonly #cpus = possibleCpus();
  /** Links the maps have room for. */
  readonly #width: number;
  readonly #slots: ArrayMemory;
  readonly #histograms: ArrayMemory;
  readonly #sojourns: readonly Sojourn[];
  #from: number;
  #open: number;

  /** @throws KernelError */
  constructor(options: SlotProbeOptions) {
    const { slots, histograms, links, nowNs } = options;
    this.#nowNs = nowNs;
    this.#width = histograms.shape.maxEntries / this.#cpus;
    this.#slots = ArrayMemory.open(slots);
    try {
      this.#histograms = ArrayMemory.open(histograms);
    } catch (error) {
      this.#slots.close();
      throw error;
    }
    this.#sojourns = Array.from({ length: links }, () => new Sojourn());
    this.#open = this.#slotNow().slot;
    this.#from = this.#open;
  }

  /**
   * Take all slots that closed since the last read.
   * @returns how long ago the last of them closed, ms
   */
  read(): number {
    const { slot, intoMs } = this.#slotNow();
    this.#from = Math.max(this.#open, slot - SLOTS_PER_LINK + 1);
    this.#open = slot;
    return intoMs;
  }

  /** What the last read says of one link; once a read, as delays count from call to call. */
  take(link: number): LinkWindow {
    const place = { cpus: this.#cpus, links: this.#width, link };
    const from = this.#from;
    const open = this.#open;
    const window = readSlotWindow({ words: this.#slots.words, ...place, from, open });
    const sojourn = this.#sojourns[link]?.take({ words: this.#histograms.words, ...place });
    return { window, sojourn };
  }

  /** Nothing is counted from now on. */
  close(): void {
    this.#slots.close();
    this.#histograms.close();
  }

  #slotNow(): { slot: number; intoMs: number } {
    const now = this.#nowNs();
    const slot = Number(now / BigInt(SLOT_NS));
    const intoMs = Number(now % BigInt(SLOT_NS)) * MS_PER_NS;
    return { slot, intoMs };
  }
}
