/** Telemetry, controller and agent over real gRPC on free ports, which say what a test tells. */
import { contracts, type ebpfAgent, type fsuController, type telemetry } from '@levitate/contracts';
import { BoundedStream, type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { ServiceAddresses } from '../services.ts';

type Samples = telemetry.StreamSamplesResponseInit;
type Ticks = fsuController.StreamTicksResponseInit;
type Microbursts = ebpfAgent.StreamMicroburstsResponseInit;

/** Streams of one RPC, told the same by a test; each reader also gets what was told before it. */
class Broadcast<Message> {
  readonly requests: { links?: string[]; targets?: string[] }[] = [];
  #told: Message[] = [];
  #streams = new Set<BoundedStream<Message>>();

  /** Messages of the newest reader that have left the service. */
  sent = 0;

  tell(message: Message): void {
    this.#told.push(message);
    for (const stream of this.#streams) stream.push(message);
  }

  async *follow(request: object, signal: AbortSignal): AsyncGenerator<Message> {
    this.requests.push(request);
    const stream = new BoundedStream<Message>({ capacity: 1_000_000, signal });
    this.#streams.add(stream);
    for (const message of this.#told) stream.push(message);
    this.sent = 0;
    for await (const { items } of stream) {
      for (const item of items) {
        yield item;
        this.sent += 1;
      }
    }
    this.#streams.delete(stream);
  }
}

/** @see ScriptedServices.start */
export class ScriptedServices implements AsyncDisposable {
  readonly samples = new Broadcast<Samples>();
  readonly ticks = new Broadcast<Ticks>();
  readonly microbursts = new Broadcast<Microbursts>();
  targets: fsuController.TargetInit[] = [];
  links: ebpfAgent.LinkInit[] = [];
  capabilities: ebpfAgent.GetCapabilitiesResponseInit = {};
  programs: ebpfAgent.ListProgramsResponseInit = {};
  #servers = new Map<'telemetry' | 'fsu-controller' | 'ebpf-agent', GrpcServer>();

  /** Starts all three. */
  static async start(): Promise<ScriptedServices> {
    const services = new ScriptedServices();
    for (const name of ['telemetry', 'fsu-controller', 'ebpf-agent'] as const) {
      await services.up(name);
    }
    return services;
  }

  /** Addresses as `--at` takes them; the services that are not scripted are nobody's. */
  get at(): string[] {
    return [...this.#servers].map(([name, { address }]) => `${name}=${address}`);
  }

  /** The same for what takes addresses as an object. */
  get addresses(): ServiceAddresses {
    const found = Object.fromEntries(
      [...this.#servers].map(([name, { address }]) => [name, address]),
    );
    return { predictor: '127.0.0.1:9', dashboard: '127.0.0.1:9', ...found } as ServiceAddresses;
  }

  /** Starts one, on the port it had when it was up before. */
  async up(name: 'telemetry' | 'fsu-controller' | 'ebpf-agent'): Promise<void> {
    const listen = this.#servers.get(name)?.address ?? '127.0.0.1:0';
    const services = [this.#served()[name]];
    this.#servers.set(name, await startGrpcServer({ listen, services }));
  }

  /** Stops one; its address stays its own. */
  async down(name: 'telemetry' | 'fsu-controller' | 'ebpf-agent'): Promise<void> {
    await this.#servers.get(name)?.drain(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.drain(0)));
  }

  #served() {
    const unused = (): never => {
      throw new Error('not part of this test');
    };
    const anyRpc = <Rpcs extends object>(rpcs: Rpcs) =>
      new Proxy(rpcs, { get: (target, name) => Reflect.get(target, name) ?? unused }) as never;
    return {
      telemetry: serve(
        contracts.telemetry,
        anyRpc({
          streamSamples: (request: object, { signal }: { signal: AbortSignal }) =>
            this.samples.follow(request, signal),
        }),
      ),
      'fsu-controller': serve(
        contracts.fsuController,
        anyRpc({
          listTargets: () => ({ targets: this.targets }),
          streamTicks: (request: object, { signal }: { signal: AbortSignal }) =>
            this.ticks.follow(request, signal),
        }),
      ),
      'ebpf-agent': serve(
        contracts.ebpfAgent,
        anyRpc({
          listLinks: () => ({ links: this.links, kernel: this.capabilities.kernel }),
          getCapabilities: () => this.capabilities,
          listPrograms: () => this.programs,
          streamMicrobursts: (request: object, { signal }: { signal: AbortSignal }) =>
            this.microbursts.follow(request, signal),
        }),
      ),
    };
  }
}
