/** How a lane's limit is ruled. */
export type LaneRule =
  /** Law of SPEC 4.2, peak held 10 s. */
  | 'reactive'
  /** The same, peak held 35 s. */
  | 'reactive-hold35'
  /** Forecasts where they are trusted, else the reactive law; the shipped models take part. */
  | 'predictive'
  /** The same with forecasts of a predictor that has no models. */
  | 'predictive-statistical'
  /** 512 KB for ever. */
  | 'static-default'
  /** All the latency budget for ever. */
  | 'static-at-budget'
  /** As static-at-budget with the envelope's 2 % off: nothing within the envelope holds more. */
  | 'oracle';

/** A predictor and the controller that follows it; `learned` has the models that are shipped. */
export type LoopName = 'learned' | 'statistical';

/** What drives a lane, and what of a target's configuration makes its rule. */
export interface Drive {
  loop: LoopName;
  predictive: boolean;
  holdMs: number;
}

/** The rules that follow forecasts, and how the keys of their figures end. */
export const FORECAST_WAYS = [
  { rule: 'predictive', suffix: '' },
  { rule: 'predictive-statistical', suffix: '_statistical' },
] as const satisfies readonly { rule: LaneRule; suffix: string }[];

/** Limit a queue starts with, and keeps in `static-default`. */
export const DEFAULT_LIMIT_BYTES = 512 * 1024;

const DRIVES: Partial<Record<LaneRule, Drive>> = {
  reactive: { loop: 'learned', predictive: false, holdMs: 10_000 },
  'reactive-hold35': { loop: 'learned', predictive: false, holdMs: 35_000 },
  predictive: { loop: 'learned', predictive: true, holdMs: 10_000 },
  'predictive-statistical': { loop: 'statistical', predictive: true, holdMs: 10_000 },
};

/** What drives a lane of this rule; undefined where its limit never changes. */
export function driveOf(rule: LaneRule): Drive | undefined {
  return DRIVES[rule];
}

/** Limit of a lane's queue at the start; statics keep it. */
export function startLimitBytes(rule: LaneRule, budgetBytes: number): number {
  if (rule === 'static-at-budget') return budgetBytes;
  if (rule === 'oracle') return Math.floor(budgetBytes * 0.98);
  return DEFAULT_LIMIT_BYTES;
}
