/** Models as the browser gets them, as JSON. Types only: the page imports them. */

/** `GET /api/models`. */
export interface ModelsView {
  readonly models: readonly ModelView[];
  /** Why there are none to show; empty when the predictor answered. */
  readonly why: string;
}

/** `GET /api/models/NAME`. */
export interface ModelPageView {
  readonly model: ModelView;
  /** Markdown of its training's report; empty where there is none. */
  readonly report: string;
}

/** One model. */
export interface ModelView {
  readonly name: string;
  readonly version: string;
  readonly capability: string;
  readonly family: string;
  readonly description: string;
  readonly state: 'serving' | 'standby' | 'demoted' | 'refused' | 'unknown';
  readonly why: string;
  readonly backend: string;
  readonly parameters: number;
  readonly classes: readonly ModelClassView[];
  readonly online: readonly OnlineScoreView[];
  readonly drift: DriftView | null;
}

/** One class of traffic: its forecasters by the metric that chose the winner. */
export interface ModelClassView {
  readonly trafficClass: string;
  readonly winner: string;
  readonly chosenBy: string;
  readonly rows: readonly {
    readonly forecaster: string;
    readonly validation: number | null;
    readonly test: number | null;
  }[];
}

/** A forecaster against what really happened. */
export interface OnlineScoreView {
  readonly forecaster: string;
  /** Error over what came, or share of misses and false alarms; 0 to 1 where it is any good. */
  readonly loss: number;
  readonly count: number;
  readonly serving: number;
  /** Outcomes of claims of late; null where bandwidth is forecast. */
  readonly recent: ClaimRecordView | null;
  /** Outcomes of claims in all. */
  readonly total: ClaimRecordView | null;
}

/** What became of the bursts a forecaster announced and of those it did not. */
export interface ClaimRecordView {
  readonly hits: number;
  readonly misses: number;
  readonly falseAlarms: number;
}

/** Whether the world still looks as it did in training. */
export interface DriftView {
  readonly statistic: string;
  readonly value: number;
  readonly threshold: number;
  readonly isRaised: boolean;
  readonly count: number;
}
