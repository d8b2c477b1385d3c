import { type LiquidSetScore, riskCoverage } from '@levitate/models';
import { pictureStyle, writePicture } from '@levitate/pictures';

const SIZE = { width: 720, height: 420 };
const LOOK = {
  color: [...pictureStyle.colours],
  textStyle: { fontFamily: pictureStyle.font, color: pictureStyle.ink },
  grid: { left: 60, right: 24, top: 56, bottom: 52 },
};
const COVERAGES = Array.from({ length: 20 }, (_, index) => (index + 1) / 20);

/** Risk over coverage, a line for each set. @returns paths of the files written */
export function writeRiskPicture(path: string, scores: readonly LiquidSetScore[]): string[] {
  const series = scores.map(({ set, outcomes }) => ({
    name: set,
    type: 'line' as const,
    symbol: 'none',
    data: riskCoverage(outcomes, COVERAGES).map((point) => [point.coverage, point.wapeRatio]),
  }));
  return writePicture({
    ...SIZE,
    formats: ['svg'],
    path,
    option: {
      ...LOOK,
      legend: { top: 8 },
      xAxis: { type: 'value', min: 0, max: 1, name: 'share kept, most coherent first', ...MIDDLE },
      yAxis: { type: 'value', min: 0, name: 'WAPE over that of all', ...MIDDLE, nameGap: 40 },
      series,
    },
  });
}

const MIDDLE = { nameLocation: 'middle' as const, nameGap: 30 };
const SHOWN = ['liquid', 'lstm', 'last value', 'Holt-Winters', 'NLinear, online'];

/** Accuracy of the ensemble, its rival and some baselines on each set. */
export function writeAccuracyPicture(path: string, scores: readonly LiquidSetScore[]): string[] {
  const names = SHOWN.filter((name) => scores.some(({ accuracy }) => name in accuracy));
  const series = names.map((name) => ({
    name,
    type: 'bar' as const,
    data: scores.map(({ accuracy }) => Math.max(0, accuracy[name] ?? 0)),
  }));
  return writePicture({
    ...SIZE,
    formats: ['svg'],
    path,
    option: {
      ...LOOK,
      legend: { top: 8 },
      xAxis: { type: 'category', data: scores.map(({ set }) => set) },
      yAxis: { type: 'value', min: 0, max: 1, name: '1 - WAPE', ...MIDDLE, nameGap: 40 },
      series,
    },
  });
}
