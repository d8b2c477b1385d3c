import { linkSeries, RedisFeatureWindows } from '@levitate/feature-windows';

/** What a reader of the windows had. */
export interface ReaderCounts {
  /** Samples it was given, each once. */
  received: number;
  /** Samples it was told that it lost. */
  lost: number;
  /** End of the sample's interval to the sample being in this reader's window, milliseconds. */
  latenciesMs: number[];
}

/** One reader of all windows in Redis, as the predictor is one. */
export class WindowReader {
  #counts: ReaderCounts = { received: 0, lost: 0, latenciesMs: [] };
  readonly #windows: RedisFeatureWindows;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  static async open(options: {
    url: string;
    linksMax: number;
    unixMs: () => number;
  }): Promise<WindowReader> {
    const { url, linksMax, unixMs } = options;
    const clock = { unixMs, monotonicMs: () => performance.now() };
    const windows = await RedisFeatureWindows.open({
      kind: linkSeries,
      clock,
      url,
      seriesMax: linksMax,
    });
    return new WindowReader(windows, unixMs);
  }

  private constructor(windows: RedisFeatureWindows, unixMs: () => number) {
    this.#windows = windows;
    this.#running = this.#read(unixMs);
  }

  /** Since the last `forget`. */
  get counts(): ReaderCounts {
    return this.#counts;
  }

  /** Counts from zero again: what came before was warming up. */
  forgetLatencies(): void {
    this.#counts.latenciesMs = [];
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#windows.close();
  }

  async #read(unixMs: () => number): Promise<void> {
    const { signal } = this.#stop;
    for await (const { samples, lost } of this.#windows.follow({ backlog: true, signal })) {
      const nowMs = unixMs();
      const counts = this.#counts;
      counts.lost += lost;
      counts.received += samples.length;
      for (const { timeUnixMs } of samples) counts.latenciesMs.push(nowMs - timeUnixMs);
    }
  }
}
