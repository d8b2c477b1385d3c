import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@levitate/clock';
import { contracts, type fsuController } from '@levitate/contracts';
import {
  linkSeries,
  MemoryFeatureWindows,
  pathSeries,
  windowRpcs,
} from '@levitate/feature-windows';
import { type Client, connect, type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { type Logger, Readiness, type ServiceContext, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { type FsuControllerConfig, fsuControllerConfig } from '../config.ts';
import { startController } from '../start-controller.ts';
import { ScriptedAgent } from './scripted-agent.ts';
import { ScriptedPredictor } from './scripted-predictor.ts';

type Controller = Client<fsuController.FsuControllerServiceMethods>;
type TargetInput = { name: string } & Record<string, unknown>;

/** Limit of every link before anybody touches it. */
export const originalBytes = 1_000_000;
/** Drain of every link: the latency budget of 150 ms allows 1,837,500 bytes. */
export const drainBytesPerSecond = 12_500_000;

/** A controller with everything around it over real gRPC on free ports. */
export class ControllerFixture implements AsyncDisposable {
  readonly agent: ScriptedAgent;
  readonly predictor = new ScriptedPredictor();
  readonly windows = new MemoryFeatureWindows({ kind: linkSeries, clock: systemClock });
  readonly logged: { level: string; fields: Record<string, unknown>; text: string }[] = [];
  registry = new Registry();
  readiness = new Readiness();
  /** Every tick since the controller was started. */
  ticks: fsuController.Tick[] = [];
  readonly links: string[];
  readonly #clock: Clock;
  readonly #targets: TargetInput[];
  readonly #config: Record<string, unknown>;
  #telemetry: GrpcServer | undefined;
  #running: Awaited<ReturnType<typeof startController>> | undefined;
  #client: Controller | undefined;
  #directory = '';
  #timeUnixMs = Date.now();

  private constructor(options: FixtureOptions) {
    this.#targets = options.targets;
    this.#clock = options.clock ?? systemClock;
    this.#config = options.config ?? {};
    this.links = options.targets.filter(isQueue).map(({ name, link }) => (link as string) ?? name);
    this.agent = new ScriptedAgent(
      Object.fromEntries(this.links.map((link) => [link, originalBytes])),
    );
  }

  static async start(options: FixtureOptions): Promise<ControllerFixture> {
    const fixture = new ControllerFixture(options);
    fixture.#directory = await mkdtemp(join(tmpdir(), 'fsu-controller-'));
    await fixture.agent.start();
    if (options.hasPredictor ?? true) await fixture.predictor.start();
    const paths = new MemoryFeatureWindows({ kind: pathSeries, clock: systemClock });
    const rpcs = windowRpcs({ links: fixture.windows, paths });
    fixture.#telemetry = await startGrpcServer({
      listen: '127.0.0.1:0',
      services: [serve(contracts.telemetry, rpcs)],
    });
    await fixture.startController();
    return fixture;
  }

  /** Of the controller. */
  get stateDirectory(): string {
    return this.#directory;
  }

  get client(): Controller {
    if (this.#client === undefined) throw new Error('the controller is not running');
    return this.#client;
  }

  /** Start, or start again over the same state directory. */
  async startController(): Promise<void> {
    this.registry = new Registry();
    const config = fsuControllerConfig.parse({
      listen: '127.0.0.1:0',
      state_directory: this.#directory,
      telemetry_address: this.#telemetry?.address,
      predictor_address: this.predictor.address || '127.0.0.1:9',
      agent_address: this.agent.address,
      lease_ttl_ms: 500,
      targets: this.#targets,
      ...this.#config,
    });
    this.#running = await startController(this.#context(config));
    this.#client = connect(contracts.fsuController, {
      address: this.#running.grpcServer.address,
    });
    this.ticks = [];
    void this.#followTicks(this.#client);
    // Until the windows are followed samples pass unseen; one without numbers is harmless.
    if (this.links.length === 0) return;
    const nothing = { queueBytes: undefined, queueHighWaterBytes: undefined };
    await this.until(async () => {
      if (this.ticks.some(({ sample }) => sample !== null)) return true;
      await this.sample({ ...nothing, droppedBytes: undefined });
      return false;
    }, 'the windows are followed');
    await this.taken();
  }

  /** The newest sample has been decided on, for every target. */
  async taken(): Promise<void> {
    const names = this.#targets.filter(isQueue).map(({ name }) => name);
    const isTaken = (name: string) =>
      this.ticks.some(
        ({ target, sample }) => target === name && sample?.timeUnixMs === this.#timeUnixMs,
      );
    await this.until(() => names.every(isTaken), 'all samples have been taken');
  }

  async stopController(): Promise<void> {
    this.#client?.close();
    await this.#running?.drain(1_000);
    this.#running = undefined;
  }

  /** One sample of every link, 100 ms after the one before. */
  sample(of: Partial<Sample> = {}): Promise<void> {
    return this.pulse(Object.fromEntries(this.links.map((link) => [link, of])));
  }

  /** One sample of each link named, 100 ms after the one before. */
  async pulse(links: Readonly<Record<string, Partial<Sample>>>): Promise<void> {
    this.#timeUnixMs += 100;
    const samples = Object.entries(links).map(([link, of]) => ({
      timeUnixMs: this.#timeUnixMs,
      intervalMs: 100,
      throughputBytesPerSecond: 1_000_000,
      queueBytes: 0,
      queueHighWaterBytes: 20_000,
      droppedBytes: 0,
      limitBytes: this.agent.limit(link),
      drainBytesPerSecond,
      origin: 'simulated' as const,
      ...of,
      link,
    }));
    await this.windows.append(samples);
  }

  get timeUnixMs(): number {
    return this.#timeUnixMs;
  }

  async target(name: string): Promise<fsuController.Target> {
    const { targets } = await this.client.listTargets({});
    const target = targets.find((one) => one.name === name);
    if (target === undefined) throw new Error(`no target ${name}`);
    return target;
  }

  async decisions(target = ''): Promise<fsuController.Decision[]> {
    return (await this.client.listDecisions({ target })).decisions;
  }

  /** Value of a metric, summed over the label sets that contain `labels`. */
  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const metric = await this.registry.getSingleMetric(name)?.get();
    const values = metric?.values ?? [];
    return values
      .filter((value) =>
        Object.entries(labels).every(([key, expected]) => value.labels[key] === expected),
      )
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Poll until it is so; a deadline far beyond any slow machine. */
  async until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadlineMs = Date.now() + 20_000;
    while (!(await isSo())) {
      if (Date.now() > deadlineMs) throw new Error(`waited 20 s in vain until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopController();
    await this.agent.stop();
    await this.predictor.stop();
    await this.windows.close();
    await this.#telemetry?.drain(0);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #followTicks(client: Controller): Promise<void> {
    try {
      for await (const { ticks } of client.streamTicks({})) this.ticks.push(...ticks);
    } catch {
      // The controller has stopped.
    }
  }

  #context(config: FsuControllerConfig): ServiceContext<FsuControllerConfig> {
    const level = (name: string) => (fields: Record<string, unknown> | string, text?: string) => {
      if (typeof fields === 'string') this.logged.push({ level: name, fields: {}, text: fields });
      else this.logged.push({ level: name, fields, text: text ?? '' });
    };
    const logger = {
      info: level('info'),
      warn: level('warn'),
      error: level('error'),
    } as unknown as Logger;
    this.readiness = new Readiness();
    return {
      config: Object.freeze(config),
      logger,
      registry: this.registry,
      clock: this.#clock,
      readiness: this.readiness,
      signal: new AbortController().signal,
    };
  }
}

function isQueue({ source }: TargetInput): boolean {
  return source === undefined;
}

/** @see ControllerFixture.start */
export interface FixtureOptions {
  targets: TargetInput[];
  /** Other keys of the configuration. */
  config?: Record<string, unknown>;
  /** Default true. */
  hasPredictor?: boolean;
  clock?: Clock;
}
