import type { fsuController } from '@levitate/contracts';
import { enumWord } from './enum-word.ts';
import type { Cell } from './table.ts';

/** Rows of `fsu status`. */
export function targetRows(targets: readonly fsuController.Target[]): Cell[][] {
  return targets.map((target) => [
    target.name,
    enumWord(target.mode),
    lawOf(target),
    Math.round(target.limitBytes),
    Math.round(target.originalLimitBytes),
    target.changes,
    target.refusedChanges,
    targetState(target),
  ]);
}

/** What decides: forecasts, or the law that rules without them where it is not the usual one. */
function lawOf({ law, model }: fsuController.Target): string {
  const word = enumWord(law);
  const isUsual = model === '' || model === 'optomechanical';
  return law === 'LAW_REACTIVE' && !isUsual ? `${word} (${model})` : word;
}

/** Rows of `fsu log`. */
export function decisionRows(decisions: readonly fsuController.Decision[]): Cell[][] {
  return decisions.map((decision) => [
    String(decision.id),
    timeOfDay(decision.timeUnixMs),
    decision.target,
    enumWord(decision.law),
    Math.round(decision.beforeBytes),
    Math.round(decision.afterBytes),
    decision.applied,
    decision.reasons.join(' '),
  ]);
}

/** Lines of `fsu explain`. */
export function explainLines({ tick, target }: fsuController.ExplainDecisionResponse): string[] {
  const decision = tick?.decision;
  if (decision === undefined || decision === null) return ['the decision is not known any more'];
  const { forecast, sample } = tick ?? {};
  return [
    `decision ${decision.id} on ${decision.target}, ${timeOfDay(decision.timeUnixMs)}`,
    `  ${decision.text}`,
    `  reasons   ${decision.reasons.join(', ')}`,
    `  law       ${enumWord(decision.law)}, mode ${enumWord(decision.mode)}`,
    `  limit     ${bytes(decision.beforeBytes)} before, ${bytes(decision.wishedBytes)} wished, ` +
      `${bytes(decision.allowedBytes)} allowed, ${bytes(decision.afterBytes)} after` +
      `${decision.applied ? '' : ' (not applied)'}`,
    sample === undefined || sample === null
      ? '  sample    none'
      : `  sample    ${bytes(sample.throughputBytesPerSecond ?? 0)}/s arriving, ` +
        `queue up to ${bytes(sample.queueHighWaterBytes ?? 0)}, ` +
        `${sample.droppedPackets ?? 0} packets dropped`,
    forecast === undefined || forecast === null
      ? '  forecast  none'
      : `  forecast  ${forecast.burstPredicted ? 'a burst' : 'no burst'}, confidence ` +
        `${forecast.confidence.toFixed(2)}, in ${forecast.timeToBurstSeconds.toFixed(1)} s, ` +
        `by ${forecast.model}`,
    `  target    ${target === undefined || target === null ? 'gone' : targetState(target)}`,
  ];
}

/** What stands in the way of a target, or that nothing does. */
function targetState(target: fsuController.Target): string {
  const parts = [
    target.paused ? 'paused' : '',
    target.breaker === 'BREAKER_STATE_OPEN' ? 'breaker open' : '',
    target.leaseHeld ? '' : 'no lease',
    target.predictive ? target.forecastUnusedReason : 'forecasts not wanted',
  ];
  return parts.filter((part) => part !== '').join(', ') || 'in control';
}

function bytes(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')} B`;
}

function timeOfDay(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(11, 23);
}
