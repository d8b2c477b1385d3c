import { fitPlatt, type StatedProbability } from '@levitate/forecast';
import type { Network } from '@levitate/neural';
import type { BurstCorpus } from './burst-corpus.ts';
import { type BurstOutlook, HAZARD_BINS, readBurstHead } from './burst-head.ts';
import { ClaimTally } from './claim-tally.ts';
import { bestClaimWindow } from './claim-window.ts';
import { calibrated, type LearnedOnsetSettings } from './learned-onset-forecaster.ts';
import { BURST_FEATURES } from './second-features.ts';

/** What a network said of one second, and what became of it. */
export interface JudgedSecond {
  /** End of the second, milliseconds of the trace. */
  atMs: number;
  outlook: BurstOutlook;
  /** Seconds to the next onset, `HAZARD_BINS` for none within the horizon, NaN not known. */
  timeS: number;
}

/** Run a network over one trace as it serves: state carried, one step a second. */
export function judgeTrace(
  network: Network,
  { corpus, trace }: { corpus: BurstCorpus; trace: number },
): JudgedSecond[] {
  const state = network.openState(1);
  const input = new Float32Array(BURST_FEATURES);
  return Array.from({ length: corpus.seconds }, (_, second) => {
    const { timeS } = corpus.second({ trace, second }, { input, at: 0 });
    const outlook = readBurstHead(network.step(input, state));
    return { atMs: (second + 1) * 1000, outlook, timeS };
  });
}

/** Platt's map on the log odds of "starts within the horizon", of data not learned from. */
export function fitBurstCalibration(traces: readonly (readonly JudgedSecond[])[]): {
  slope: number;
  intercept: number;
} {
  const outcomes = traces.flat().flatMap(({ outlook, timeS }) => {
    if (Number.isNaN(timeS)) return [];
    const raw = Math.min(1 - 1e-6, Math.max(1e-6, outlook.probability));
    return [{ score: Math.log(raw / (1 - raw)), cameTrue: timeS < HAZARD_BINS }];
  });
  // Platt's own sign is the other way round: a slope below 0 grows with the score.
  const { slope, offset } = fitPlatt(outcomes);
  return { slope: -slope, intercept: -offset };
}

/** Score the claims that a threshold would open. */
export function tallyClaims(
  traces: readonly (readonly JudgedSecond[])[],
  settings: LearnedOnsetSettings,
): ClaimTally {
  const tally = new ClaimTally();
  for (const seconds of traces) {
    const forecasts = seconds.map(({ atMs, outlook }) => {
      const { masses, probability } = calibrated(outlook, settings);
      const window = bestClaimWindow(masses);
      const isOn = window.probability >= settings.announceFrom && probability >= 0.5;
      return { atMs, tauMs: isOn ? atMs + window.timeS * 1000 : undefined };
    });
    const endMs = seconds.at(-1)?.atMs ?? 0;
    tally.add({ forecasts, onsetsMs: onsetsOf(seconds), endMs });
  }
  return tally;
}

/** Calibrated probabilities of "starts within the horizon" with their outcomes. */
export function statedProbabilities(
  traces: readonly (readonly JudgedSecond[])[],
  settings: LearnedOnsetSettings,
): StatedProbability[] {
  return traces.flat().flatMap(({ outlook, timeS }) => {
    if (Number.isNaN(timeS)) return [];
    const { probability } = calibrated(outlook, settings);
    return [{ probability, cameTrue: timeS < HAZARD_BINS }];
  });
}

/** Least lead on validation that a threshold may leave: the bar is 3 s. */
const LEAD_S_MIN = 3.15;

/**
 * The threshold of the best F1 among those that leave lead enough on validation; where none does,
 * the one of the longest lead.
 */
export function chooseAnnounceFrom(
  traces: readonly (readonly JudgedSecond[])[],
  map: { slope: number; intercept: number },
): number {
  let best = { announceFrom: 0.5, isEarly: false, worth: Number.NEGATIVE_INFINITY };
  for (let percent = 40; percent <= 95; percent += 2.5) {
    const announceFrom = percent / 100;
    const { precision, recall, leadS } = tallyClaims(traces, { ...map, announceFrom });
    const isEarly = leadS >= LEAD_S_MIN;
    const worth = isEarly ? (2 * precision * recall) / Math.max(1e-9, precision + recall) : leadS;
    if ((isEarly && !best.isEarly) || (isEarly === best.isEarly && worth > best.worth)) {
      best = { announceFrom, isEarly, worth };
    }
  }
  return best.announceFrom;
}

/** Onsets of a trace out of its truth: a second in whose next one an onset falls names it. */
function onsetsOf(seconds: readonly JudgedSecond[]): number[] {
  return seconds.flatMap(({ atMs, timeS }) => (timeS <= 1 ? [atMs + timeS * 1000] : []));
}
