import {
  type BurstForecast,
  brierSkill,
  clopperPearson,
  expectedCalibrationError,
  LinkForecaster,
  PeriodicForecaster,
  type StatedProbability,
  statisticalForecasters,
} from '@levitate/forecast';
import {
  BURST_FEATURES,
  BurstCorpus,
  ClaimTally,
  COUNTED_FROM_BURST,
  generatedLink,
  HAZARD_BINS,
  HEAD_OUTPUTS,
  LEARNED_FORECASTER,
  LearnedOnsetForecaster,
  type LearnedOnsetSettings,
  readBurstHead,
  type SecondForecast,
} from '@levitate/models';
import type { TrainedCandidate } from './burst-training.ts';
import type { TrainingContext } from './training.ts';

/** Figures of one way to forecast on one class. */
export interface BurstFigures {
  precision: number;
  recall: number;
  lead_s: number;
  brier_skill: number;
  ece: number;
}

/** What the parts of the split say of the models. */
export interface BurstJudgement {
  split: string;
  classes: Record<
    string,
    {
      winner: string;
      chosenBy: string;
      validation: Record<string, Record<string, number>>;
      test: Record<string, Record<string, number>>;
    }
  >;
  /** Of the test part, worst class. */
  ece: number;
  claim: {
    level: number;
    episodes: number;
    hits: number;
    lowerBound: number;
    verdict: 'established' | 'not established';
  };
  /** Networks on equal windows: Brier skill of "starts within the horizon". */
  families: Record<string, number>;
  /** Stated probabilities of the service's choice on the test part, by class. */
  stated: Record<string, StatedProbability[]>;
  /** A stretch of the test part: probability by second, and onsets. */
  example: { probabilities: number[]; onsetsS: number[] };
}

const CLASSES = ['periodic', 'precursor'] as const;
const DURATION_MS = 540_000;
const TRACES = { validation: 20, test: 30, quick: 2 };
const JUDGED_PPS = [1000, 5000] as const;
const LEVEL = 0.95;
const HORIZON_MS = HAZARD_BINS * 1000;
const SAMPLES_PER_SECOND = 10;
const SAMPLE_MS = 100;
const EXAMPLE_SECONDS = 120;
/** Windows for the comparison of families. */
const WINDOW_S = 60;
const WINDOWS_A_TRACE = 40;

/**
 * Judge the statistical forecasters and the learned one on whole links, as they serve: the class
 * goes to whoever has the better Brier skill on validation; the test part chooses nothing.
 */
export async function judgeBurst(input: {
  context: TrainingContext;
  trained: readonly TrainedCandidate[];
  settings: LearnedOnsetSettings;
  files: { validation: string };
}): Promise<BurstJudgement> {
  const { context, trained, settings, files } = input;
  const network = (trained[0] as TrainedCandidate).network;
  const learned = () => new LearnedOnsetForecaster({ network, settings, name: LEARNED_FORECASTER });
  const ways = {
    statistical: () => new LinkForecaster({ link: 'a', newForecasters: statisticalForecasters }),
    [LEARNED_FORECASTER]: () =>
      new LinkForecaster({ link: 'a', newForecasters: () => [learned()] }),
    served: () =>
      new LinkForecaster({
        link: 'a',
        newForecasters: () => [new PeriodicForecaster(), learned()],
      }),
  };
  const judgement: BurstJudgement = {
    split: 'by seed: training, calibration, validation and test parts are drawn from other seeds',
    classes: {},
    ece: 0,
    claim: { level: LEVEL, episodes: 0, hits: 0, lowerBound: 0, verdict: 'not established' },
    families: familiesOn(files.validation, trained),
    stated: {},
    example: { probabilities: [], onsetsS: [] },
  };
  for (const kind of CLASSES) {
    const parts: Record<'validation' | 'test', Record<string, BurstFigures>> = {
      validation: {},
      test: {},
    };
    for (const part of ['validation', 'test'] as const) {
      const judged = await judgeLinks({ context, kind, part, ways });
      for (const [name, links] of judged) parts[part][name] = links.figures();
      const served = judged.get('served');
      if (part === 'validation' || served === undefined) continue;
      judgement.stated[kind] = served.stated;
      judgement.claim.episodes += served.sureEpisodes;
      judgement.claim.hits += served.sureHits;
      judgement.ece = Math.max(judgement.ece, served.figures().ece);
      if (kind === 'precursor') judgement.example = served.example;
    }
    const { statistical, learned: byLearned } = parts.validation;
    const isLearned = (byLearned?.brier_skill ?? 0) > (statistical?.brier_skill ?? 0);
    judgement.classes[kind] = {
      winner: isLearned ? LEARNED_FORECASTER : kind,
      chosenBy: 'brier_skill',
      validation: parts.validation as unknown as Record<string, Record<string, number>>,
      test: parts.test as unknown as Record<string, Record<string, number>>,
    };
  }
  const { claim } = judgement;
  if (claim.episodes > 0) {
    claim.lowerBound = clopperPearson({
      successes: claim.hits,
      trials: claim.episodes,
    }).lower;
    claim.verdict = claim.lowerBound >= LEVEL ? 'established' : 'not established';
  }
  return judgement;
}

type Ways = Readonly<Record<string, () => LinkForecaster>>;

/** The links of one part and class, each drawn once and given to every way of forecasting. */
async function judgeLinks(input: {
  context: TrainingContext;
  kind: (typeof CLASSES)[number];
  part: 'validation' | 'test';
  ways: Ways;
}): Promise<Map<string, LinksJudged>> {
  const { context, kind, part, ways } = input;
  const judged = new Map(Object.keys(ways).map((name) => [name, new LinksJudged()]));
  const links = context.quick ? TRACES.quick : TRACES[part];
  for (let index = 0; index < links; index++) {
    context.signal.throwIfAborted();
    if (index % 10 === 0) context.say(`${part} part, ${kind}: link ${index + 1} of ${links}`);
    const seed = `levitate train burst ${context.seed} judged ${part} ${index}`;
    const link = generatedLink({ kind, seed, durationMs: DURATION_MS, basePps: JUDGED_PPS });
    const onsetsMs = link.plan.bursts.map(({ timeMs }) => timeMs);
    const forecasters = Object.entries(ways).map(([name, make]) => ({
      forecaster: make(),
      seconds: [] as JudgedForecast[],
      links: judged.get(name) as LinksJudged,
    }));
    let count = 0;
    for (const sample of link.samples) {
      count += 1;
      const isEnd = count % SAMPLES_PER_SECOND === 0;
      for (const { forecaster, seconds } of forecasters) {
        forecaster.learn(sample);
        if (isEnd) seconds.push(judgedForecast(forecaster.forecast(), count * SAMPLE_MS));
      }
    }
    for (const each of forecasters) each.links.add(each.seconds, onsetsMs);
    await new Promise(setImmediate);
  }
  return judged;
}

interface JudgedForecast extends SecondForecast {
  confidence: number;
}

function judgedForecast(
  { burstPredicted, confidence, timeToBurstS }: BurstForecast,
  atMs: number,
): JudgedForecast {
  const tauMs = burstPredicted ? atMs + Math.max(0, timeToBurstS) * 1000 : undefined;
  return { atMs, tauMs, confidence };
}

/** Links run through one way of forecasting. */
class LinksJudged {
  readonly stated: StatedProbability[] = [];
  readonly example: BurstJudgement['example'] = { probabilities: [], onsetsS: [] };
  /** Alarms of `LEVEL` and more, one for each stretch of them, and those that came true. */
  sureEpisodes = 0;
  sureHits = 0;
  readonly #tally = new ClaimTally();

  add(forecasts: readonly JudgedForecast[], onsetsMs: readonly number[]): void {
    this.#tally.add({ forecasts, onsetsMs, endMs: DURATION_MS });
    const fromMs = onsetsMs[COUNTED_FROM_BURST - 2] ?? Number.POSITIVE_INFINITY;
    let isSure = false;
    for (const { atMs, confidence } of forecasts) {
      if (atMs < fromMs || atMs > DURATION_MS - HORIZON_MS) continue;
      const cameTrue = onsetsMs.some((onset) => onset > atMs && onset <= atMs + HORIZON_MS);
      this.stated.push({ probability: confidence, cameTrue });
      const isSureNow = confidence >= LEVEL;
      if (isSureNow && !isSure) {
        this.sureEpisodes += 1;
        this.sureHits += cameTrue ? 1 : 0;
      }
      isSure = isSureNow;
    }
    if (this.example.probabilities.length > 0) return;
    const startMs = DURATION_MS - EXAMPLE_SECONDS * 1000;
    this.example.probabilities = forecasts
      .slice(-EXAMPLE_SECONDS)
      .map(({ confidence }) => confidence);
    this.example.onsetsS = onsetsMs
      .filter((onset) => onset >= startMs)
      .map((onset) => (onset - startMs) / 1000);
  }

  figures(): BurstFigures {
    return {
      precision: this.#tally.precision,
      recall: this.#tally.recall,
      lead_s: this.#tally.leadS,
      brier_skill: brierSkill(this.stated) ?? 0,
      ece: expectedCalibrationError(this.stated, { seed: 1 }),
    };
  }
}

/** Brier skill of each network on the same windows of a corpus, each from a cold start. */
export function familiesOn(
  file: string,
  trained: readonly TrainedCandidate[],
): Record<string, number> {
  const corpus = BurstCorpus.read(file);
  const stride = Math.max(1, Math.floor((corpus.seconds - WINDOW_S) / WINDOWS_A_TRACE));
  const stated: Record<string, StatedProbability[]> = {};
  for (let trace = 0; trace < corpus.traces; trace++) {
    for (let from = 0; from + WINDOW_S <= corpus.seconds; from += stride) {
      const input = new Float32Array(WINDOW_S * BURST_FEATURES);
      let timeS = Number.NaN;
      for (let step = 0; step < WINDOW_S; step++) {
        const at = step * BURST_FEATURES;
        ({ timeS } = corpus.second({ trace, second: from + step }, { input, at }));
      }
      if (Number.isNaN(timeS)) continue;
      for (const { candidate, network } of trained) {
        const output = network.predict(input, 1);
        const { probability } = readBurstHead(output, output.length - HEAD_OUTPUTS);
        const list = stated[candidate.family] ?? [];
        list.push({ probability, cameTrue: timeS < HAZARD_BINS });
        stated[candidate.family] = list;
      }
    }
  }
  const skills = Object.entries(stated).map(([name, list]) => [name, brierSkill(list) ?? 0]);
  return Object.fromEntries(skills);
}
