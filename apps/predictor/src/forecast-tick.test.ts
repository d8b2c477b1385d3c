import { setImmediate as nextTurn } from 'node:timers/promises';
import { VirtualClock } from '@levitate/clock';
import { LinkForecaster } from '@levitate/forecast';
import { expect, it } from 'vitest';
import { forecastTick } from './forecast-tick.ts';

const LINKS = 5;
/** As long as a turn: each link has one to itself. */
const LINK_MS = 3;

/** A tick over links of which each takes a turn. */
function tickOf() {
  const clock = new VirtualClock();
  const published: (string | undefined)[][] = [];
  const seconds: number[] = [];
  const links = Array.from({ length: LINKS }, (_, index) => {
    const forecaster = new LinkForecaster({ link: `link ${index}` });
    const forecast = () => {
      clock.advance(LINK_MS);
      return forecaster.forecast();
    };
    return { forecast } as never;
  });
  const tick = forecastTick({
    book: { due: () => links },
    metrics: { tick: (_, took) => seconds.push(took) },
    streams: { publish: (made) => void published.push(made.map(({ link }) => link)) },
    clock,
    signal: new AbortController().signal,
  });
  return { tick, published, seconds };
}

it('forecasts in turns, and publishes all links at once with the time it worked', async () => {
  const { tick, published, seconds } = tickOf();
  tick();
  expect(published).toEqual([]);
  for (let turn = 0; turn <= LINKS; turn++) await nextTurn();
  expect(published).toEqual([['link 0', 'link 1', 'link 2', 'link 3', 'link 4']]);
  expect(seconds[0]).toBeCloseTo((LINKS * LINK_MS) / 1000);
});

it('is not joined by the next one, which is left out', async () => {
  const { tick, published } = tickOf();
  tick();
  tick();
  for (let turn = 0; turn <= 2 * LINKS; turn++) await nextTurn();
  expect(published).toHaveLength(1);
  tick();
  for (let turn = 0; turn <= LINKS; turn++) await nextTurn();
  expect(published).toHaveLength(2);
});
