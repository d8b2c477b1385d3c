/** Agent and controller over real gRPC whose two lanes are generated, for tests and for looking. */
import { contracts, type ebpfAgent, type fsuController, type telemetry } from '@levitate/contracts';
import { type GrpcServer, serve, startGrpcServer } from '@levitate/grpc-kit';

const intervalMs = 100;
const drain = 12_500_000;
const packetBytes = 1_000;

const nothing = () => ({});

/** RPCs of a controller that the dashboard does not draw lanes from. */
export const restOfController = {
  ...{ explainDecision: nothing, setMode: nothing, pause: nothing, resume: nothing },
  ...{ rollback: nothing, getCanary: nothing, startCanary: nothing, abortCanary: nothing },
  listReports: nothing,
};

/** One lane's queue, advanced an interval at a time. */
class FakeLane {
  readonly name: string;
  readonly predictive: boolean;
  readonly originalLimit = 60_000;
  limit = 60_000;
  queue = 0;
  sequence = 0;
  droppedPackets = 0;
  sentPackets = 0;
  decisions: fsuController.DecisionInit[] = [];

  constructor(name: string, predictive: boolean) {
    this.name = name;
    this.predictive = predictive;
  }

  /** @param now milliseconds; the burst comes every 12 s, lasts 1.2 s and is known 4 s ahead */
  tick(now: number, nextDecisionId: () => number): fsuController.TickInit {
    const phase = (now / 1_000) % 12;
    const wave = 1 + 0.15 * Math.sin(now / 700) + 0.08 * Math.sin(now / 130);
    const isBurst = phase >= 8 && phase < 9.2;
    const throughput = isBurst ? 16_000_000 * wave : 4_000_000 * wave;
    const before = this.limit;
    const need = isBurst ? this.queue + 500_000 : this.queue * 1.4;
    if (this.predictive) {
      if (phase >= 7 && phase < 9.4) this.limit = 1_600_000;
      else if (this.queue < 50_000) this.limit = Math.max(60_000, this.limit * 0.7);
    } else if (need > this.limit * 0.8) {
      this.limit = Math.min(1_600_000, this.limit * 1.25);
    } else if (this.queue < 30_000) {
      this.limit = Math.max(60_000, this.limit * 0.95);
    }
    const arrived = (throughput * intervalMs) / 1_000;
    const filled = Math.max(0, this.queue + arrived - (drain * intervalMs) / 1_000);
    const dropped = Math.max(0, filled - before);
    this.queue = Math.min(filled, before);
    const droppedPackets = Math.round(dropped / packetBytes);
    this.droppedPackets += droppedPackets;
    this.sentPackets += Math.round((arrived - dropped) / packetBytes);
    this.sequence += 1;
    const sample: telemetry.SampleInit = {
      link: this.name,
      sequence: this.sequence,
      timeUnixMs: now,
      intervalMs,
      throughputBytesPerSecond: throughput,
      queueBytes: this.queue,
      queueHighWaterBytes: Math.min(before, this.queue + 9_000),
      droppedPackets,
      droppedBytes: dropped,
      limitBytes: this.limit,
      drainBytesPerSecond: drain,
      origin: 'SAMPLE_ORIGIN_SIMULATED',
    };
    if (Math.abs(this.limit - before) > 1) {
      this.decisions.unshift({
        id: nextDecisionId(),
        target: this.name,
        timeUnixMs: now,
        law: this.predictive ? 'LAW_PREDICTIVE' : 'LAW_REACTIVE',
        mode: 'MODE_ENFORCE',
        beforeBytes: before,
        allowedBytes: this.limit,
        afterBytes: this.limit,
        applied: true,
        reasons: ['burst_predicted'],
        text: this.predictive
          ? this.limit > before
            ? 'A burst is predicted within a second; the limit is raised to its 90 % quantile.'
            : 'The burst has passed and the queue is empty; the limit goes back.'
          : 'Utilisation left its band around the setpoint.',
      });
      this.decisions.length = Math.min(this.decisions.length, 100);
    }
    return { target: this.name, timeUnixMs: now, sample, forecast: this.#forecast(now, phase) };
  }

  #forecast(now: number, phase: number): fsuController.TickInit['forecast'] {
    if (!this.predictive) return null;
    const ttb = 8 - phase;
    const isPredicted = ttb > 0 && ttb < 4;
    const level = { q50: 4_000_000, q90: 4_700_000, q99: 5_000_000 };
    return {
      link: this.name,
      madeUnixMs: now,
      horizonSeconds: 10,
      burstPredicted: isPredicted,
      confidence: isPredicted ? 0.87 : 0.05,
      timeToBurstSeconds: isPredicted ? ttb + Math.sin(now / 300) * 0.05 : 0,
      timeSdSeconds: 0.15,
      durationSeconds: { q50: 1.2, q90: 1.5, q99: 2 },
      peakBytesPerSecond: { q50: 16_500_000, q90: 19_000_000, q99: 21_000_000 },
      levelBytesPerSecond: Array.from({ length: 10 }, () => level),
      abstained: isPredicted ? [] : ['no_burst_in_sight'],
      model: 'seasonal-naive/1',
    };
  }

  target(): fsuController.TargetInit {
    return {
      name: this.name,
      link: this.name,
      mode: 'MODE_ENFORCE',
      predictive: this.predictive,
      breaker: 'BREAKER_STATE_CLOSED',
      leaseHeld: true,
      law: this.predictive ? 'LAW_PREDICTIVE' : 'LAW_REACTIVE',
      limitBytes: this.limit,
      originalLimitBytes: this.originalLimit,
      changes: this.decisions.length,
      latencyBudgetMs: 150,
    };
  }

  link(): ebpfAgent.LinkInit {
    return {
      link: this.name,
      interface: this.name,
      qdisc: 'tbf',
      controllable: true,
      limitBytes: this.limit,
      originalLimitBytes: this.originalLimit,
      drainBytesPerSecond: drain,
      sentPackets: this.sentPackets,
      sentBytes: this.sentPackets * packetBytes,
      droppedPackets: this.droppedPackets,
      backlogBytes: this.queue,
      actuator: 'ACTUATOR_KIND_SIMULATED',
      actuatorTarget: 'a simulated queue',
      actuatorsUnavailable: [
        { kind: 'ACTUATOR_KIND_QDISC', reason: 'no CAP_NET_ADMIN; run as root' },
      ],
    };
  }
}

/** Two servers that can be stopped and started again on their ports. */
export class FakeServices {
  readonly lanes = [new FakeLane('reactive', false), new FakeLane('predictive', true)];
  agent: GrpcServer | undefined;
  controller: GrpcServer | undefined;
  #id = 0;
  #listeners = new Set<(ticks: fsuController.TickInit[]) => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Generates a minute of history at once, then a tick every 100 ms. */
  async start(): Promise<void> {
    const from = Date.now();
    for (let ms = 60_000; ms > 0; ms -= intervalMs) this.step(from - ms);
    await this.startAgent();
    await this.startController();
    this.resume();
  }

  /** Goes on generating after `freeze`. */
  resume(): void {
    this.#timer = setInterval(() => this.step(Date.now()), intervalMs);
  }

  /** Stops generating; everything stands still. */
  freeze(): void {
    clearInterval(this.#timer);
  }

  step(now: number): void {
    const ticks = this.lanes.map((lane) =>
      lane.tick(now, () => {
        this.#id += 1;
        return this.#id;
      }),
    );
    this.recent.push(ticks);
    if (this.recent.length > 600) this.recent.shift();
    for (const listener of this.#listeners) listener(ticks);
  }

  readonly recent: fsuController.TickInit[][] = [];

  async startAgent(listen = '127.0.0.1:0'): Promise<void> {
    this.agent = await startGrpcServer({
      listen,
      services: [
        serve(contracts.ebpfAgent, {
          streamSamples: (_, call) => this.#samples(call.signal),
          async *streamMicrobursts() {},
          listLinks: () => ({
            links: this.lanes.map((lane) => lane.link()),
            kernel: 'KERNEL_KIND_SIMULATED',
          }),
          listPrograms: () => ({
            programs: [
              {
                ...{ name: 'xdp_buffer_control', link: 'predictive', hook: 'xdp' },
                ...{ xdpMode: 'native', detail: 'by a link', runCount: 2_000, runTimeNs: 98_000 },
              },
              {
                ...{ name: 'levitate_kfree_skb', hook: 'none' },
                detail: 'the verifier refused it: unknown func',
              },
            ],
          }),
          acquireLease: () => ({}),
          renewLease: () => ({}),
          renewLeases: () => ({}),
          releaseLease: () => ({}),
          setQueueLimit: () => ({}),
          setQueueLimits: () => ({}),
          restore: () => ({}),
          getCapabilities: () => ({
            kernel: 'KERNEL_KIND_SIMULATED',
            simulatedReason: 'this process may not create network namespaces (it is not root)',
            capabilities: [
              { name: 'btf', present: true, detail: '/sys/kernel/btf/vmlinux', fix: '' },
              {
                name: 'cap-net-admin',
                present: false,
                detail: 'CapEff 0000000000000000',
                fix: 'run as root, or grant CAP_NET_ADMIN',
              },
            ],
          }),
        }),
      ],
    });
  }

  async startController(listen = '127.0.0.1:0'): Promise<void> {
    this.controller = await startGrpcServer({
      listen,
      services: [
        serve(contracts.fsuController, {
          listTargets: () => ({ targets: this.lanes.map((lane) => lane.target()) }),
          streamTicks: (_, call) => this.#ticks(call.signal),
          listDecisions: ({ limit }) => ({
            decisions: this.lanes
              .flatMap(({ decisions }) => decisions)
              .sort((left, right) => (right.id ?? 0) - (left.id ?? 0))
              .slice(0, limit || 100),
          }),
          ...restOfController,
        }),
      ],
    });
  }

  async stop(): Promise<void> {
    this.freeze();
    await Promise.all([this.agent?.drain(0), this.controller?.drain(0)]);
  }

  async *#ticks(signal: AbortSignal): AsyncGenerator<fsuController.StreamTicksResponseInit> {
    for (const ticks of this.recent) yield { ticks, lost: 0 };
    while (!signal.aborted) yield { ticks: await this.#next(signal), lost: 0 };
  }

  async *#samples(signal: AbortSignal): AsyncGenerator<ebpfAgent.StreamSamplesResponseInit> {
    while (!signal.aborted) {
      const ticks = await this.#next(signal);
      yield { samples: ticks.flatMap(({ sample }) => (sample ? [sample] : [])), lost: 0 };
    }
  }

  #next(signal: AbortSignal): Promise<fsuController.TickInit[]> {
    return new Promise((resolve) => {
      const listener = (ticks: fsuController.TickInit[]) => {
        this.#listeners.delete(listener);
        resolve(ticks);
      };
      this.#listeners.add(listener);
      signal.addEventListener('abort', () => listener([]), { once: true });
    });
  }
}
