import { SeededRandom } from '@levitate/clock';
import type { Sample } from '@levitate/series';

/** Links that one host reports in one message. */
export const LINKS_PER_HOST = 50;
const INTERVAL_MS = 100;

/** @see HostLoad */
export interface HostLoadOptions {
  links: number;
  seed: string;
  /** The clock that times samples, milliseconds since 1970. */
  unixMs: () => number;
  /**
   * Takes the samples of one host; never waits.
   * @param host from 0 on
   * @returns whether anybody wants them: else they do not count as sent
   */
  send: (host: number, samples: Sample[]) => boolean;
}

/** Hosts that measure their links ten times a second, each at its own phase, open loop. */
export class HostLoad {
  /** Samples that `send` took. */
  sent = 0;
  /** Longest delay of a host's timer, milliseconds: above a few, the bench itself was slow. */
  latenessMsMax = 0;
  readonly #options: HostLoadOptions;
  readonly #hosts: Host[];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HostLoadOptions) {
    this.#options = options;
    const { links, seed } = options;
    const random = new SeededRandom(seed);
    this.#hosts = Array.from({ length: hostsOf(links) }, (_, host) => ({
      host,
      phaseMs: random.float() * INTERVAL_MS,
      links: Array.from(
        { length: Math.min(LINKS_PER_HOST, links - host * LINKS_PER_HOST) },
        (_, link) => `host-${host}-link-${link}`,
      ),
      level: 1e6 * (1 + random.float()),
    })).toSorted((a, b) => a.phaseMs - b.phaseMs);
  }

  /** Lets the hosts measure from now on. */
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
        this.latenessMsMax = Math.max(this.latenessMsMax, lateMs);
        this.#send(host, round + 1);
        turn += 1;
      }
    };
    tick();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #send({ host, links, level }: Host, sequence: number): void {
    const timeUnixMs = this.#options.unixMs();
    const samples = links.map((link, index) =>
      sampleOf({ link, sequence, timeUnixMs, level: level * (1 + index / 100) }),
    );
    if (this.#options.send(host, samples)) this.sent += samples.length;
  }
}

/** How many hosts there are for so many links. */
export function hostsOf(links: number): number {
  return Math.ceil(links / LINKS_PER_HOST);
}

interface Host {
  host: number;
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
}): Sample {
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
    origin: 'kernel',
  };
}
