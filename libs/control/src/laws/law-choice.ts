import { InputMemory } from './input-memory.ts';
import type { Law, LawInput, LawOutput, ResourceState } from './law.ts';
import { LawReplay } from './law-replay.ts';
import { isSize } from './measured.ts';
import { type LawName, type LawOptions, openLaw, physicsModels } from './open-law.ts';

/** Ticks remembered, four minutes at 100 ms: three periods of 60 s and a little more. */
const memoryTicks = 2_400;
/** Ticks that each replay goes on by in one tick of the loop: what bounds the cost of choosing. */
const replayTicks = 2;
/** The same while the chosen law catches up with the present. */
const catchUpTicks = 20;
/** Ticks between the end of a comparison and the next one. */
const restTicks = 1_800;
/** Another law must cost so much less, relative; and a twentieth of the peak less at least. */
const marginShare = 0.1;
const marginLeast = 0.05;
/** Bounds of what is tuned, and its steps. */
const holdBoundsMs = [2_000, 120_000] as const;
const setpointBounds = [0.5, 0.85] as const;
const setpointStep = 0.05;

/** A law and how it is set. */
export interface LawSetting {
  model: LawName;
  setpoint: number;
  holdMs: number;
}

/** @see LawChoice */
export interface LawChoiceOptions extends LawOptions {
  /** Begin with this one; default the reactive law. */
  model?: LawName | undefined;
  /** Choose among the physics models; else the model stays. Default true. */
  isAuto?: boolean | undefined;
  /** Tune setpoint and hold of the law that serves. Default false. */
  isTuned?: boolean | undefined;
}

/**
 * The law that would have cost least in the recent past (SPEC 4.2): the newest four minutes of
 * inputs are replayed through each candidate, each on a simulated resource of the same delay, some
 * ticks at a time beside the loop; the first half teaches, the second is scored. A candidate that
 * is cheaper by a margin serves, once it has caught up with the present. Rounds that choose a model
 * take turns with rounds that tune the one that serves, by one step of one setting.
 */
export class LawChoice implements Law {
  readonly name = 'auto';
  readonly #options: LawChoiceOptions;
  readonly #memory = new InputMemory(memoryTicks);
  #serving: LawSetting;
  #law: Law;
  #round: Round | undefined;
  #rounds = 0;
  #restedAt = 0;
  #successor: { setting: LawSetting; law: Law; at: number } | undefined;

  constructor(options: LawChoiceOptions) {
    this.#options = options;
    const { model = physicsModels[0], setpoint, holdMs } = options;
    this.#serving = { model, setpoint, holdMs };
    this.#law = this.#open(this.#serving);
  }

  /** The law that serves and how it is set. */
  get serving(): Readonly<LawSetting> {
    return this.#serving;
  }

  calculateForce(state: ResourceState): number {
    return this.#law.calculateForce(state);
  }

  predictNextState(state: ResourceState): ResourceState {
    return this.#law.predictNextState(state);
  }

  forget(range: { fromMs: number; toMs: number }): void {
    this.#law.forget?.(range);
  }

  step(input: LawInput): LawOutput {
    this.#memory.push(input);
    this.#succeed(input);
    if (this.#successor === undefined) this.#compare(input);
    return this.#law.step(input);
  }

  /** One more piece of the comparison under way. */
  #compare(input: LawInput): void {
    const isDue = this.#memory.isFull && this.#memory.end >= this.#restedAt;
    if (!isDue || !isSize(input.size)) return;
    this.#round ??= this.#openRound(input.size);
    if (this.#round === undefined) return;
    this.#round.advance(replayTicks);
    const winner = this.#round.winner();
    if (winner === undefined) return;
    this.#round = undefined;
    this.#restedAt = this.#memory.end + restTicks;
    if (winner === this.#serving) return;
    this.#successor = { setting: winner, law: this.#open(winner), at: this.#memory.start };
  }

  /** The next law learns what the memory holds, then takes over. */
  #succeed(input: LawInput): void {
    const next = this.#successor;
    if (next === undefined) return;
    const { end, start } = this.#memory;
    next.at = Math.max(next.at, start);
    const to = Math.min(end - 1, next.at + catchUpTicks);
    const { size, requested } = input;
    for (; next.at < to; next.at++) {
      next.law.step({ ...this.#memory.at(next.at), size, requested });
    }
    if (next.at < end - 1) return;
    this.#law = next.law;
    this.#serving = next.setting;
    this.#successor = undefined;
  }

  #openRound(startSize: number): Round | undefined {
    const { isAuto = true, isTuned = false, actuationDelayMs, periodMs } = this.#options;
    const isTuning = isTuned && (!isAuto || this.#rounds % 2 === 1);
    this.#rounds += 1;
    const rivals = isTuning ? neighbours(this.#serving) : isAuto ? this.#others() : [];
    if (rivals.length === 0) return undefined;
    const delayTicks = Math.round(actuationDelayMs / periodMs);
    const runs = [this.#serving, ...rivals].map((setting) => ({
      setting,
      replay: new LawReplay(this.#open(setting), { memory: this.#memory, startSize, delayTicks }),
    }));
    return new Round(runs, periodMs);
  }

  #others(): LawSetting[] {
    const { model } = this.#serving;
    return physicsModels
      .filter((other) => other !== model)
      .map((other) => ({ ...this.#serving, model: other }));
  }

  #open({ model, setpoint, holdMs }: LawSetting): Law {
    return openLaw(model, { ...this.#options, setpoint, holdMs });
  }
}

/** Some settings over the same inputs; all advance together, so that none has newer ones. */
class Round {
  readonly #runs: readonly { setting: LawSetting; replay: LawReplay }[];
  readonly #periodMs: number;
  #next = 0;

  constructor(runs: readonly { setting: LawSetting; replay: LawReplay }[], periodMs: number) {
    this.#runs = runs;
    this.#periodMs = periodMs;
  }

  advance(ticks: number): void {
    const run = this.#runs[this.#next % this.#runs.length];
    this.#next += 1;
    run?.replay.advance(ticks * this.#runs.length);
  }

  /** @returns undefined while it goes on; the one that serves unless another is clearly cheaper */
  winner(): LawSetting | undefined {
    if (!this.#runs.every(({ replay }) => replay.isDone)) return undefined;
    const costs = this.#runs.map(({ replay }) => replay.cost(this.#periodMs));
    const [own = 0] = costs;
    const least = Math.min(...costs);
    const isClear = own - least > Math.max(marginLeast, marginShare * own);
    return this.#runs[isClear ? costs.indexOf(least) : 0]?.setting;
  }
}

/** One step of one setting away. */
function neighbours(setting: LawSetting): LawSetting[] {
  const bounded = (value: number, [least, most]: readonly [number, number]) =>
    Math.max(least, Math.min(most, value));
  const { holdMs, setpoint } = setting;
  const all = [
    { ...setting, holdMs: bounded(holdMs / 2, holdBoundsMs) },
    { ...setting, holdMs: bounded(holdMs * 2, holdBoundsMs) },
    { ...setting, setpoint: bounded(setpoint - setpointStep, setpointBounds) },
    { ...setting, setpoint: bounded(setpoint + setpointStep, setpointBounds) },
  ];
  return all.filter((one) => one.holdMs !== holdMs || one.setpoint !== setpoint);
}
