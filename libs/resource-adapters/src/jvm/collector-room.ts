import { HeapRoom } from '@levitate/control';
import type { HeapFigures } from './heap-history.ts';
import type { JvmReading } from './jvm-access.ts';

/** ZGC starts in time for twice the rate of allocation (`ZAllocationSpikeTolerance`)... */
const zHeadroom = 2;
/** ...and looks whether it has to ten times a second (`ZDirector`), seconds. */
const zDecisionS = 0.1;

/**
 * The room that one run of a JVM needs, for its collector. One that stops the program takes all
 * cores for as long, and needs no room for what is allocated meanwhile.
 */
export class CollectorRoom {
  readonly #room: HeapRoom;

  constructor({ collector, maxBytes }: JvmReading) {
    if (collector === 'z') this.#room = new HeapRoom({ maxBytes, headroom: zHeadroom });
    else if (collector === 'shenandoah') this.#room = new HeapRoom({ maxBytes });
    else this.#room = new HeapRoom({ maxBytes, collectorShare: 1, headroom: 0 });
  }

  /** Mean length of a collection of late, seconds; undefined: none was seen. */
  get cycleS(): number | undefined {
    return this.#room.cycleS;
  }

  /** One look. @returns the need, bytes */
  observe({ collector, maxBytes }: JvmReading, figures: HeapFigures): number {
    const room = this.#room.observe(figures);
    if (collector !== 'z') return room;
    const undecided = zHeadroom * zDecisionS * figures.allocationBytesPerSecond;
    return room + undecided + relocationReserve(maxBytes);
  }
}

/**
 * What ZGC keeps free below its soft ceiling, so that a cycle can move what is live: a small page
 * and a medium one, which is a 32nd of the largest heap, a power of two, at most 32 MiB
 * (`ZHeuristics::relocation_headroom` of JDK 17; a small page more for each further thread).
 */
export function relocationReserve(maxBytes: number): number {
  const smallPageBytes = 2 * 2 ** 20;
  const mediumPageBytes = Math.min(32 * 2 ** 20, 2 ** Math.floor(Math.log2(maxBytes / 32)));
  return smallPageBytes + Math.max(0, mediumPageBytes);
}
