import type { VirtualClock } from '@levitate/clock';
import type { Mode } from '@levitate/control';
import { ChangeRateRule, type FaultyDisk, type Violation } from '@levitate/testing/faults';
import type { Controller, ControllerEvent } from '../controller.ts';
import type { NotedOriginal } from '../managed-resource.ts';
import { sizes } from './controller-steps.ts';
import {
  type FaultyResource,
  ownWeights,
  type ResourceWatch,
  type Ruler,
} from './faulty-resource.ts';

/** Where the original is kept, without the process. */
export const originalFile = '/state/sdk/original-workers';

const handOffMs = 60_000;
/** A change that was given up may be taken for ours for so long after it was asked for, ms. */
const lateMs = 75_000;
const coolOffMs = 600_000;
const failuresMax = 3;
/** Time in which what must not be changed is put back once nothing hinders it, ms. */
const restoreWithinMs = 12_000;

/** What one controller was seen to do. */
interface Watched {
  controller: Controller;
  isStopped: boolean;
  /** Ticks in a row without a measurement that can be. */
  lostTicks: number;
  /** Changes in a row that could not be made. */
  failedChanges: number;
  /** Failures of all kinds since the last change that came into force. */
  failures: number;
  openedMs: number | undefined;
  handedOffUntilMs: number;
  isHandUnseen: boolean;
  /** Size at the last decision. */
  seen: number | undefined;
  lastNeed: { size: number; need: number; rejected: number } | undefined;
  asked: number | undefined;
  /** Sizes that were asked for of late. */
  lately: { size: number; askedMs: number }[];
  /** Size that was decided on and not asked for yet. */
  decided: number | undefined;
  rate: ChangeRateRule;
}

/** Orders that hold for both controllers. */
export interface StandingOrders {
  modes: [Mode, Mode];
  isPaused: boolean;
  holder: 0 | 1 | undefined;
}

/**
 * What is true of a resource and of what was ordered, kept apart from the code under test, and the
 * rules that no sequence may break. The first violation stays.
 */
export class ControllerRules implements ResourceWatch {
  violation: Violation | undefined;
  changes = 0;
  readonly #clock: VirtualClock;
  readonly #disk: FaultyDisk;
  readonly #orders: StandingOrders;
  readonly #perMinute: number;
  #resource: FaultyResource | undefined;
  #watched: Watched[] = [];
  /** Sizes that may be put back: one, but where a restart or a hand came between. */
  #originals = new Set<number>([sizes.original]);
  #isRecorded = false;
  #wellSinceMs: number | undefined;

  constructor(parts: {
    clock: VirtualClock;
    disk: FaultyDisk;
    orders: StandingOrders;
    perMinute: number;
  }) {
    this.#clock = parts.clock;
    this.#disk = parts.disk;
    this.#orders = parts.orders;
    this.#perMinute = parts.perMinute;
  }

  watchResource(resource: FaultyResource): void {
    this.#resource = resource;
    resource.isRestore = ({ who }, size) =>
      this.#originals.has(size) && this.#watched[who]?.decided !== size;
  }

  watchControllers(controllers: readonly Controller[]): void {
    this.#watched = controllers.map((controller) => ({
      controller,
      isStopped: false,
      lostTicks: 0,
      failedChanges: 0,
      failures: 0,
      openedMs: undefined,
      handedOffUntilMs: Number.NEGATIVE_INFINITY,
      isHandUnseen: false,
      seen: undefined,
      lastNeed: undefined,
      asked: undefined,
      lately: [],
      decided: undefined,
      rate: new ChangeRateRule(this.#perMinute),
    }));
  }

  break(rule: string, detail: string): void {
    this.violation ??= { rule, detail };
  }

  stopped(who: 0 | 1, isStopped: boolean): void {
    const watched = this.#watched[who];
    if (watched !== undefined) watched.isStopped = isStopped;
  }

  breakerReset(): void {
    for (const watched of this.#watched) {
      watched.openedMs = undefined;
      watched.failures = 0;
      watched.failedChanges = 0;
      watched.lostTicks = 0;
    }
  }

  /** An operator sets a size. @returns whether it could be told from a change of ours */
  setByHand(size: number): boolean {
    const resource = this.#of();
    if (this.#watched.some(({ asked }) => asked !== undefined)) return false;
    if (resource.measuring !== 'sound' || resource.size === size) return false;
    const fromMs = this.#clock.monotonicMs() - lateMs;
    const isLate = (one: Watched['lately'][number]) => one.size === size && one.askedMs >= fromMs;
    if (this.#watched.some(({ lately }) => lately.some(isLate))) return false;
    const isTouched = this.#isTouched();
    // A run that nobody has looked at yet may as well have come up with it.
    const isUnseen = this.#watched.some(({ seen }) => seen === undefined);
    if (isUnseen && isTouched) return false;
    resource.size = size;
    if (!isTouched) {
      const isClear = !this.#isRecorded && this.#disk.condition === 'sound';
      this.#originals = new Set(isClear ? [size] : [...this.#originals, size]);
    }
    for (const watched of this.#watched) watched.isHandUnseen = true;
    return true;
  }

  /** The resource came up again. */
  restarted(before: number): void {
    const { size } = this.#of();
    if (size !== before) this.#originals.add(size);
    for (const watched of this.#watched) {
      // Another run's size is its own, whoever sets it before the first look at it.
      watched.seen = undefined;
      watched.handedOffUntilMs = Number.NEGATIVE_INFINITY;
    }
  }

  onMeasured({ who }: Ruler, measured: { size: number; need: number; rejected: number }): void {
    const watched = this.#watched[who];
    if (watched !== undefined) watched.lastNeed = measured;
  }

  onChange({ who }: Ruler, size: number): void {
    const watched = this.#watched[who];
    if (watched === undefined) return;
    this.changes += 1;
    const detail = `${who} to ${size}, originals ${[...this.#originals].join(' or ')}`;
    if (!(size >= sizes.min && size <= sizes.max && Number.isInteger(size))) {
      this.break('no size is outside its bounds', detail);
    }
    this.#checkRight(watched, who, detail);
    if (!this.#isSafe()) this.break('the original is durable before the first change', detail);
    const { need = Number.NaN, rejected = 0, size: told = Number.NaN } = watched.lastNeed ?? {};
    if (!(need >= 0 && need <= 100 * sizes.max)) {
      this.break('a measurement that cannot be moves nothing', `${detail}: need ${need}`);
    }
    const from = watched.asked ?? told;
    const isUrgent = size > from && (need >= told || rejected > 0);
    const change = { nowMs: this.#clock.monotonicMs(), from, to: size, isUrgent };
    if (!watched.rate.allows(change)) {
      this.break('no more changes a minute than allowed', `${detail}, from ${from}`);
    }
    watched.rate.made(change);
    watched.asked = size;
    const askedMs = this.#clock.monotonicMs();
    const isOld = (one: Watched['lately'][number]) => one.askedMs < askedMs - lateMs;
    watched.lately = [...watched.lately.filter((one) => !isOld(one)), { size, askedMs }];
    watched.decided = undefined;
  }

  onRestore({ who }: Ruler, original: NotedOriginal): void {
    const { size, snapshot = ownWeights } = original;
    if (this.#orders.holder !== who) {
      this.break('nothing is put back without the lease', `${who} to ${size}`);
    }
    if (this.#originals.has(size) && snapshot === ownWeights) return;
    const known = [...this.#originals].join(' or ');
    this.break('what is put back is the original', `${size} ${snapshot}, not ${known}`);
  }

  onEvent(who: 0 | 1, event: ControllerEvent): void {
    const watched = this.#watched[who];
    if (watched === undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (event.kind === 'failed' && event.what === 'apply') {
      watched.failures += 1;
      watched.failedChanges += 1;
      watched.asked = undefined;
      watched.decided = undefined;
    }
    if (event.kind === 'applied' || event.kind === 'breaker-open') watched.failedChanges = 0;
    if (event.kind === 'restored') {
      watched.asked = undefined;
      // What was set by hand before that is gone, unseen.
      for (const one of this.#watched) one.isHandUnseen = false;
    }
    if (event.kind === 'breaker-open') {
      if (watched.failures <= failuresMax) {
        this.break(breakerRule, `it opened after ${watched.failures}`);
      }
      watched.openedMs = nowMs;
      watched.failures = 0;
    }
    if (event.kind !== 'decision') return;
    const { reasons, size, apply } = event.decision;
    watched.decided = apply;
    const isLost = reasons.includes('not-measured') || reasons.includes('implausible');
    watched.lostTicks = isLost ? watched.lostTicks + 1 : 0;
    if (isLost || reasons.includes('ignored')) watched.failures += 1;
    if (isLost) return;
    const isOver = (['ignored', 'restarted', 'set-by-hand'] as const).some((reason) =>
      reasons.includes(reason),
    );
    if (isOver || watched.asked === size) watched.asked = undefined;
    const isMoved = watched.seen !== undefined && watched.seen !== size;
    watched.seen = size;
    if (!watched.isHandUnseen) return;
    watched.isHandUnseen = false;
    // Before the first look, or where it was set back in time, nobody can know.
    if (isMoved) watched.handedOffUntilMs = nowMs + handOffMs;
  }

  /** Nothing moves: what must hold between any two steps. */
  check(isWell: boolean): void {
    // A name that was removed and not synced may come back with the power.
    const isNowRecorded = this.#disk
      .survivors(originalFile)
      .some((text) => recorded(text) !== undefined);
    if (this.#isTouched() && !this.#isSafe()) {
      const detail = `it is at ${this.#of().size}; on disk: ${this.#disk.text(originalFile)}`;
      this.break('a changed size has its original recorded', detail);
    }
    if (this.#isRecorded && !isNowRecorded && !this.#isTouched()) {
      this.#originals = new Set([this.#of().size]);
    }
    this.#isRecorded = isNowRecorded;
    for (const watched of this.#watched) this.#checkBreaker(watched);
    this.#checkOwed(isWell);
  }

  /** Nobody rules it: it is as it was, and nothing is recorded. */
  checkRestored(when: string): void {
    const { size, weights } = this.#of();
    if (this.#isTouched()) {
      const known = [...this.#originals].join(' or ');
      const detail = `${when}: at ${size} ${weights}, not ${known}`;
      this.break('the original is back when nothing may be changed', detail);
    } else if (recorded(this.#disk.text(originalFile)) !== undefined) {
      this.break('what was put back is recorded no more', when);
    }
  }

  #checkRight({ isStopped, openedMs, handedOffUntilMs }: Watched, who: 0 | 1, detail: string) {
    const nowMs = this.#clock.monotonicMs();
    const { modes, isPaused, holder } = this.#orders;
    if (modes[who] !== 'enforce' || isPaused) {
      this.break('nothing is changed but in enforce', `${detail}: ${modes[who]}, ${isPaused}`);
    }
    if (holder !== who) this.break('nothing is changed without the lease', `${detail}: ${holder}`);
    if (isStopped) this.break('nothing is changed after a stop', detail);
    if (openedMs !== undefined && nowMs - openedMs < coolOffMs) {
      this.break('nothing is changed while the breaker is open', detail);
    }
    if (nowMs < handedOffUntilMs) this.break('a size set by hand is not fought', detail);
  }

  #checkBreaker({ controller, lostTicks, failedChanges, openedMs }: Watched): void {
    const failures = Math.max(lostTicks, failedChanges);
    if (failures > failuresMax && openedMs === undefined && !controller.isBreakerOpen) {
      this.break(breakerRule, `it is closed after ${failures} failures in a row`);
    }
  }

  #checkOwed(isWell: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const { modes, isPaused, holder } = this.#orders;
    const watched = holder === undefined ? undefined : this.#watched[holder];
    const { measuring, applying } = this.#of();
    const isSound = measuring === 'sound' && applying === 'sound' && isWell;
    const isRuled =
      holder !== undefined &&
      modes[holder] === 'enforce' &&
      !isPaused &&
      !watched?.controller.isBreakerOpen;
    if (!isSound || isRuled || watched === undefined || watched.isStopped) {
      this.#wellSinceMs = undefined;
      return;
    }
    this.#wellSinceMs ??= nowMs;
    if (nowMs - this.#wellSinceMs > restoreWithinMs) this.checkRestored('long after it was due');
  }

  #isTouched(): boolean {
    const { size, weights } = this.#of();
    return !this.#originals.has(size) || weights !== ownWeights;
  }

  /** Whether the original would be found after a power cut now, whatever of it survives. */
  #isSafe(): boolean {
    return this.#disk.survivors(originalFile).every((text) => {
      const original = recorded(text);
      return original !== undefined && this.#originals.has(original.size);
    });
  }

  #of(): FaultyResource {
    if (this.#resource === undefined) throw new Error('no resource is watched');
    return this.#resource;
  }
}

const breakerRule = 'the breaker opens after more than three failures in a row';

/** What was read last: the same text is asked about many times between two changes. */
let newest: { text: string | undefined; original: NotedOriginal | undefined } = {
  text: undefined,
  original: undefined,
};

function recorded(text: string | undefined): NotedOriginal | undefined {
  if (newest.text !== text) newest = { text, original: originalIn(text) };
  return newest.original;
}

function originalIn(text: string | undefined): NotedOriginal | undefined {
  try {
    return JSON.parse(text ?? '') as NotedOriginal;
  } catch {
    return undefined;
  }
}
