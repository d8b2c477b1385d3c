import type { CheckOutcome, Tally } from './check.ts';

/** @returns the tally of nothing. */
export const emptyTally: Tally = { passed: 0, failed: 0, skipped: [] };

/** @returns `tally` with the outcome of one named check. */
export function withOutcome(tally: Tally, name: string, outcome: CheckOutcome): Tally {
  if (outcome.kind === 'passed') return { ...tally, passed: tally.passed + 1 };
  if (outcome.kind === 'failed') return { ...tally, failed: tally.failed + 1 };
  return { ...tally, skipped: [...tally.skipped, { name, reason: outcome.reason }] };
}

/** @returns the sum of two tallies. */
export function sumTallies(left: Tally, right: Tally): Tally {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
  };
}

/** The last line of the run, alone: `412 passed, 0 failed, 3 skipped`. */
export function lastLine(tally: Tally): string {
  const skipped = tally.skipped.length > 0 ? `, ${tally.skipped.length} skipped` : '';
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}

/** One line per reason, with what it kept from running. */
export function skipLines(tally: Tally): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of tally.skipped) {
    names.set(reason, [...(names.get(reason) ?? []), name]);
  }
  return [...names].map(([reason, list]) => `skipped ${list.length}: ${reason} (${brief(list)})`);
}

const namesMax = 3;

function brief(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).join('; ');
  return names.length > namesMax ? `${shown}; and ${names.length - namesMax} more` : shown;
}
