import { enumWord, type fsuController, missesLease } from '@levitate/contracts';
import type { Cell } from './table.ts';

type Tick = fsuController.Tick;

/** Rows of `fsu status`. */
export function targetRows(targets: readonly fsuController.Target[]): Cell[][] {
  return targets.map((target) => [
    target.name,
    enumWord(target.mode),
    lawOf(target),
    sizeIn(target.limitBytes, target.unit),
    // None is noted of what was never measured, or is only advised.
    target.originalLimitBytes > 0 ? sizeIn(target.originalLimitBytes, target.unit) : '-',
    target.unit || 'bytes',
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

/** Heads over {@link targetRows}. */
export const targetHeads: readonly string[] = [
  ...['TARGET', 'MODE', 'LAW', 'SIZE', 'ORIGINAL', 'UNIT', 'CHANGES', 'REFUSED', 'STATE'],
];

/** Under the targets: what queues of other sizes would have dropped, where it is anything. */
export function shadowLines(targets: readonly fsuController.Target[]): string[] {
  return targets.flatMap(({ name, mode, shadow }) => {
    if (shadow === null || shadow === undefined) return [];
    const { measuredDroppedBytes, reactiveDroppedBytes, staticDroppedBytes, seconds } = shadow;
    const isEnforced = mode === 'MODE_ENFORCE';
    // Where nothing is enforced, what is measured is the original limit itself.
    const [what, prevented] = isEnforced
      ? ['drops prevented', staticDroppedBytes - measuredDroppedBytes]
      : ['drops the reactive law would prevent', measuredDroppedBytes - reactiveDroppedBytes];
    if (prevented <= 0) return [];
    const more = reactiveDroppedBytes - measuredDroppedBytes;
    const overLaw = isEnforced ? `, ${bytes(Math.max(0, more))} against the reactive law` : '';
    const line = `${bytes(prevented)} against the original limit${overLaw}`;
    return [`${name}: ${what} (estimate) in ${hoursText(seconds)}: ${line}`];
  });
}

/** Rows of `fsu log`. */
export function decisionRows(decisions: readonly fsuController.Decision[]): Cell[][] {
  return decisions.map((decision) => [
    String(decision.id),
    timeOfDay(decision.timeUnixMs),
    decision.target,
    enumWord(decision.law),
    sizeIn(decision.beforeBytes, decision.unit),
    sizeIn(decision.afterBytes, decision.unit),
    decision.applied,
    decision.reasons.join(' '),
  ]);
}

/** Lines of `fsu explain`. */
export function explainLines({ tick, target }: fsuController.ExplainDecisionResponse): string[] {
  const decision = tick?.decision;
  if (decision === undefined || decision === null) return ['the decision is not known any more'];
  const { forecast, sample } = tick ?? {};
  const sized = (size: number) => sizeText(size, decision.unit);
  const isQueue = decision.unit === '';
  return [
    `decision ${decision.id} on ${decision.target}, ${timeOfDay(decision.timeUnixMs)}`,
    `  ${decision.text}`,
    `  reasons   ${decision.reasons.join(', ')}`,
    `  law       ${enumWord(decision.law)}, mode ${enumWord(decision.mode)}`,
    `  size      ${sized(decision.beforeBytes)} before, ${sized(decision.wishedBytes)} wished, ` +
      `${sized(decision.allowedBytes)} allowed, ${sized(decision.afterBytes)} after` +
      `${decision.applied ? '' : ' (not applied)'}`,
    ...(isQueue ? [sampleLine(sample), forecastLine(forecast)] : []),
    `  target    ${target === undefined || target === null ? 'gone' : targetState(target)}`,
  ];
}

/** Lines of `fsu canary`. */
export function canaryLines(canaries: readonly fsuController.Canary[]): string[] {
  if (canaries.length === 0) return ['no target takes part in a roll-out (canary: true)'];
  return canaries.flatMap((canary) => {
    const { phase, stage, stages, hosts, enforcingHosts, soakRemainingSeconds, reason } = canary;
    const lines = [
      `${enumWord(canary.resource)}: ${enumWord(phase)}, stage ${stage + 1} of ${stages}, ` +
        `${enforcingHosts.length} of ${hosts} hosts enforce`,
    ];
    const isSoaking = phase === 'CANARY_PHASE_SOAKING';
    if (isSoaking) lines.push(`  next stage in ${hoursText(soakRemainingSeconds)} of soaking`);
    if (enforcingHosts.length > 0) lines.push(`  enforcing  ${enforcingHosts.join(', ')}`);
    for (const [name, side] of [
      ['enforcing', canary.enforcing],
      ['the rest', canary.rest],
    ] as const) {
      if (side === null) continue;
      const { dropShare, p99DelayMs } = side;
      lines.push(
        `  ${name.padEnd(9)}  ${(100 * dropShare).toFixed(3)} % dropped, ` +
          `p99 delay ${p99DelayMs.toFixed(1)} ms`,
      );
    }
    if (reason !== '') lines.push(`  ${reason}`);
    return lines;
  });
}

function hoursText(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function sampleLine(sample: Tick['sample'] | undefined): string {
  if (sample === undefined || sample === null) return '  sample    none';
  return (
    `  sample    ${bytes(sample.throughputBytesPerSecond ?? 0)}/s arriving, ` +
    `queue up to ${bytes(sample.queueHighWaterBytes ?? 0)}, ` +
    `${sample.droppedPackets ?? 0} packets dropped`
  );
}

function forecastLine(forecast: Tick['forecast'] | undefined): string {
  if (forecast === undefined || forecast === null) return '  forecast  none';
  return (
    `  forecast  ${forecast.burstPredicted ? 'a burst' : 'no burst'}, confidence ` +
    `${forecast.confidence.toFixed(2)}, in ${forecast.timeToBurstSeconds.toFixed(1)} s, ` +
    `by ${forecast.model}`
  );
}

/** What stands in the way of a target, or that nothing does. */
function targetState(target: fsuController.Target): string {
  const parts = [
    target.paused ? 'paused' : '',
    target.breaker === 'BREAKER_STATE_OPEN' ? 'breaker open' : '',
    missesLease(target) ? 'no lease' : '',
    target.canary && !target.canaryEnforces ? 'waits for the roll-out' : '',
    forecastState(target),
    ...resourceStates.filter((state) => target.reasons.includes(state)),
  ];
  return parts.filter((part) => part !== '').join(', ') || 'in control';
}

/** Reasons of a resource that an operator should see at once. */
const resourceStates = ['not-measured', 'implausible', 'ignored', 'set-by-hand', 'restarted'];

/** Of a queue only: nothing else is forecast. */
function forecastState({ resource, predictive, forecastUnusedReason }: fsuController.Target) {
  if (resource !== 'RESOURCE_KIND_BUFFER') return '';
  return predictive ? forecastUnusedReason : 'forecasts not wanted';
}

/** A size as a cell: whole where its unit is. */
function sizeIn(size: number, unit: string): number {
  return unit === 'bytes' || unit === '' ? Math.round(size) : Math.round(100 * size) / 100;
}

function sizeText(size: number, unit: string): string {
  return unit === '' || unit === 'bytes' ? bytes(size) : `${sizeIn(size, unit)} ${unit}`;
}

function bytes(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')} B`;
}

function timeOfDay(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(11, 23);
}
