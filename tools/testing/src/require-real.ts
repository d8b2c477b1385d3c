import { describe, it, type TestContext } from 'vitest';

/** The body of a test, as vitest gives it its context. */
export type TestBody = (context: TestContext) => void | Promise<void>;

/** `it` and `describe` for tests that need one real component of the machine. */
export interface RealComponent {
  /** What is missing, in a sentence with the next step; `undefined` when the component is there. */
  readonly missing: string | undefined;
  /** Vitest's `it` where the component is there. `timeoutMs` as in vitest. */
  readonly it: (name: string, body: TestBody, timeoutMs?: number) => void;
  /** Vitest's `describe` where the component is there; else its body is not even read. */
  readonly describe: (name: string, body: () => void) => void;
}

/**
 * Ties tests to a real component. On a user's machine a missing component skips the test and the
 * report carries the reason; with `CI` set it fails with that reason, because a test that silently
 * does not run there proves nothing.
 *
 * @param name what the tests need, for the report: `redis-server`.
 * @param check `true` when it is there, else the reason with the next step. Called once, at the
 *   first use, so that importing this module costs nothing.
 */
export function requireReal(name: string, check: () => true | string): RealComponent {
  let verdict: true | string | undefined;
  const missing = (): string | undefined => {
    verdict ??= check();
    return verdict === true ? undefined : `needs ${name}: ${verdict}`;
  };
  return {
    get missing() {
      return missing();
    },
    it(testName, body, timeoutMs) {
      const reason = missing();
      it(testName, reason === undefined ? body : absent(reason), timeoutMs);
    },
    describe(suiteName, body) {
      const reason = missing();
      if (reason === undefined) {
        describe(suiteName, body);
      } else {
        describe(suiteName, () => it(`runs with ${name}`, absent(reason)));
      }
    },
  };
}

function absent(reason: string): TestBody {
  return (context) => {
    const isCi = (process.env.CI ?? '') !== '' && process.env.CI !== 'false';
    if (isCi) throw new Error(reason);
    context.skip(reason);
  };
}
