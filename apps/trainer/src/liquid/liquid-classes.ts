import type { LiquidSetScore, ManifestDraft } from '@levitate/models';

type Classes = ManifestDraft['classes'];

/** The class that stands for all others: the plain mean over the sets. */
const ALL = 'all';

/** Who serves which set: the best accuracy on the validation part, with everybody beside it. */
export function liquidClasses(
  validation: readonly LiquidSetScore[],
  test: readonly LiquidSetScore[],
): Classes {
  const rows = validation.map(({ set, accuracy }) => {
    const tested = test.find((one) => one.set === set)?.accuracy;
    return [set, classOf(accuracy, tested)] as const;
  });
  const all = classOf(meanAccuracy(validation), meanAccuracy(test));
  return Object.fromEntries([...rows, [ALL, all]]);
}

/** Plain mean over the sets, by forecaster. */
export function meanAccuracy(scores: readonly LiquidSetScore[]): Record<string, number> {
  const names = Object.keys(scores[0]?.accuracy ?? {});
  const mean = (name: string) =>
    scores.reduce((sum, { accuracy }) => sum + (accuracy[name] ?? 0), 0) / scores.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}

function classOf(
  validation: Readonly<Record<string, number>>,
  test: Readonly<Record<string, number>> | undefined,
): Classes[string] {
  const [winner = ''] = Object.entries(validation).toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const metrics = (accuracy: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(accuracy).map(([name, value]) => [name, { accuracy: value }]),
    );
  return {
    winner,
    chosenBy: 'accuracy',
    validation: metrics(validation),
    ...(test === undefined ? {} : { test: metrics(test) }),
  };
}
