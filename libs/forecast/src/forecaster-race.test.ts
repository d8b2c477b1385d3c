import { SeededRandom } from '@levitate/clock';
import { describe, expect, it } from 'vitest';
import { ForecasterRace } from './forecaster-race.ts';

const steps = (value: number) => new Array<number>(10).fill(value);

/** Runs a series around 100: the baseline is 10 off, the model as far as told. */
function run(race: ForecasterRace, options: { count: number; modelOff: number }): void {
  for (let step = 0; step < options.count; step++) {
    race.learn(100);
    race.offer('persistence', steps(110));
    race.offer('model@1', steps(100 + options.modelOff));
  }
}

describe('a race of forecasters', () => {
  it('is served by the validated winner from the first step on', () => {
    const race = new ForecasterRace({ baseline: 'persistence', preferred: 'model@1' });
    expect(race.serving).toBe('model@1');
    run(race, { count: 200, modelOff: 2 });
    expect(race.serving).toBe('model@1');
  });

  it('demotes a model that goes wrong, and takes it back when it is right again', () => {
    const race = new ForecasterRace({ baseline: 'persistence', preferred: 'model@1' });
    run(race, { count: 70, modelOff: 30 });
    expect(race.serving).toBe('persistence');
    run(race, { count: 600, modelOff: 1 });
    expect(race.serving).toBe('model@1');
  });

  it('leaves the baseline in service while nobody beats it by the margin', () => {
    const race = new ForecasterRace({ baseline: 'persistence' });
    run(race, { count: 500, modelOff: 9.8 });
    expect(race.serving).toBe('persistence');
    race.withdraw('model@1');
    expect(race.scores().map(({ name }) => name)).toEqual(['persistence']);
  });

  it('states bands that hold as often as they say, though the points know no spread', () => {
    const race = new ForecasterRace({ baseline: 'persistence', residualsMax: 200 });
    const random = new SeededRandom('bands');
    let inside = 0;
    const count = 4_000;
    for (let step = 0; step < count + 300; step++) {
      const value = 1_000 + 200 * (random.float() - 0.5);
      const [band] = race.bands('persistence', [1_000]);
      if (step >= 300 && band !== undefined && value >= band.q10 && value <= band.q90) inside += 1;
      race.learn(value);
      race.offer('persistence', steps(1_000));
    }
    expect(inside / count).toBeGreaterThan(0.78);
    expect(inside / count).toBeLessThan(0.82);
  });

  it('scores nothing for missing values and forgets nothing for them', () => {
    const race = new ForecasterRace({ baseline: 'persistence' });
    race.learn(1);
    race.offer('persistence', [1]);
    expect(race.learn(undefined)).toEqual([]);
    expect(race.learn(Number.NaN)).toEqual([]);
    race.offer('persistence', [2]);
    expect(race.learn(5)).toEqual([{ name: 'persistence', error: 3 }]);
    expect(race.bands('nobody', [-3])).toEqual([{ q10: 0, q50: 0, q90: 0 }]);
  });
});
