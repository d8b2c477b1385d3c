import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Skip, Tally } from './check.ts';

/** Where the reporter leaves its tally: a file named by this variable of the environment. */
export const tallyFileVariable = 'LEVITATE_TALLY_FILE';

/**
 * Vitest reporter that writes the counts with the reason of each skip (its JSON reporter leaves the
 * reason out). A file that does not load counts as one failure.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const path = process.env[tallyFileVariable];
    if (path === undefined) return;
    writeFileSync(path, JSON.stringify(tallyOf(modules, errors.length)));
  }
}

function tallyOf(modules: readonly TestModule[], strayErrors: number): Tally {
  let passed = 0;
  let failed = strayErrors;
  const skipped: Skip[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'skipped') skipped.push(skipOf(test));
      else failed += 1;
    }
  }
  return { passed, failed, skipped };
}

function skipOf(test: TestCase): Skip {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return { name: test.fullName, reason: note ?? 'no reason given' };
}
