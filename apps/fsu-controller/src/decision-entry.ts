import type { fsuController, predictor } from '@levitate/contracts';
import type { Mode, TargetDecision } from '@levitate/control';
import { sampleToProto } from '@levitate/feature-windows';
import type { Sample } from '@levitate/series';
import type { LoggedDecision } from './decision-log.ts';
import { decisionText, heldText } from './decision-text.ts';
import { lawToProto, modeToProto } from './proto-words.ts';

/** Everything a decision rests on, as it is shown and logged. */
export interface DecisionParts {
  target: fsuController.TargetInit;
  timeUnixMs: number;
  mode: Mode;
  decision: TargetDecision;
  /** Limit in force or under way when it was made. */
  current: number;
  /** Why it is not carried out, if it is not. */
  held: string | undefined;
  sample: Sample | undefined;
  /** Time of the newest sample there was: the clock that forecasts count on. */
  sampleUnixMs: number | undefined;
  forecast: predictor.BurstForecast | undefined;
}

/** A limit is a whole number of bytes; rounding down keeps it within the envelope. */
export function limitOf(decision: TargetDecision): number {
  return Math.floor(decision.allowed);
}

/** The decision in the words of the wire, not yet carried out. */
export function decisionEntry(parts: DecisionParts): LoggedDecision {
  const { target, timeUnixMs, mode, decision, current, held, sample, forecast } = parts;
  const { name = '', limitBytes = 0 } = target;
  const record: fsuController.Decision = {
    id: 0,
    target: name,
    timeUnixMs,
    law: lawToProto[decision.law],
    mode: modeToProto[mode],
    beforeBytes: current,
    wishedBytes: decision.wished,
    allowedBytes: limitOf(decision),
    afterBytes: limitBytes,
    applied: false,
    reasons: held === undefined ? [...decision.reasons] : [...decision.reasons, held],
    text: '',
    utilisation: decision.utilisation ?? 0,
    ...decision.gains,
    sampleToChangeMs: 0,
    unit: '',
  };
  const nowUnixMs = parts.sampleUnixMs ?? timeUnixMs;
  record.text = decisionText({ decision: record, forecast, nowUnixMs });
  const tick = { ...bareTick({ target: name, timeUnixMs, sample, forecast }), decision: record };
  return { tick, target };
}

/** A tick on which nothing was decided. */
export function bareTick(parts: {
  target: string;
  timeUnixMs: number;
  sample: Sample | undefined;
  forecast: predictor.BurstForecast | undefined;
}): fsuController.TickInit {
  const { target, timeUnixMs, sample, forecast } = parts;
  return {
    target,
    timeUnixMs,
    ...(sample && { sample: sampleToProto(sample) }),
    ...(forecast && { forecast }),
  };
}

/** Add why it was not carried out after all, and say so in its text. */
export function addReason(entry: LoggedDecision, reason: string): void {
  const { decision } = entry.tick;
  decision.reasons.push(reason);
  decision.text = decision.text.replace(/\.$/, `; ${heldText(reason)}.`);
}
