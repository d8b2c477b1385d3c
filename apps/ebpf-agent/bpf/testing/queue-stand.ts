import type { PidGains } from './pid-reference.ts';
import type { Programs } from './programs.ts';
import type { Values } from './structs.ts';

const MODE = { off: 0, monitor: 1, police: 2 } as const;
const SLOT_NS = 10_000_000;
const TICKS_PER_NS = 64;
const Q16 = 65_536;
const Q32 = 2 ** 32;
/** The slowest the queue knows: what a test puts in stays in, give or take 10 bytes in 10 ms. */
const RATE_MIN = 1_000;

/** The virtual queue of a link, put into states by hand so that no test waits for the clock. */
export class QueueStand {
  readonly #programs: Programs;
  readonly #link: number;
  #maxSize = 0;
  #rate = RATE_MIN;

  constructor(programs: Programs, link: number) {
    this.#programs = programs;
    this.#link = link;
  }

  configure(options: {
    mode: keyof typeof MODE;
    maxSize: number;
    rate?: number;
    gains?: PidGains;
    timedEvery?: number;
  }): void {
    const { mode, maxSize, rate = RATE_MIN, gains = { kp: 0, ki: 0, kd: 0 } } = options;
    const { timedEvery = 1 } = options;
    this.#maxSize = maxSize;
    this.#rate = rate;
    const [kp, ki, kd] = [gains.kp, gains.ki, gains.kd].map((gain) => Math.round(gain * Q16));
    const config = { rate_bytes_per_second: rate, mode: MODE[mode], timed_every: timedEvery };
    const buffer = { max_size: maxSize, kp: kp ?? 0, ki: ki ?? 0, kd: kd ?? 0 };
    this.#programs.configure(this.#link, config, buffer);
  }

  /** As the kernel has it. */
  get state(): Values {
    return this.#programs.queue(this.#link);
  }

  get dropProbability(): number {
    return (this.state.drop_probability ?? 0) / Q32;
  }

  /** Bytes in the queue now. */
  get levelBytes(): number {
    const { busy_until_ticks: busyUntil = 0, ticks_per_byte: ticksPerByte = 1 } = this.state;
    return (Math.max(0, busyUntil - nowNs() * TICKS_PER_NS) * Q16) / ticksPerByte;
  }

  /**
   * Put it into a state.
   *
   * @param to.steps of 10 ms that the PID is late; the next packet makes them up. 0: none is due
   *   within this test.
   * @param to.state members of `struct virtual_queue` beside
   */
  set(to: { levelBytes: number; probability?: number; steps?: number; state?: Values }): void {
    const { levelBytes, steps = 1, probability = 0 } = to;
    const now = nowNs();
    const ticksPerByte = Math.floor((1e9 * TICKS_PER_NS * Q16) / this.#rate);
    const due = Math.floor(now / SLOT_NS) + 1 - (steps > 0 ? steps : -1e6);
    this.#programs.writeQueue(this.#link, {
      updates: 1,
      busy_until_ticks: now * TICKS_PER_NS + (levelBytes * ticksPerByte) / Q16,
      next_update_ns: due * SLOT_NS,
      ticks_per_byte: ticksPerByte,
      limit_ticks: (this.#maxSize * ticksPerByte) / Q16,
      drop_probability: Math.min(Q32 - 1, Math.round(probability * Q32)),
      ...to.state,
    });
  }

  /** Steps the PID has made up for between two states: its boundary moved on by as many. */
  static stepsBetween(before: Values, after: Values): number {
    return ((after.next_update_ns ?? 0) - (before.next_update_ns ?? 0)) / SLOT_NS;
  }
}

/** The clock of the programs; exact to 2^53 ns, 104 days after the start of the machine. */
function nowNs(): number {
  return Number(process.hrtime.bigint());
}
