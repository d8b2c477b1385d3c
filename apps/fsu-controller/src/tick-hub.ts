import type { fsuController } from '@levitate/contracts';
import { BoundedStream } from '@levitate/grpc-kit';

/** Ticks that wait for one reader: two seconds of 50 targets. */
export const readerTicksMax = 1_000;

interface Reader {
  /** Empty: all. */
  targets: ReadonlySet<string>;
  ticks: BoundedStream<fsuController.TickInit>;
}

/** Hands ticks to those who follow them; a slow reader loses the oldest and is told how many. */
export class TickHub {
  readonly #readers = new Set<Reader>();

  /** The tick is only made where somebody follows the target. */
  publish(target: string, makeTick: () => fsuController.TickInit): void {
    let tick: fsuController.TickInit | undefined;
    for (const { targets, ticks } of this.#readers) {
      if (targets.size > 0 && !targets.has(target)) continue;
      tick ??= makeTick();
      ticks.push(tick);
    }
  }

  /** Follow until `signal` aborts or the reader leaves. @param targets empty: all */
  async *follow(
    targets: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<fsuController.StreamTicksResponseInit, void, undefined> {
    const ticks = new BoundedStream<fsuController.TickInit>({ capacity: readerTicksMax, signal });
    const reader: Reader = { targets: new Set(targets), ticks };
    this.#readers.add(reader);
    try {
      for await (const { items, lost } of ticks) yield { ticks: items, lost };
    } finally {
      this.#readers.delete(reader);
    }
  }
}
