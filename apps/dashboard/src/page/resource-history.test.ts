import { expect, it } from 'vitest';
import type { ResourceView } from '../resource-view.ts';
import { linePoints, looksMax, ResourceHistories } from './resource-history.ts';

const at = (name: string, size: number) => ({ name, size, utilisation: 0.5 }) as ResourceView;

it('keeps the newest looks at what is still there', () => {
  const histories = new ResourceHistories();
  for (let look = 1; look <= looksMax + 5; look++) histories.add([at('a', look), at('b', 1)]);
  expect(histories.of('a')).toHaveLength(looksMax);
  expect(histories.of('a').at(-1)).toEqual({ size: looksMax + 5, need: (looksMax + 5) / 2 });
  histories.add([at('a', 1)]);
  expect(histories.of('b')).toEqual([]);
});

it('draws the newest look at the right edge, and nothing above the top', () => {
  const box = { width: looksMax - 1, height: 10, top: 100 };
  expect(linePoints([0, 50, 1_000], box)).toBe(
    `${looksMax - 3}.0,10.0 ${looksMax - 2}.0,5.0 ${looksMax - 1}.0,0.0`,
  );
});
