/** What a bench is run with. */
export interface BenchContext {
  seed: number;
  /** Ends within 60 s; the figures are for a quick look and marked so. */
  quick: boolean;
  /** Folder of real traces, one folder per kind. */
  dataDirectory: string;
  /** Folder for pictures. */
  outDir: string;
  signal: AbortSignal;
  /** One line for a person who waits. */
  progress: (line: string) => void;
}

/** What a bench, or a part of one, found. Each of its keys is in `metrics` or `notMeasured`. */
export interface BenchFigures {
  /** Finite numbers only. */
  metrics: Record<string, number>;
  /** The absolute figures behind each ratio. */
  baseline: Record<string, unknown>;
  /** Conditions of this run that a reader must know. */
  environment: Record<string, unknown>;
  /** Key to reason. */
  notMeasured: Record<string, string>;
}

/** A figure of a bench and the bar it is held against. */
export interface BenchKey {
  key: string;
  /** A few words for the table. */
  meaning: string;
  /** Least that passes; without either bound the figure is stated only. */
  atMost?: number;
  atLeast?: number;
}

/** A bench: one claim, or one family of claims, and how it is measured. */
export interface Bench {
  name: string;
  summary: string;
  keys: readonly BenchKey[];
  run(context: BenchContext): Promise<BenchFigures & { pictures?: readonly string[] }>;
}
