import type { ClaimScore, ForecasterRecord } from '@levitate/forecast';
import { LEARNED_FORECASTER, REQUEST_ONSETS } from '@levitate/models';
import type { ClaimRecord, InService, OnlineScore } from './models/in-service.ts';

/** What is known of one link: `LinkForecasts`. */
export interface LinkRecords {
  readonly serving: string;
  readonly scores: readonly ForecasterRecord[];
}

/**
 * How a burst model does in service: its record beside those of the forecasters that race with it,
 * over the links whose samples suit it. On each link whoever has the best record speaks; a model
 * that speaks nowhere, because another does better wherever there is something to compare, is
 * demoted.
 * @param forecaster name under which the model takes part
 */
export function burstInService(forecaster: string, links: readonly LinkRecords[]): InService {
  const own = links
    .map(({ serving, scores }) => ({ serving, scores: scores.filter(suitsItsLink) }))
    .filter(({ scores }) => scores.some((one) => one.forecaster === forecaster));
  const names = new Set(own.flatMap(({ scores }) => scores.map((one) => one.forecaster)));
  const online = Array.from(names, (name): OnlineScore => {
    const records = own.flatMap(({ scores }) => scores.filter((one) => one.forecaster === name));
    const recent = added(records.map((one) => one.recent));
    const total = added(records.map(({ score }) => score));
    const count = recent.hits + recent.misses + recent.falseAlarms;
    return {
      name,
      loss: count === 0 ? 0 : 1 - recent.hits / count,
      count,
      serving: own.filter(({ serving }) => serving === name).length,
      ...{ recent, total },
    };
  });
  const judged = own.filter(({ scores }) => outcomesOf(scores, forecaster) >= OUTCOMES_MIN);
  const isBehind = ({ scores }: LinkRecords) => {
    const record = recordOf(scores, forecaster);
    return scores.some((other) => other.record > record);
  };
  const isDemoted = judged.length > 0 && judged.length === own.length && judged.every(isBehind);
  return { online, demoted: isDemoted ? DEMOTED : '' };
}

/** A learned one is calibrated where the samples of the link suit it; elsewhere it is silent. */
function suitsItsLink({ forecaster, isCalibrated }: ForecasterRecord): boolean {
  return isCalibrated || !LEARNED.includes(forecaster);
}

function added(scores: readonly ClaimScore[]): ClaimRecord {
  const sum = (pick: (score: ClaimScore) => number) =>
    scores.reduce((total, score) => total + pick(score), 0);
  return {
    hits: sum(({ hits }) => hits),
    misses: sum(({ misses }) => misses),
    falseAlarms: sum(({ falseAlarms }) => falseAlarms),
  };
}

function recordOf(scores: readonly ForecasterRecord[], name: string): number {
  return scores.find(({ forecaster }) => forecaster === name)?.record ?? 0;
}

function outcomesOf(scores: readonly ForecasterRecord[], name: string): number {
  const recent = scores.find(({ forecaster }) => forecaster === name)?.recent;
  return recent === undefined ? 0 : recent.onsets + recent.falseAlarms;
}

const LEARNED: readonly string[] = [LEARNED_FORECASTER, REQUEST_ONSETS];
const DEMOTED = 'on every link another forecaster has the better record of late and announces';
/** Outcomes on a link before a record says something. */
const OUTCOMES_MIN = 6;
