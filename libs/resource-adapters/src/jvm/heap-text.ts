import type { Collector, HeapFlag } from './jvm-access.ts';
import { heapFlags } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';

/** What `GC.heap_info` says. */
export interface HeapInfo {
  collector: Collector;
  usedBytes: number;
  committedBytes: number;
}

/** First word of a heap's description in JDK 11 to 25, and whose it is. */
const headings: readonly (readonly [RegExp, Collector])[] = [
  [/\bZHeap\b/, 'z'],
  [/^\s*Shenandoah Heap/m, 'shenandoah'],
  [/^\s*garbage-first heap/m, 'g1'],
  [/^\s*PSYoungGen/m, 'parallel'],
  [/^\s*def new generation|^\s*DefNew/m, 'serial'],
];
/** Units of HotSpot's sizes. */
const bytesPer: Record<string, number> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * Reads what `jcmd <pid> GC.heap_info` prints: each collector has words of its own.
 * @throws {JvmError} `garbage`
 */
export function parseHeapInfo(text: string): HeapInfo {
  const collector = headings.find(([heading]) => heading.test(text))?.[1];
  // What follows is not the heap's.
  const heap = text.split(/^\s*Metaspace/m)[0] ?? '';
  let used: number | undefined;
  let committed: number | undefined;
  for (const line of heap.split('\n')) {
    if (!/\bused\b/.test(line) || /%/.test(line)) continue;
    used = (used ?? 0) + (sizeIn(line, /used (\d+)([BKMGT])|(\d+)([BKMGT]) used/) ?? 0);
    const size = /(?:committed|capacity|total) (\d+)([BKMGT])|(\d+)([BKMGT]) committed/;
    committed = (committed ?? 0) + (sizeIn(line, size) ?? 0);
  }
  if (collector === undefined || used === undefined || !committed) {
    const said = text.trim().slice(0, 80);
    throw new JvmError('garbage', `GC.heap_info of a collector that is not known: "${said}"`);
  }
  return { collector, usedBytes: used, committedBytes: committed };
}

/** What `VM.flags` says of a heap's size; its short form leaves out what stands as it was built. */
export interface FlagsInfo {
  maxBytes: number | undefined;
  flags: Partial<Record<HeapFlag, number>>;
}

/** Reads what `jcmd <pid> VM.flags` or `VM.flags -all` prints. */
export function parseFlags(text: string): FlagsInfo {
  const numberOf = (name: string) => {
    const found = new RegExp(`\\b${name}\\s*=\\s*(\\d+)`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const flags: FlagsInfo['flags'] = {};
  for (const flag of heapFlags) {
    const value = numberOf(flag);
    if (value !== undefined) flags[flag] = value;
  }
  return { maxBytes: numberOf('MaxHeapSize'), flags };
}

function sizeIn(line: string, pattern: RegExp): number | undefined {
  const found = pattern.exec(line);
  if (found === null) return undefined;
  const [, before, unitBefore, after, unitAfter] = found;
  return Number(before ?? after) * (bytesPer[unitBefore ?? unitAfter ?? ''] ?? Number.NaN);
}
