import { availableParallelism } from 'node:os';
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
 * Runs every check, one for each processor at a time, then every test; the last line printed is
 * the count, alone.
 *
 * @returns the exit code: 0 when nothing failed, 130 when it was interrupted.
 */
export async function runChecks(options: ChecksOptions): Promise<number> {
  const { say, signal } = options;
  const startedMs = Date.now();
  if (options.isSmoke) say('smoke run (LEVITATE_TEST_SMOKE=1): a short list of checks and tests');
  const checks = options.vitestArgs.length > 0 ? [] : staticChecks(options);
  let tally = await runStatic(checks, options);
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

async function runStatic(checks: readonly Check[], { say, signal }: ChecksOptions): Promise<Tally> {
  let tally = emptyTally;
  const waiting = [...checks.entries()];
  const running = new Map<Check, number>();
  const progress = setInterval(() => {
    for (const [{ name }, sinceMs] of running)
      say(`      ${name}: ${secondsSince(sinceMs)} s so far`);
  }, sayEveryMs);
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (signal.aborted) return;
      const [index, check] = next;
      const startedMs = Date.now();
      running.set(check, startedMs);
      const outcome = await check.run(signal);
      running.delete(check);
      const [how, ...more] = outcomeLines(outcome, secondsSince(startedMs));
      say(`[${index + 1}/${checks.length + 1}] ${check.name}: ${how}`);
      for (const line of more) say(`      ${line}`);
      tally = withOutcome(tally, check.name, outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, lane));
  } finally {
    clearInterval(progress);
  }
  return tally;
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
