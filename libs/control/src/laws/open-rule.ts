import type { Law } from './law.ts';
import { LawChoice } from './law-choice.ts';
import { type LawName, type LawOptions, openLaw } from './open-law.ts';

/** A law by name, or the choice among them. */
export interface RuleOptions extends LawOptions {
  /** `auto`: the physics model that did best of late. Default `optomechanical`. */
  model?: LawName | 'auto' | undefined;
  /** Tune setpoint and hold by replay of the recent past; default false. */
  autoTune?: boolean | undefined;
}

/** What rules a target while no forecast is in force. */
export function openRule(options: RuleOptions): Law {
  const { model = 'optomechanical', autoTune: isTuned = false, ...own } = options;
  const { setpoint, holdMs, periodMs, actuationDelayMs } = own;
  const lawOptions = { setpoint, holdMs, periodMs, actuationDelayMs };
  if (model === 'auto') return new LawChoice({ ...lawOptions, isTuned });
  return isTuned
    ? new LawChoice({ ...lawOptions, model, isAuto: false, isTuned })
    : openLaw(model, lawOptions);
}

/** The law that rules now: the one that was named, or the one that was chosen. */
export function rulingModel(law: Law): string {
  return law instanceof LawChoice ? law.serving.model : law.name;
}
