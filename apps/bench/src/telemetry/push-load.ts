import { SeededRandom } from '@levitate/clock';
import { contracts, type telemetry } from '@levitate/contracts';
import { connect } from '@levitate/grpc-kit';

/** Links that one host reports in one message. */
export const LINKS_PER_HOST = 50;
const INTERVAL_MS = 100;

/** What the hosts did so far. */
export interface PushCounts {
  /** Samples handed to gRPC. */
  sent: number;
  accepted: number;
  duplicate: number;
  late: number;
  /** Samples of calls that failed. */
  failed: number;
  /** Longest delay of a host's timer, milliseconds: above a few, the bench itself was slow. */
  latenessMsMax: number;
}

/** @see PushLoad */
export interface PushLoadOptions {
  address: string;
  links: number;
  seed: string;
  /** The clock that times samples, milliseconds since 1970. */
  unixMs: () => number;
}

/**
 * Hosts that push the samples of their links ten times a second, each at its own phase, open loop:
 * none waits for the answer to its previous message.
 */
export class PushLoad {
  readonly counts: PushCounts = {
    sent: 0,
    accepted: 0,
    duplicate: 0,
    late: 0,
    failed: 0,
    latenessMsMax: 0,
  };
  readonly #unixMs: () => number;
  readonly #client: ReturnType<typeof connect<telemetry.TelemetryServiceMethods>>;
  readonly #hosts: Host[];
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ address, links, seed, unixMs }: PushLoadOptions) {
    this.#unixMs = unixMs;
    this.#client = connect(contracts.telemetry, { address, deadlineMs: 30_000 });
    const random = new SeededRandom(seed);
    this.#hosts = Array.from({ length: Math.ceil(links / LINKS_PER_HOST) }, (_, host) => ({
      phaseMs: random.float() * INTERVAL_MS,
      links: Array.from(
        { length: Math.min(LINKS_PER_HOST, links - host * LINKS_PER_HOST) },
        (_, link) => `host-${host}-link-${link}`,
      ),
      level: 1e6 * (1 + random.float()),
    })).toSorted((a, b) => a.phaseMs - b.phaseMs);
  }

  /** Lets the hosts push from now on. */
  start(): void {
    const startMs = performance.now();
    let turn = 0;
    const tick = (): void => {
      for (;;) {
        const host = this.#hosts[turn % this.#hosts.length] as Host;
        const round = Math.floor(turn / this.#hosts.length);
        const dueMs = startMs + host.phaseMs + round * INTERVAL_MS;
        const lateMs = performance.now() - dueMs;
        if (lateMs < 0) {
          this.#timer = setTimeout(tick, Math.ceil(-lateMs));
          return;
        }
        this.counts.latenessMsMax = Math.max(this.counts.latenessMsMax, lateMs);
        this.#push(host, round + 1);
        turn += 1;
      }
    };
    tick();
  }

  /** Stops the hosts and waits for the answers that are still to come. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    this.#client.close();
  }

  #push(host: Host, sequence: number): void {
    const { counts } = this;
    const timeUnixMs = this.#unixMs();
    const samples = host.links.map((link, index) =>
      sampleOf({ link, sequence, timeUnixMs, level: host.level * (1 + index / 100) }),
    );
    counts.sent += samples.length;
    this.#inFlight += 1;
    this.#client
      .pushSamples({ samples })
      .then(
        ({ accepted, duplicate, late }) => {
          counts.accepted += accepted;
          counts.duplicate += duplicate;
          counts.late += late;
        },
        () => {
          counts.failed += samples.length;
        },
      )
      .finally(() => {
        this.#inFlight -= 1;
      });
  }
}

interface Host {
  phaseMs: number;
  links: string[];
  level: number;
}

/** A full sample: every value measured, as an agent on a real queue sends it. */
function sampleOf(parts: {
  link: string;
  sequence: number;
  timeUnixMs: number;
  level: number;
}): telemetry.SampleInit {
  const { link, sequence, timeUnixMs, level } = parts;
  const swing = 1 + 0.3 * Math.sin(sequence / 7);
  return {
    link,
    sequence,
    timeUnixMs,
    intervalMs: INTERVAL_MS,
    throughputBytesPerSecond: level * swing,
    packetsPerSecond: (level * swing) / 1500,
    throughputPeakBytesPerSecond: level * swing * 1.4,
    queueBytes: Math.round(level * swing * 0.01),
    queuePackets: Math.round((level * swing * 0.01) / 1500),
    queueHighWaterBytes: Math.round(level * swing * 0.02),
    latencyP50Seconds: 0.002 * swing,
    latencyP95Seconds: 0.004 * swing,
    latencyP99Seconds: 0.006 * swing,
    connectionsPerSecond: 10 * swing,
    droppedPackets: 0,
    droppedBytes: 0,
    limitBytes: 524_288,
    drainBytesPerSecond: 12_500_000,
    origin: 'SAMPLE_ORIGIN_KERNEL',
  };
}
