import type { Clock } from '@levitate/clock';
import type { fsuController } from '@levitate/contracts';
import type { AuditLog } from '@levitate/security';
import type { Logger } from '@levitate/service-kit';
import { factsOf } from './alerts/alert-kinds.ts';
import type { Alerts } from './alerts/open-alerts.ts';
import { auditChange, auditRestore } from './control-audit.ts';
import type { DecisionLog, LoggedDecision } from './decision-log.ts';
import type { ChangeOutcome } from './limit-applier.ts';
import type { FsuMetrics } from './metrics.ts';
import type { TickHub } from './tick-hub.ts';

/** What is looked for beside control. */
export type AnomalyKind = 'forecast-anomaly' | 'at-limit';

/** What a target tells those around it. */
export interface TargetEvents {
  onTick(target: string, makeTick: () => fsuController.TickInit): void;
  /** A decision to be logged; it gets its identifier here. */
  onDecision(entry: LoggedDecision): void;
  /** The decision's outcome is known: nothing about it changes any more. */
  onSettled(entry: LoggedDecision): void;
  onChange(target: string, outcome: ChangeOutcome['kind'], sampleToChangeMs?: number): void;
  onRefused(target: string, reason: string): void;
  onLease(target: string, isHeld: boolean, why: string): void;
  onBreakerOpen(target: string, failures: number): void;
  /** Measuring, changing, restoring or the store of originals failed once. */
  onFault(
    target: string,
    what: 'measure' | 'apply' | 'restore' | 'originals',
    error: unknown,
  ): void;
  /** A resource was restarted and came up with a size of its own, its new original. */
  onRestarted(target: string, size: number): void;
  /** As much of the original as there can be is in force. */
  onRestored(target: string, size: number, original: number): void;
  /** Somebody has set the size by hand: it is left alone for a while. */
  onSetByHand(target: string): void;
  /** It has begun, or is over. */
  onAnomaly(target: string, kind: AnomalyKind, isOn: boolean): void;
}

/** Longer than this between sample and change is two clocks that disagree, not a delay. */
const sampleToChangeMsMax = 60_000;
/** The same fault ten times a second is said once a minute. */
const sayAgainMs = 60_000;

/** @see targetEvents */
export interface TargetEventParts {
  logger: Logger;
  metrics: FsuMetrics;
  log: DecisionLog;
  hub: TickHub;
  alerts: Alerts;
  audit: Pick<AuditLog, 'append'>;
  clock: Clock;
}

/** Where what targets do becomes metrics, log lines, decisions, ticks, records and alerts. */
export function targetEvents(parts: TargetEventParts): TargetEvents {
  const { logger, metrics, log, hub, alerts, audit, clock } = parts;
  const raise = alerts.raise.bind(alerts);
  return {
    ...troubles(parts),
    onTick: (target, makeTick) => hub.publish(target, makeTick),
    onDecision(entry) {
      log.add(entry);
      const { target, law, reasons } = entry.tick.decision;
      const reason = reasons[0] ?? 'none';
      metrics.decisions.inc({
        target,
        law: law === 'LAW_PREDICTIVE' ? 'predictive' : 'reactive',
        reason,
      });
    },
    onSettled(entry) {
      auditChange(audit, entry);
      void log.save(entry);
    },
    onChange(target, outcome, sampleToChangeMs) {
      metrics.changes.inc({ target, outcome });
      if (sampleToChangeMs !== undefined && sampleToChangeMs < sampleToChangeMsMax) {
        metrics.sampleToChange.observe(sampleToChangeMs / 1_000);
      }
      const isTold = outcome !== 'applied' && outcome !== 'superseded';
      if (isTold) logger.warn({ target, outcome }, 'a change was not made');
      if (outcome !== 'applied') return;
      alerts.resolve('breaker-open', target);
      alerts.resolve('set-by-hand', target);
    },
    onRefused: (target, reason) => metrics.refused.inc({ target, reason }),
    onLease(target, isHeld, why) {
      if (isHeld) {
        logger.info({ target }, 'lease held: changes may be made');
        alerts.resolve('lease-lost', target);
      } else raise({ kind: 'lease-lost', target, text: `nothing is changed: ${why}` });
    },
    onRestored(target, size, original) {
      if (size === original) logger.info({ target, size }, 'the original is in force again');
      else
        logger.warn({ target, size, original }, 'the original can no longer be; this is nearest');
      auditRestore(audit, { target, size, timeUnixMs: clock.unixMs() });
      alerts.resolve('restore-failed', target);
    },
  };
}

/** What an operator should hear of. */
function troubles({ logger, alerts }: TargetEventParts) {
  const raise = alerts.raise.bind(alerts);
  const isNews = onceAMinute();
  return {
    onFault(target, what, error) {
      const { message } = error as Error;
      if (what === 'restore') raise({ kind: 'restore-failed', target, text: message });
      if (!isNews(`${target} ${what}`)) return;
      logger.warn({ target, err: error }, `the target could not be ${faultWords[what]}`);
    },
    onBreakerOpen(target, failures) {
      const text = `${failures} failures in a row; what was changed is put back`;
      raise({ kind: 'breaker-open', target, text });
    },
    onRestarted(target, size) {
      const text = `it came up with ${size}, which is its original now`;
      raise({ kind: 'target-restarted', target, text });
    },
    onSetByHand(target) {
      const text = 'left alone for a minute, and taken from there';
      raise({ kind: 'set-by-hand', target, text });
    },
    onAnomaly(target, kind, isOn) {
      if (isOn) raise({ kind, target, text: factsOf(kind).summary });
      else alerts.resolve(kind, target);
    },
  } satisfies Partial<TargetEvents>;
}

const faultWords = {
  measure: 'measured',
  apply: 'changed',
  restore: 'put back',
  originals: 'noted',
} as const;

function onceAMinute(): (key: string) => boolean {
  const said = new Map<string, number>();
  return (key) => {
    const nowMs = performance.now();
    if (nowMs - (said.get(key) ?? Number.NEGATIVE_INFINITY) < sayAgainMs) return false;
    said.set(key, nowMs);
    return true;
  };
}
