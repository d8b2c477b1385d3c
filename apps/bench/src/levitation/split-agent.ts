import { contracts, type ebpfAgent } from '@levitate/contracts';
import { sampleFromProto } from '@levitate/feature-windows';
import { type Client, connect } from '@levitate/grpc-kit';
import type { LabLink } from '@levitate/kernel-lab';
import type { Sample } from '@levitate/series';
import { freePorts, ServiceProcess } from '../service-process.ts';
import type { LimitMove } from './split-set.ts';

/** A limit as it was read back from the kernel, and when it was changed. */
export interface ConfirmedLimit extends LimitMove {
  changedUnixMs: number;
}

const HOLDER = 'bench-split';
const FENCING_TOKEN = 1;
const LEASE_TTL_MS = 60_000;
const RENEWAL_INTERVAL_MS = 15_000;

/**
 * The agent of the lab's router, a process of its own as a user would start it, and the leases of
 * all its links: samples come by its stream and limits go by its calls, as a controller's do.
 * Disposing gives the leases up, which puts the limits back, and ends the process.
 */
export class SplitAgent implements AsyncDisposable {
  readonly process: ServiceProcess;
  readonly #client: Client<ebpfAgent.EbpfAgentServiceMethods>;
  readonly #links: readonly string[];
  #renewal: NodeJS.Timeout | undefined;
  #failed: unknown;
  #ended: Promise<void> | undefined;

  /** @throws RpcError, or what kept the agent from starting; nothing is left running then */
  static async start(options: {
    links: readonly LabLink[];
    directory: string;
    signal: AbortSignal;
  }): Promise<SplitAgent> {
    const { links, directory, signal } = options;
    const [port] = await freePorts(1);
    const address = `127.0.0.1:${port}`;
    const config = {
      listen: address,
      kernel: 'real',
      links: links.map(({ link, interface: device, netns }) => {
        return { name: link, interface: device, netns };
      }),
    };
    const started = await ServiceProcess.start(
      { service: 'ebpf-agent', config, directory },
      signal,
    );
    const agent = new SplitAgent({ process: started, address, links: links.map((l) => l.link) });
    try {
      await agent.#acquire();
    } catch (cause) {
      await agent[Symbol.asyncDispose]();
      throw cause;
    }
    return agent;
  }

  private constructor(of: { process: ServiceProcess; address: string; links: string[] }) {
    this.process = of.process;
    this.#links = of.links;
    this.#client = connect(contracts.ebpfAgent, { address: of.address });
  }

  /** Samples of all links, one list an interval, until the signal. @throws RpcError */
  async *samples(signal: AbortSignal): AsyncGenerator<Sample[]> {
    for await (const { samples } of this.#client.streamSamples({}, { signal })) {
      if (this.#failed !== undefined) throw this.#failed;
      yield samples.map((sample) => sampleFromProto(sample));
    }
  }

  /**
   * Change limits, in this order.
   * @returns those that were changed, as read back; what the agent refused is left out
   * @throws RpcError when the call itself fails
   */
  async setLimits(moves: readonly LimitMove[]): Promise<ConfirmedLimit[]> {
    if (moves.length === 0) return [];
    const changes = moves.map((move) => ({ ...move, fencingToken: FENCING_TOKEN }));
    const { outcomes } = await this.#client.setQueueLimits({ holder: HOLDER, changes });
    return outcomes
      .filter(({ refusal }) => refusal === null)
      .map(({ link, limitBytes, changedUnixMs }) => ({ link, limitBytes, changedUnixMs }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    clearInterval(this.#renewal);
    try {
      await this.#release();
    } finally {
      this.#client.close();
      await this.process.stop();
    }
  }

  async #acquire(): Promise<void> {
    const claim = { holder: HOLDER, fencingToken: FENCING_TOKEN, ttlMs: LEASE_TTL_MS };
    for (const link of this.#links) await this.#client.acquireLease({ link, ...claim });
    this.#renewal = setInterval(() => {
      this.#renew().catch((cause: unknown) => {
        this.#failed = cause;
      });
    }, RENEWAL_INTERVAL_MS);
  }

  async #renew(): Promise<void> {
    const leases = this.#links.map((link) => ({ link, fencingToken: FENCING_TOKEN }));
    const claim = { holder: HOLDER, ttlMs: LEASE_TTL_MS, leases };
    const { outcomes } = await this.#client.renewLeases(claim);
    const refused = outcomes.find(({ refusal }) => refusal !== null);
    if (refused) throw new Error(`${refused.link}: ${refused.refusal?.message}`);
  }

  /** What the agent does not get to give back, it gives back as it stops. */
  async #release(): Promise<void> {
    const claim = { holder: HOLDER, fencingToken: FENCING_TOKEN };
    const released = this.#links.map((link) => this.#client.releaseLease({ link, ...claim }));
    await Promise.allSettled(released);
  }
}
