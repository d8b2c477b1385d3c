import { type BpfMap, MapBatch, possibleCpus } from '@levitate/kernel/bpf';
import { LINK_SLOT, SLOT_NS, SLOTS_PER_LINK, SOJOURN_BUCKETS } from './layout.ts';
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
 * Reads what the programs keep of all links, two or three system calls a read, and nothing is
 * written back: a slot that is closed stays as it is until its place in the ring comes round again.
 * To be read at least every 300 ms.
 */
export class SlotProbe {
  readonly #nowNs: () => bigint;
  readonly #cpus = possibleCpus();
  /** Entries of one slot: links the map has room for. */
  readonly #width: number;
  readonly #rows: MapBatch;
  readonly #rowWords: Uint32Array;
  /** The map as it was read last, old where it was not. */
  readonly #words: Uint32Array;
  readonly #histograms: MapBatch;
  readonly #histogramWords: Uint32Array;
  readonly #sojourns: readonly Sojourn[];
  #from: number;
  #open: number;

  constructor(options: SlotProbeOptions) {
    const { slots, histograms, links, nowNs } = options;
    this.#nowNs = nowNs;
    this.#width = slots.shape.maxEntries / SLOTS_PER_LINK;
    this.#rows = new MapBatch(slots);
    this.#rowWords = wordsOf(this.#rows);
    this.#words = new Uint32Array(this.#rowWords.length);
    this.#histograms = new MapBatch(histograms, { countMax: links });
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
    const { slot, intoMs } = this.#slotNow();
    this.#from = Math.max(this.#open, slot - SLOTS_PER_LINK + 1);
    this.#open = slot;
    const first = this.#from % SLOTS_PER_LINK;
    const rows = slot - this.#from + 1;
    const untilEnd = Math.min(rows, SLOTS_PER_LINK - first);
    this.#readRows(first, untilEnd);
    if (rows > untilEnd) this.#readRows(0, rows - untilEnd);
    this.#histograms.readRange(0);
    return intoMs;
  }

  /** What the last read says of one link; once a read, as delays count from call to call. */
  take(link: number): LinkWindow {
    const window = readSlotWindow({
      words: this.#words,
      cpus: this.#cpus,
      links: this.#width,
      link,
      from: this.#from,
      open: this.#open,
    });
    const first = link * this.#cpus * SOJOURN_BUCKETS;
    const sojourn = this.#sojourns[link]?.take(this.#histogramWords, first, this.#cpus);
    return { window, sojourn };
  }

  #readRows(first: number, rows: number): void {
    this.#rows.readRange(first * this.#width, rows * this.#width);
    const words = (this.#width * this.#cpus * LINK_SLOT.bytes) / 4;
    this.#words.set(this.#rowWords.subarray(0, rows * words), first * words);
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
