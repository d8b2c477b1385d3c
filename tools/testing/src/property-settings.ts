import { defaultReportMessage, type GlobalParameters, type RunDetails } from 'fast-check';

/** The seed of every property test: a whole number, or `random` for another one each time. */
export const propertySeedVariable = 'LEVITATE_PROPERTY_SEED';

const SEED_DEFAULT = 1;
/** fast-check takes 32 bits. */
const SEED_MAX = 0x7fff_ffff;

/**
 * What fast-check runs all properties of a test file with: one seed, that a run can be repeated,
 * and a failure that says how.
 * @param env the environment; without the variable the seed is always the same
 * @param draw a number from 0 to 1, for `random`
 * @throws RangeError where the variable holds something else
 */
export function propertySettings(
  env: Readonly<Record<string, string | undefined>>,
  draw: () => number = Math.random,
): GlobalParameters {
  const seed = seedOf(env[propertySeedVariable], draw);
  return { seed, reporter: (run) => report(run, seed) };
}

function seedOf(text: string | undefined, draw: () => number): number {
  if (text === undefined || text === '') return SEED_DEFAULT;
  if (text === 'random') return Math.floor(draw() * SEED_MAX);
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed;
  throw new RangeError(
    `${propertySeedVariable}=${text}: "random" or a whole number up to ${SEED_MAX} is allowed`,
  );
}

function report(run: RunDetails<unknown>, seed: number): void {
  if (!run.failed) return;
  const again = `the same run again: ${propertySeedVariable}=${seed} npm test -- FILE`;
  const cause = run.errorInstance;
  throw new Error(`${defaultReportMessage(run)}\n\n${again}`, { cause });
}
