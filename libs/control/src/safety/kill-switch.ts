/** Longest pause with an end, milliseconds: one day. Without an end it lasts until resumed. */
export const pauseMsMax = 86_400_000;

/** A pause in force. */
export interface Pause {
  reason: string;
  /** Time it ends by itself, in the caller's clock; `undefined`: when resumed. */
  untilMs: number | undefined;
}

/**
 * The kill switch for everything (SPEC 4.4): while it is thrown, no target is changed. The caller
 * restores originals when `pause` says it has just been thrown. The state is a value, so that a
 * restart does not lift a pause; it therefore counts in wall-clock time.
 */
export class KillSwitch {
  #pause: Pause | undefined;

  constructor(pause?: Pause) {
    this.#pause = pause;
  }

  /**
   * Throw the switch, or change the end of a pause in force.
   * @param durationMs undefined: until resumed; cut to one day
   * @returns whether it was off before: the moment to restore originals
   */
  pause(at: { nowMs: number; durationMs?: number | undefined; reason: string }): boolean {
    const wasOff = this.current(at.nowMs) === undefined;
    const { durationMs } = at;
    const untilMs =
      durationMs === undefined
        ? undefined
        : at.nowMs + Math.min(Math.max(0, durationMs), pauseMsMax);
    this.#pause = { reason: at.reason, untilMs };
    return wasOff;
  }

  resume(): void {
    this.#pause = undefined;
  }

  /** The pause in force; a pause whose time is over is gone. */
  current(nowMs: number): Pause | undefined {
    if (this.#pause?.untilMs !== undefined && nowMs >= this.#pause.untilMs) this.#pause = undefined;
    return this.#pause;
  }
}
