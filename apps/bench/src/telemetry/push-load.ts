import { contracts, type telemetry } from '@levitate/contracts';
import { linkSeries } from '@levitate/feature-windows';
import { type Client, connect } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { HostLoad } from './host-load.ts';
import type { Load, LoadCounts } from './load.ts';

/** Hosts that push with one call a message: none waits for the answer to its previous one. */
export class PushLoad implements Load {
  readonly #client: Client<telemetry.TelemetryServiceMethods>;
  readonly #hosts: HostLoad;
  readonly #stopped = new AbortController();
  #inFlight = 0;
  #failed = 0;

  constructor(options: { address: string; links: number; seed: string; unixMs: () => number }) {
    const { address, ...hosts } = options;
    this.#client = connect(contracts.telemetry, { address, deadlineMs: 30_000 });
    this.#hosts = new HostLoad({ ...hosts, send: (_, samples) => this.#push(samples) });
  }

  get counts(): LoadCounts {
    const { sent, latenessMsMax } = this.#hosts;
    return { sent, latenessMsMax, failed: this.#failed };
  }

  start(): void {
    this.#hosts.start();
  }

  forgetLateness(): void {
    this.#hosts.latenessMsMax = 0;
  }

  async stop(): Promise<void> {
    this.#hosts.stop();
    while (this.#inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async close(): Promise<void> {
    await this.stop();
    this.#stopped.abort();
    this.#client.close();
  }

  #push(samples: Sample[]): boolean {
    this.#inFlight += 1;
    linkSeries
      .calls(this.#client)
      .push(samples, { signal: this.#stopped.signal })
      .catch(() => {
        this.#failed += samples.length;
      })
      .finally(() => {
        this.#inFlight -= 1;
      });
    return true;
  }
}
