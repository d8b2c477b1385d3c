/** One thing that `npm test` tries, beside the vitest tests. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<CheckOutcome>;
}

/** How it went; `output` is shown when it failed. */
export type CheckOutcome =
  | { readonly kind: 'passed'; readonly note?: string }
  | { readonly kind: 'failed'; readonly output: string }
  | { readonly kind: 'skipped'; readonly reason: string };

/** What was skipped, and why. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** Counts over checks and tests together. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Skip[];
}
