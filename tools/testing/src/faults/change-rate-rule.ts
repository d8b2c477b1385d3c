/** A change that was made, or was not. */
export interface RatedChange {
  nowMs: number;
  from: number;
  to: number;
  /** May borrow: a rise for a forecast or a full queue, a fall below the latency budget. */
  isUrgent: boolean;
  episode?: number | string | undefined;
}

const minuteMs = 60_000;
const climbMs = 1_000;

/**
 * The change rate as the specification has it, kept apart from the code that obeys it: in no minute
 * more moves than allowed, urgent ones as many again; a climb or a descent without a pause of a
 * second, and rises of one episode, are one move.
 */
export class ChangeRateRule {
  readonly #perMinute: number;
  #moves: number[] = [];
  #last: { isRise: boolean; nowMs: number; episode: RatedChange['episode'] } | undefined;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Whether this change would be within the rate. */
  allows(change: RatedChange): boolean {
    const { nowMs, isUrgent } = change;
    if (this.#isSameMove(change)) return true;
    const within = this.#moves.filter((madeMs) => madeMs > nowMs - minuteMs).length;
    return within < (isUrgent ? 2 : 1) * this.#perMinute;
  }

  /** It was made. */
  made(change: RatedChange): void {
    const { nowMs, from, to, episode } = change;
    if (!this.#isSameMove(change)) this.#moves.push(nowMs);
    this.#moves = this.#moves.filter((madeMs) => madeMs > nowMs - minuteMs);
    this.#last = { isRise: to > from, nowMs, episode };
  }

  #isSameMove({ nowMs, from, to, episode }: RatedChange): boolean {
    const last = this.#last;
    const isRise = to > from;
    if (last === undefined || last.isRise !== isRise) return false;
    if (isRise && last.episode !== episode) return false;
    return (isRise && episode !== undefined) || nowMs - last.nowMs <= climbMs;
  }
}
