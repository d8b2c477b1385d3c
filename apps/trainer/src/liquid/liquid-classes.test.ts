import { expect, it } from 'vitest';
import { liquidClasses } from './liquid-classes.ts';

const score = (set: string, accuracy: Record<string, number>) => ({
  set,
  windows: 1,
  accuracy,
  outcomes: [],
});

it('chooses by validation, whatever the test says, and keeps the losers beside the winner', () => {
  const classes = liquidClasses(
    [score('4g', { liquid: 0.8, lstm: 0.7 }), score('5g', { liquid: 0.5, lstm: 0.7 })],
    [score('4g', { liquid: 0.1, lstm: 0.9 }), score('5g', { liquid: 0.9, lstm: 0.1 })],
  );
  expect(classes['4g']).toEqual({
    winner: 'liquid',
    chosenBy: 'accuracy',
    validation: { liquid: { accuracy: 0.8 }, lstm: { accuracy: 0.7 } },
    test: { liquid: { accuracy: 0.1 }, lstm: { accuracy: 0.9 } },
  });
  expect(classes['5g']?.winner).toBe('lstm');
  expect(classes.all?.winner).toBe('lstm');
});
