import type { fsuController } from '@levitate/contracts';
import type { Logger } from '@levitate/service-kit';
import type { DecisionLog, LoggedDecision } from './decision-log.ts';
import type { ChangeOutcome } from './limit-applier.ts';
import type { FsuMetrics } from './metrics.ts';
import type { TickHub } from './tick-hub.ts';

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
  onRestored(target: string, size: number): void;
  /** Somebody has set the size by hand: it is left alone for a while. */
  onSetByHand(target: string): void;
}

/** Longer than this between sample and change is two clocks that disagree, not a delay. */
const sampleToChangeMsMax = 60_000;

/** Where what targets do becomes metrics, log lines, decisions and ticks. */
export function targetEvents(parts: {
  logger: Logger;
  metrics: FsuMetrics;
  log: DecisionLog;
  hub: TickHub;
}): TargetEvents {
  const { logger, metrics, log, hub } = parts;
  return {
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
      void log.save(entry);
    },
    onChange(target, outcome, sampleToChangeMs) {
      metrics.changes.inc({ target, outcome });
      if (sampleToChangeMs !== undefined && sampleToChangeMs < sampleToChangeMsMax) {
        metrics.sampleToChange.observe(sampleToChangeMs / 1_000);
      }
      const isTold = outcome !== 'applied' && outcome !== 'superseded';
      if (isTold) logger.warn({ target, outcome }, 'a change was not made');
    },
    onRefused: (target, reason) => metrics.refused.inc({ target, reason }),
    onLease(target, isHeld, why) {
      if (isHeld) logger.info({ target }, 'lease held: changes may be made');
      else logger.warn({ target, why }, 'lease not held: nothing is changed');
    },
    onFault: faultsOnce(logger),
    onRestarted(target, size) {
      logger.warn({ target, size }, 'restarted with a size of its own: that is its original now');
    },
    onRestored: (target, size) => logger.info({ target, size }, 'the original is in force again'),
    onSetByHand(target) {
      logger.warn({ target }, 'set by hand: left alone for a minute, and taken from there');
    },
    onBreakerOpen(target, failures) {
      const nextStep = `see the agent's log, then: levitate fsu mode enforce --target ${target}`;
      logger.error(
        { alert: 'breaker-open', target, failures, nextStep },
        'circuit breaker open: the target is no longer controlled, its original is restored',
      );
    },
  };
}

/** The same fault ten times a second is said once a minute. */
const sayAgainMs = 60_000;

function faultsOnce(logger: Logger): TargetEvents['onFault'] {
  const said = new Map<string, number>();
  return (target, what, error) => {
    const key = `${target} ${what}`;
    const nowMs = performance.now();
    if (nowMs - (said.get(key) ?? Number.NEGATIVE_INFINITY) < sayAgainMs) return;
    said.set(key, nowMs);
    const words = {
      measure: 'measured',
      apply: 'changed',
      restore: 'restored',
      originals: 'noted',
    };
    logger.warn({ target, err: error }, `the target could not be ${words[what]}`);
  };
}
