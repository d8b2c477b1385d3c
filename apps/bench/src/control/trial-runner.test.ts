import { resourceTypes } from '@levitate/control';
import { describe, expect, it } from 'vitest';
import { overheadShares } from './overhead-share.ts';
import { resourceFigures } from './resource-stands.ts';
import { doubleDecayOfTheBar } from './rival-policies.ts';
import { TrialRunner } from './trial-runner.ts';
import type { PolicySpec, TrialRef } from './trial-runs.ts';

// The traces that come with the bench: two files of one kind, and none of link capacity.
const dataDirectory = new URL('../../data', import.meta.url).pathname;
const kind = 'requests-1s-autothrottle';
const runner = new TrialRunner({ dataDirectory, seed: 1 });
const trialOf = (resource: TrialRef['resource']): TrialRef => ({
  resource,
  kind,
  part: 'training',
  index: 0,
});

describe('TrialRunner', () => {
  it.each(resourceTypes.filter((resource) => resource !== 'buffer'))(
    'meets every policy with the same %s, and repeats itself',
    (resource) => {
      const { sizeMax: start } = resourceFigures[resource];
      const policies: PolicySpec[] = [
        { kind: 'static', size: start },
        { kind: 'ours', start },
        { kind: 'law', law: 'double-decay', options: doubleDecayOfTheBar, start },
      ];
      const request = { trial: trialOf(resource), policies };
      const reply = runner.run(request);
      expect(new TrialRunner({ dataDirectory, seed: 1 }).run(request)).toEqual(reply);
      expect(reply.block).toMatch(/^bursty.csv.gz.*\/[0-3]$/);
      const [fixed, ours] = reply.outcomes;
      expect(fixed?.terms.changesPerMinute).toBe(0);
      expect(ours?.terms.changesPerMinute).toBeGreaterThan(0);
      expect(ours?.terms.changesPerMinute).toBeLessThan(11);
      expect(ours?.terms.reservedOverPeak).toBeLessThan(fixed?.terms.reservedOverPeak as number);
    },
  );

  it('knows the need of each period, and shows what a policy did', () => {
    const needs = runner.needs(trialOf('threadpool'));
    expect(needs.length).toBe(4200);
    const { need, size } = runner.trace(trialOf('threadpool'), { kind: 'static', size: 128 });
    expect(need).toEqual([...needs]);
    expect(new Set(size)).toEqual(new Set([128]));
  });

  it('lets the oracle see what comes, for less than the largest size costs', () => {
    const policies: PolicySpec[] = [
      { kind: 'static', size: 128 },
      { kind: 'oracle', share: 1, start: 128 },
    ];
    const { outcomes } = runner.run({ trial: trialOf('threadpool'), policies });
    const [fixed, oracle] = outcomes.map(({ costs }) => costs.standard);
    expect(oracle).toBeLessThan(fixed as number);
  });
});

it('overheadShares measures the controller alone', () => {
  const { worst, byResource } = overheadShares(runner, (resource) =>
    resource === 'threadpool' ? kind : undefined,
  );
  expect(Object.keys(byResource)).toEqual(['threadpool']);
  expect(worst).toBe(byResource.threadpool);
  expect(worst).toBeGreaterThan(0);
});
