import type { fsuController } from '@levitate/contracts';
import { type GovernorDecision, type Mode, normalGains } from '@levitate/control';
import type { LoggedDecision } from './decision-log.ts';
import { decisionText } from './decision-text.ts';
import { modeToProto, resourceToProto } from './proto-words.ts';
import { type ResourceTargetConfig, ruleOf } from './target-config.ts';

/** What is known of a resource before it was reached. */
export function unmeasuredTarget(
  config: ResourceTargetConfig,
): fsuController.TargetInit & { name: string } {
  const { name, min, max, resource, source, canary } = config;
  return {
    name,
    predictive: false,
    law: 'LAW_REACTIVE',
    limitBytesMin: min,
    limitBytesMax: max,
    model: config.model ?? ruleOf(config).model,
    resource: resourceToProto[resource],
    source,
    reasons: ['not-measured'],
    canary,
  };
}

/** @see resourceDecision */
export interface ResourceDecisionParts {
  target: fsuController.TargetInit & { name: string };
  unit: string;
  mode: Mode;
  decision: GovernorDecision;
  timeUnixMs: number;
}

/** A decision on a resource in the words of the wire, not yet carried out. */
export function resourceDecision(parts: ResourceDecisionParts): LoggedDecision {
  const { target, unit, mode, decision, timeUnixMs } = parts;
  const size = decision.size ?? 0;
  const record: fsuController.Decision = {
    id: 0,
    target: target.name,
    timeUnixMs,
    law: 'LAW_REACTIVE',
    mode: modeToProto[mode],
    beforeBytes: size,
    wishedBytes: decision.wished ?? size,
    allowedBytes: decision.allowed ?? size,
    afterBytes: size,
    applied: false,
    reasons: [...decision.reasons],
    text: '',
    utilisation: decision.utilisation ?? 0,
    ...normalGains,
    sampleToChangeMs: 0,
    unit,
  };
  record.text = decisionText({ decision: record, forecast: undefined, nowUnixMs: timeUnixMs });
  return { tick: { target: target.name, timeUnixMs, decision: record }, target };
}
