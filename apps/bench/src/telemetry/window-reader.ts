import { linkSeries, RedisFeatureWindows } from '@levitate/feature-windows';
import { LongPauses } from './long-pauses.ts';

/** What a reader of the windows had. */
export interface ReaderCounts {
  /** Samples it was given, each once. */
  received: number;
  /** Samples it was told that it lost. */
  lost: number;
  /** End of a sample's interval to the sample being in this reader's window, milliseconds. */
  latencyMs: { p50: number; p99: number; max: number };
  /** Pauses of its collector above 5 ms. */
  pauses: number;
}

const PAUSE_MS = 5;

/** Latencies are told apart by so much, up to the longest that is, milliseconds. */
const RESOLUTION_MS = 0.1;
const LATENCY_MS_MAX = 120_000;

/** The clock that times samples, milliseconds since 1970, the same in every process. */
export const unixMs = (): number => performance.timeOrigin + performance.now();

/** One reader of all windows in Redis, as the predictor is one. */
export class WindowReader {
  #received = 0;
  #lost = 0;
  /** Samples by latency: a list of all of them would be work for the collector that is measured. */
  readonly #latencies = new Uint32Array(LATENCY_MS_MAX / RESOLUTION_MS);
  readonly #pauses = new LongPauses(PAUSE_MS);
  readonly #windows: RedisFeatureWindows;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  static async open(options: { url: string; linksMax: number }): Promise<WindowReader> {
    const { url, linksMax } = options;
    const clock = { unixMs, monotonicMs: () => performance.now() };
    const windows = await RedisFeatureWindows.open({
      kind: linkSeries,
      clock,
      url,
      seriesMax: linksMax,
    });
    return new WindowReader(windows);
  }

  private constructor(windows: RedisFeatureWindows) {
    this.#windows = windows;
    this.#running = this.#read();
  }

  get counts(): ReaderCounts {
    const counted = this.#latencies.reduce((sum, samples) => sum + samples, 0);
    const at = (share: number): number => {
      let left = share * counted;
      const index = this.#latencies.findIndex((samples) => {
        left -= samples;
        return left <= 0 && samples > 0;
      });
      return index < 0 ? Number.NaN : (index + 1) * RESOLUTION_MS;
    };
    const latencyMs = { p50: at(0.5), p99: at(0.99), max: at(1) };
    const { count: pauses } = this.#pauses;
    return { received: this.#received, lost: this.#lost, latencyMs, pauses };
  }

  /** What came before was warming up. */
  forgetLatencies(): void {
    this.#pauses.forget();
    this.#latencies.fill(0);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#windows.close();
  }

  async #read(): Promise<void> {
    const { signal } = this.#stop;
    for await (const { samples, lost } of this.#windows.follow({ backlog: true, signal })) {
      const nowMs = unixMs();
      this.#lost += lost;
      this.#received += samples.length;
      for (const { timeUnixMs } of samples) {
        const latencyMs = Math.min(Math.max(0, nowMs - timeUnixMs), LATENCY_MS_MAX - 1);
        const bin = Math.floor(latencyMs / RESOLUTION_MS);
        this.#latencies[bin] = (this.#latencies[bin] ?? 0) + 1;
      }
    }
  }
}
