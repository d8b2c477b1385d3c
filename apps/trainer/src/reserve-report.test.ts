import { expect, it } from 'vitest';
import { LEARNED_RESERVE, REACTIVE_RESERVE } from './reserve-judgement.ts';
import { reserveReportText } from './reserve-report.ts';

const figures = (learned: number, reactive: number) => ({
  [LEARNED_RESERVE]: { rejected: learned, arrived: 1000 },
  [REACTIVE_RESERVE]: { rejected: reactive, arrived: 1000 },
});

it('sets learned and reactive side by side and says who serves', () => {
  const text = reserveReportText({
    command: 'levitate train reserve --seed 7',
    loss: 0.25,
    units: [8],
    steps: 10,
    judgement: [
      {
        name: 'requests-1s-twitter-delay-1s',
        delaySeconds: 1,
        winner: LEARNED_RESERVE,
        reactive: 'ewma alpha 0.1',
        validation: figures(60, 100),
        test: figures(75, 100),
      },
      {
        name: 'requests-1s-autothrottle-delay-1s',
        delaySeconds: 1,
        winner: REACTIVE_RESERVE,
        reactive: 'ewma alpha 0.3',
        validation: figures(0, 0),
        test: figures(3, 4),
      },
    ],
  });
  expect(text).toContain('levitate train reserve --seed 7');
  expect(text).toMatch(/delay-1s \| 1000 \| 60 \| 100 \| 0.600 \| ewma alpha 0.1 \| learned/);
  expect(text).toMatch(/delay-1s \| 1000 \| 75 \| 100 \| 0.750/);
  // Fewer than ten rejects are no baseline.
  expect(text).toMatch(/autothrottle-delay-1s \| 1000 \| 3 \| 4 \| - \|/);
});
