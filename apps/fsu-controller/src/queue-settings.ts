import type { TargetSettings } from '@levitate/control';
import { bufferBoundsOf, ruleOf, type TargetConfig } from './target-config.ts';

/** Of a queue limit: one period until it is in force. */
const actuationDelayMsDefault = 100;

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
    ...ruleOf(config),
    ...(config.model === 'auto' && { model: 'auto' }),
    autoTune: config.auto_tune,
  };
}
