import type { Logger } from '@levitate/service-kit';
import type { TargetEvents } from './controlled-target.ts';
import type { DecisionLog } from './decision-log.ts';
import type { FsuMetrics } from './metrics.ts';
import type { TickHub } from './tick-hub.ts';

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
    onBreakerOpen(target, failures) {
      const nextStep = `see the agent's log, then: levitate fsu mode enforce --target ${target}`;
      logger.error(
        { alert: 'breaker-open', target, failures, nextStep },
        'circuit breaker open: the target is no longer controlled, its original is restored',
      );
    },
  };
}
