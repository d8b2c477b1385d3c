import type { ServiceProcess } from '../service-process.ts';
import { stolenMsByCore } from '../telemetry/process-waits.ts';

/** Where the times come from; tests give their own. */
export interface CoreClocks {
  nowMs: () => number;
  /** Time the host gave to others so far, milliseconds, by processor. */
  stolenMs: () => ReadonlyMap<number, number>;
}

const realClocks: CoreClocks = { nowMs: () => performance.now(), stolenMs: stolenMsByCore };

/** What the processors of a phase were taken for, from when it is made on. */
export class PhaseCores {
  readonly #processes: readonly Pick<ServiceProcess, 'name' | 'cpuSeconds'>[];
  readonly #clocks: CoreClocks;
  readonly #startMs: number;
  readonly #cpuSeconds: readonly number[];
  readonly #stolenMs: ReadonlyMap<number, number>;

  constructor(
    processes: readonly Pick<ServiceProcess, 'name' | 'cpuSeconds'>[],
    clocks: CoreClocks = realClocks,
  ) {
    this.#processes = processes;
    this.#clocks = clocks;
    this.#startMs = clocks.nowMs();
    this.#cpuSeconds = processes.map((process) => process.cpuSeconds());
    this.#stolenMs = clocks.stolenMs();
  }

  /** Cores that each process took so far, by its name. */
  byProcess(): Record<string, number> {
    const seconds = (this.#clocks.nowMs() - this.#startMs) / 1e3;
    return Object.fromEntries(
      this.#processes.map((process, i) => [
        process.name,
        (process.cpuSeconds() - (this.#cpuSeconds[i] ?? 0)) / seconds,
      ]),
    );
  }

  /** Share of the worse processor that the host of this machine gave to others so far. */
  stolenShare(): number {
    const elapsedMs = this.#clocks.nowMs() - this.#startMs;
    const shares = [...this.#clocks.stolenMs()].map(
      ([processor, ms]) => (ms - (this.#stolenMs.get(processor) ?? 0)) / elapsedMs,
    );
    return Math.max(0, ...shares);
  }
}
