/** How a model does in service, as its capability knows it. */
export interface InService {
  /** The model's score and those of the forecasters that race with it. */
  readonly online: readonly OnlineScore[];
  /** Why it is demoted; empty while it is not. */
  readonly demoted: string;
  readonly drift?: Drift | undefined;
}

/** Running score of one forecaster against what really happened. */
export interface OnlineScore {
  readonly name: string;
  /** Of late: error over what came, or share of bad outcomes. */
  readonly loss: number;
  /** Comparisons behind it. */
  readonly count: number;
  /** Paths or links it serves now. */
  readonly serving: number;
  /** Of burst forecasters. */
  readonly recent?: ClaimRecord;
  /** @see recent */
  readonly total?: ClaimRecord;
}

/** Outcomes of claims, over links (SPEC 3.1). */
export interface ClaimRecord {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
}

/** Whether the errors still look as they did on validation. */
export interface Drift {
  readonly statistic: string;
  readonly value: number;
  readonly threshold: number;
  readonly alarm: boolean;
  readonly count: number;
}
