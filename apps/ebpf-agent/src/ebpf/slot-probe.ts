import { type BpfMap, MapBatch, possibleCpus } from '@levitate/kernel/bpf';
import { SLOT_NS, SLOTS_PER_LINK, SOJOURN_BUCKETS } from './layout.ts';
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
  links: number;
  /** CLOCK_MONOTONIC, nanoseconds: the clock of the programs. */
  nowNs: () => bigint;
}

/**
 * Reads what the programs keep of all links, two system calls a read, and nothing is written back:
 * a slot that is closed stays as it is until its place in the ring comes round again. To be read at
 * least every 300 ms.
 */
export class SlotProbe {
  readonly #nowNs: () => bigint;
  readonly #cpus = possibleCpus();
  readonly #slots: MapBatch;
  readonly #histograms: MapBatch;
  readonly #slotWords: Uint32Array;
  readonly #histogramWords: Uint32Array;
  readonly #sojourns: readonly Sojourn[];
  #from: number;
  #open: number;

  constructor(options: SlotProbeOptions) {
    const { slots, histograms, links, nowNs } = options;
    this.#nowNs = nowNs;
    this.#slots = new MapBatch(slots, { countMax: links * SLOTS_PER_LINK });
    this.#histograms = new MapBatch(histograms, { countMax: links });
    this.#slotWords = wordsOf(this.#slots);
    this.#histogramWords = wordsOf(this.#histograms);
    this.#sojourns = Array.from({ length: links }, () => new Sojourn());
    this.#open = this.#slotNow().slot;
    this.#from = this.#open;
  }

  /**
   * Take all slots that closed since the last read.
   * @returns how long ago the last of them closed, ms
   * @throws KernelError
   */
  read(): number {
    this.#from = this.#open;
    const { slot, intoMs } = this.#slotNow();
    this.#open = slot;
    this.#slots.readRange(0);
    this.#histograms.readRange(0);
    return intoMs;
  }

  /** What the last read says of one link; call it once a read, as delays count from call to call. */
  take(link: number): LinkWindow {
    const window = readSlotWindow({
      words: this.#slotWords,
      cpus: this.#cpus,
      entry: link * SLOTS_PER_LINK,
      from: this.#from,
      open: this.#open,
    });
    const first = link * this.#cpus * SOJOURN_BUCKETS;
    const sojourn = this.#sojourns[link]?.take(this.#histogramWords, first, this.#cpus);
    return { window, sojourn };
  }

  #slotNow(): { slot: number; intoMs: number } {
    const now = this.#nowNs();
    const slot = Number(now / BigInt(SLOT_NS));
    const intoMs = Number(now % BigInt(SLOT_NS)) * MS_PER_NS;
    return { slot, intoMs };
  }
}

function wordsOf({ values }: MapBatch): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}
