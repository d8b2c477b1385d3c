import type { SeededRandom } from '@levitate/clock';

/** One way for a sequence to go on, and how often it is taken. */
export type StepMaker<Step> = readonly [weight: number, make: (random: SeededRandom) => Step[]];

/**
 * Draw a sequence from makers. Each has a mood of its own, in which some makers come up to three
 * times as often and others as seldom, so that rare things come together.
 */
export function drawSteps<Step>(
  random: SeededRandom,
  { makers, count }: { makers: readonly StepMaker<Step>[]; count: number },
): Step[] {
  const moods = makers.map(
    ([weight, make]) => [weight * random.logUniform(1 / 3, 3), make] as const,
  );
  const total = moods.reduce((sum, [weight]) => sum + weight, 0);
  const steps: Step[] = [];
  for (let index = 0; index < count; index++) {
    let left = random.float() * total;
    for (const [weight, make] of moods) {
      left -= weight;
      if (left >= 0) continue;
      steps.push(...make(random));
      break;
    }
  }
  return steps;
}
