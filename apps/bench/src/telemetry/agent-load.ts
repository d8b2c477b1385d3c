import { contracts, type ebpfAgent } from '@levitate/contracts';
import { samplesMessage } from '@levitate/feature-windows';
import {
  BoundedStream,
  type GrpcServer,
  type Handlers,
  RpcError,
  serve,
  startGrpcServer,
} from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { HostLoad, hostsOf } from './host-load.ts';
import type { Load, LoadCounts } from './load.ts';

type Methods = ebpfAgent.EbpfAgentServiceMethods;

/** Messages of one agent that may wait for a telemetry that is slow: 10 s of them. */
const MESSAGES_MAX = 100;

/**
 * Hosts whose agents telemetry follows, as it follows those of real ones: one stream each, a
 * message for every interval. They measure nothing; what they stream is made up by `HostLoad`.
 */
export class AgentLoad implements Load {
  readonly #agents: StreamedAgent[];
  readonly #hosts: HostLoad;

  /** Has an agent listen for every host. */
  static async open(options: {
    links: number;
    seed: string;
    unixMs: () => number;
  }): Promise<AgentLoad> {
    const opening = Array.from({ length: hostsOf(options.links) }, () => StreamedAgent.open());
    return new AgentLoad(await Promise.all(opening), options);
  }

  private constructor(
    agents: StreamedAgent[],
    options: { links: number; seed: string; unixMs: () => number },
  ) {
    this.#agents = agents;
    this.#hosts = new HostLoad({
      ...options,
      send: (host, samples) => agents[host]?.send(samples) ?? false,
    });
  }

  /** For the `agents` of telemetry. */
  get addresses(): string[] {
    return this.#agents.map(({ address }) => address);
  }

  get counts(): LoadCounts {
    const { sent, latenessMsMax } = this.#hosts;
    const failed = this.#agents.reduce((sum, agent) => sum + agent.failed, 0);
    return { sent, latenessMsMax, failed };
  }

  start(): void {
    this.#hosts.start();
  }

  forgetLateness(): void {
    this.#hosts.latenessMsMax = 0;
  }

  async stop(): Promise<void> {
    this.#hosts.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all(this.#agents.map((agent) => agent.close()));
  }
}

/** The agent of one host, with the one RPC that telemetry calls. */
class StreamedAgent {
  /** Samples that a slow reader lost. */
  failed = 0;
  readonly #readers = new Set<BoundedStream<Sample[]>>();
  #server: GrpcServer | undefined;

  static async open(): Promise<StreamedAgent> {
    const agent = new StreamedAgent();
    const services = [serve(contracts.ebpfAgent, agent.#handlers())];
    agent.#server = await startGrpcServer({ listen: '127.0.0.1:0', services });
    return agent;
  }

  get address(): string {
    return this.#server?.address ?? '';
  }

  send(samples: Sample[]): boolean {
    for (const reader of this.#readers) reader.push(samples);
    return this.#readers.size > 0;
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close();
    await this.#server?.drain(1000);
  }

  #handlers(): Handlers<Methods> {
    const absent = (): never => {
      throw new RpcError({ code: 'UNIMPLEMENTED', message: 'an agent of a bench only streams' });
    };
    const names = Object.keys(contracts.ebpfAgent.validate);
    const handlers = Object.fromEntries(names.map((name) => [name, absent]));
    return {
      ...handlers,
      streamSamples: (_: unknown, { signal }: { signal: AbortSignal }) => this.#stream(signal),
    } as unknown as Handlers<Methods>;
  }

  async *#stream(signal: AbortSignal) {
    const onClose = (): void => {
      this.#readers.delete(reader);
    };
    const reader = new BoundedStream<Sample[]>({ capacity: MESSAGES_MAX, signal, onClose });
    this.#readers.add(reader);
    for await (const { items, lost } of reader) {
      this.failed += lost * (items[0]?.length ?? 0);
      for (const samples of items) yield samplesMessage(samples, 0);
    }
  }
}
