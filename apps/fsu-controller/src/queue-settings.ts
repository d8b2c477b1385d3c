import type { TargetSettings } from '@levitate/control';
import { bufferBoundsOf, type TargetConfig } from './target-config.ts';

/** Of a queue limit: one period until it is in force, a peak held 10 s (SPEC 4.2). */
const [actuationDelayMsDefault, holdMsDefault, setpointDefault] = [100, 10_000, 0.7];

/** What rules a queue, as it is configured. */
export function queueSettings(config: TargetConfig, periodMs: number): TargetSettings {
  return {
    kind: 'queue',
    predictive: config.predictive,
    ...bufferBoundsOf(config),
    latencyBudgetMs: config.latency_budget_ms,
    maxChangesPerMinute: config.max_changes_per_minute,
    actuationDelayMs: config.actuation_delay_ms ?? actuationDelayMsDefault,
    periodMs,
    holdMs: config.hold_ms ?? holdMsDefault,
    setpoint: config.setpoint ?? setpointDefault,
    model: config.model,
    autoTune: config.auto_tune,
  };
}
