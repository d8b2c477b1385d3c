import { SeededRandom } from '@levitate/clock';
import { initialParameters, LiquidNetwork } from '@levitate/neural';
import { expect, it } from 'vitest';
import { bandwidthBaselines } from '../bandwidth/bandwidth-baselines.ts';
import { HORIZON } from '../bandwidth/bandwidth-windows.ts';
import { generatedPaths } from './generated-path.ts';
import { LiquidEnsemble } from './liquid-ensemble.ts';
import { PATH_INPUTS } from './path-features.ts';
import { LIQUID, scoreLiquid } from './score-liquid.ts';
import { memberConfig } from './train-liquid-member.ts';

const SENSES = { roundTrip: false, loss: false, clock: false };

function untrained(): LiquidEnsemble {
  const sizes = { inputs: PATH_INPUTS, outputs: HORIZON, units: 12, motors: 3 };
  const networks = [1, 2].map((seed) => {
    const parameters = initialParameters(memberConfig, sizes, new SeededRandom(seed));
    return new LiquidNetwork({ config: memberConfig, parameters });
  });
  const targetVariance = new Array(HORIZON).fill(1);
  return new LiquidEnsemble({ id: 'x', networks, senses: SENSES, targetVariance });
}

it('scores everybody on the same windows, each forecast with its coherence', () => {
  const paths = generatedPaths({ seed: 'score', count: 2, seconds: 200 });
  const baselines = () => bandwidthBaselines().slice(0, 2);
  const asked = { set: 'generated', paths, ensemble: untrained(), senses: SENSES, baselines };
  const score = scoreLiquid({ ...asked, rivals: {}, stride: 10 });
  expect(score.windows).toBe(2 * 10);
  expect(score.outcomes).toHaveLength(score.windows);
  expect(Object.keys(score.accuracy)).toEqual([LIQUID, 'last value', 'harmonic mean of 5']);
  for (const { coherence } of score.outcomes) {
    expect(coherence).toBeGreaterThanOrEqual(0);
    expect(coherence).toBeLessThanOrEqual(1);
  }
});
