import type { fsuController } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { enumWord } from './enum-word.ts';
import { explainLines, targetRows } from './fsu-text.ts';

const target = {
  name: 'predictive',
  link: 'predictive',
  mode: 'MODE_ENFORCE',
  paused: false,
  predictive: true,
  breaker: 'BREAKER_STATE_CLOSED',
  leaseHeld: true,
  law: 'LAW_PREDICTIVE',
  forecastUnusedReason: '',
  limitBytes: 1_662_480.4,
  originalLimitBytes: 524_288,
  changes: 7,
  refusedChanges: 0,
  model: 'parametric',
} as fsuController.Target;

it('enumerations are told as words', () => {
  expect(['MODE_OBSERVE', 'LAW_STATIC', 'BREAKER_STATE_OPEN'].map(enumWord)).toEqual([
    'observe',
    'static',
    'open',
  ]);
});

it('a target in control says so, one that is not says everything that is in the way', () => {
  expect(targetRows([target])[0]?.at(-1)).toBe('in control');
  const stuck: fsuController.Target = {
    ...target,
    paused: true,
    breaker: 'BREAKER_STATE_OPEN',
    leaseHeld: false,
    forecastUnusedReason: 'stale',
  };
  expect(targetRows([stuck])[0]?.at(-1)).toBe('paused, breaker open, no lease, stale');
});

it('a target without a forecast in force names its law where it is not the usual one', () => {
  expect(targetRows([target])[0]?.[2]).toBe('predictive');
  const reacting: fsuController.Target = { ...target, law: 'LAW_REACTIVE' };
  expect(targetRows([reacting])[0]?.[2]).toBe('reactive (parametric)');
  const usual = { ...reacting, model: 'optomechanical' };
  expect(targetRows([usual])[0]?.[2]).toBe('reactive');
});

it('a decision is explained with limit, sample, forecast and target, as far as known', () => {
  const decision = {
    id: 105,
    target: 'predictive',
    timeUnixMs: Date.UTC(2026, 0, 1, 12, 30),
    text: 'Raise 512 KB to 1,624 KB: a burst is expected.',
    reasons: ['burst-expected'],
    law: 'LAW_PREDICTIVE',
    mode: 'MODE_ENFORCE',
    beforeBytes: 524_288,
    wishedBytes: 1_662_480,
    allowedBytes: 1_662_480,
    afterBytes: 1_662_480,
    applied: false,
  } as fsuController.Decision;
  const tick = { target: 'predictive', timeUnixMs: decision.timeUnixMs, decision };
  const lines = explainLines({ tick, target } as fsuController.ExplainDecisionResponse);
  expect(lines[0]).toBe('decision 105 on predictive, 12:30:00.000');
  expect(lines.join('\n')).toContain('524,288 B before, 1,662,480 B wished');
  expect(lines.join('\n')).toContain('(not applied)');
  expect(lines.join('\n')).toContain('forecast  none');
  expect(lines.at(-1)).toBe('  target    in control');
});
