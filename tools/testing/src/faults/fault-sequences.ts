/** A rule that a sequence of steps broke. */
export interface Violation {
  rule: string;
  /** What happened, with figures. */
  detail: string;
}

/** Sequences of one kind: how they are drawn, and played from their first step to their end. */
export interface FaultSequences<Step> {
  draw(seed: number): Step[];
  /** Also with steps left out. Equal seeds and steps give equal ends. */
  play(seed: number, steps: readonly Step[]): Promise<PlayedSequence>;
}

/** @see FaultSequences.play */
export interface PlayedSequence {
  /** The first; none: every rule was kept. */
  violation: Violation | undefined;
  /** How often what happened, for the summary: `{ crashes: 2 }`. */
  counts: Readonly<Record<string, number>>;
}

/** The first sequence that broke a rule. */
export interface BrokenSequence<Step> {
  violation: Violation;
  seed: number;
  steps: readonly Step[];
}

/** @see runSequences */
export interface SequencesRun<Step> {
  played: number;
  counts: Record<string, number>;
  broken: BrokenSequence<Step> | undefined;
}

/**
 * Play the sequences of seeds 1 to `count`, up to the first that breaks a rule.
 * @param first seed of a sequence that is played before them
 */
export async function runSequences<Step>(
  sequences: FaultSequences<Step>,
  count: number,
  first?: number,
): Promise<SequencesRun<Step>> {
  const counts: Record<string, number> = {};
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  if (first !== undefined) seeds.unshift(first);
  for (const [index, seed] of seeds.entries()) {
    const steps = sequences.draw(seed);
    const played = await sequences.play(seed, steps);
    for (const [what, times] of Object.entries(played.counts)) {
      counts[what] = (counts[what] ?? 0) + times;
    }
    const { violation } = played;
    if (violation !== undefined) {
      return { played: index + 1, counts, broken: { violation, seed, steps } };
    }
  }
  return { played: seeds.length, counts, broken: undefined };
}

/** Leave out steps, many at a time and then one by one, while the same rule is still broken. */
export async function shorten<Step>(
  sequences: FaultSequences<Step>,
  { violation, seed, steps }: BrokenSequence<Step>,
): Promise<BrokenSequence<Step>> {
  let shortest = { violation, seed, steps };
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size > 1 ? size >> 1 : 0) {
    for (let at = 0; at < shortest.steps.length; ) {
      const fewer = shortest.steps.toSpliced(at, size);
      const played = await sequences.play(seed, fewer);
      if (played.violation?.rule === violation.rule) {
        shortest = { violation: played.violation, seed, steps: fewer };
      } else at += size;
    }
  }
  return shortest;
}
