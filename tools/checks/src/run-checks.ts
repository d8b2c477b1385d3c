import type { Check, CheckOutcome, Tally } from './check.ts';
import { runTests } from './run-tests.ts';
import { staticChecks } from './static-checks.ts';
import { emptyTally, lastLine, skipLines, sumTallies, withOutcome } from './tally.ts';

const sayEveryMs = 10_000;
const linesShownMax = 120;

/** What `npm test` runs with. */
export interface ChecksOptions {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Given arguments go to vitest, and then the tests alone are run. */
  readonly vitestArgs: readonly string[];
  readonly isSmoke: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs every check, then every test; the last line printed is the count, alone.
 *
 * @returns the exit code: 0 when nothing failed, 130 when it was interrupted.
 */
export async function runChecks(options: ChecksOptions): Promise<number> {
  const { say, signal } = options;
  const startedMs = Date.now();
  if (options.isSmoke) say('smoke run (LEVITATE_TEST_SMOKE=1): a short list of checks and tests');
  const checks = options.vitestArgs.length > 0 ? [] : staticChecks(options);
  let tally = emptyTally;
  for (const [index, check] of checks.entries()) {
    if (signal.aborted) break;
    tally = await runOne({ check, label: `[${index + 1}/${checks.length + 1}]`, tally }, options);
  }
  if (!signal.aborted) {
    say(`[${checks.length + 1}/${checks.length + 1}] vitest`);
    const tests = { root: options.root, env: options.env, args: options.vitestArgs };
    tally = sumTallies(tally, await runTests(tests, signal));
  }
  for (const line of skipLines(tally)) say(line);
  say(signal.aborted ? 'interrupted' : `all of it took ${secondsSince(startedMs)} s`);
  say(lastLine(tally));
  if (signal.aborted) return 130;
  return tally.failed === 0 ? 0 : 1;
}

async function runOne(
  { check, label, tally }: { check: Check; label: string; tally: Tally },
  { say, signal }: ChecksOptions,
): Promise<Tally> {
  const startedMs = Date.now();
  say(`${label} ${check.name}`);
  const progress = setInterval(
    () => say(`${label} ${check.name}: ${secondsSince(startedMs)} s so far`),
    sayEveryMs,
  );
  try {
    const outcome = await check.run(signal);
    for (const line of outcomeLines(outcome, secondsSince(startedMs))) say(`      ${line}`);
    return withOutcome(tally, check.name, outcome);
  } finally {
    clearInterval(progress);
  }
}

function outcomeLines(outcome: CheckOutcome, seconds: string): string[] {
  switch (outcome.kind) {
    case 'passed':
      return [`passed in ${seconds} s${outcome.note === undefined ? '' : `, ${outcome.note}`}`];
    case 'skipped':
      return [`skipped: ${outcome.reason}`];
    case 'failed':
      return [`FAILED after ${seconds} s`, ...outcome.output.split('\n').slice(-linesShownMax)];
  }
}

function secondsSince(startedMs: number): string {
  return ((Date.now() - startedMs) / 1000).toFixed(1);
}
