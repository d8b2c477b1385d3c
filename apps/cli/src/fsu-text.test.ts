import type { fsuController } from '@levitate/contracts';
import { expect, it } from 'vitest';
import { canaryLines, explainLines, shadowLines, targetHeads, targetRows } from './fsu-text.ts';

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
  resource: 'RESOURCE_KIND_BUFFER',
  unit: 'bytes',
  reasons: ['burst-expected'],
} as fsuController.Target;

const pool = {
  ...target,
  name: 'pool',
  predictive: false,
  resource: 'RESOURCE_KIND_THREAD_POOL',
  unit: 'threads',
  limitBytes: 24,
  originalLimitBytes: 8,
  reasons: ['set-by-hand'],
} as fsuController.Target;

it('a target in control says so, one that is not says everything that is in the way', () => {
  expect(targetRows([target])[0]?.at(-1)).toBe('in control');
  const stuck: fsuController.Target = {
    ...target,
    paused: true,
    breaker: 'BREAKER_STATE_OPEN',
    leaseHeld: false,
    forecastUnusedReason: 'stale',
  };
  expect(targetRows([stuck])[0]?.at(-1)).toBe('paused, breaker open, stale');
  const alone: fsuController.Target = { ...target, leaseHeld: false };
  expect(targetRows([alone])[0]?.at(-1)).toBe('no lease');
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
    unit: '',
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

it('a resource is told in its own unit, with what an operator should see', () => {
  const row = targetRows([pool])[0] ?? [];
  expect(row.slice(3, 6)).toEqual([24, 8, 'threads']);
  expect(row.at(-1)).toBe('set-by-hand');
  expect(row).toHaveLength(targetHeads.length);
});

it('a roll-out is told with its stage, its sides and why it ended', () => {
  const side = { hosts: 1, dropShare: 0.00012, p99DelayMs: 21.04 };
  const canary: fsuController.Canary = {
    phase: 'CANARY_PHASE_SOAKING',
    stage: 0,
    stages: 4,
    hosts: 10,
    enforcingHosts: ['h1'],
    soakRemainingSeconds: 86_000,
    reason: '',
    enforcing: side,
    rest: { ...side, hosts: 9 },
    resource: 'RESOURCE_KIND_BUFFER',
  };
  expect(canaryLines([canary])).toEqual([
    'buffer: soaking, stage 1 of 4, 1 of 10 hosts enforce',
    '  next stage in 23 h 54 min of soaking',
    '  enforcing  h1',
    '  enforcing  0.012 % dropped, p99 delay 21.0 ms',
    '  the rest   0.012 % dropped, p99 delay 21.0 ms',
  ]);
  expect(canaryLines([])).toEqual(['no target takes part in a roll-out (canary: true)']);
});

it('drops prevented are told as the estimate they are, and where there are some', () => {
  const shadow = {
    ...{ measuredDroppedBytes: 1_000, reactiveDroppedBytes: 201_000 },
    ...{ staticDroppedBytes: 501_000, seconds: 3_600 },
  } as fsuController.ShadowEstimate;
  expect(
    shadowLines([
      { ...target, shadow },
      { ...pool, shadow: null },
    ]),
  ).toEqual([
    'predictive: drops prevented (estimate) in 1 h 0 min: 500,000 B against the original limit, ' +
      '200,000 B against the reactive law',
  ]);
  const none = { ...shadow, reactiveDroppedBytes: 0, staticDroppedBytes: 0 };
  expect(shadowLines([{ ...target, shadow: none }])).toEqual([]);
});
