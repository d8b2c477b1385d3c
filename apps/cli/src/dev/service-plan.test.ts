import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { captureNode } from '../capture-node.ts';
import type { ServiceAddresses } from '../services.ts';
import { serviceNames } from '../services.ts';
import { resourcePlan } from './resources/resource-plan.ts';
import { shownResources } from './resources/shown-resources.ts';
import { servicePlan } from './service-plan.ts';

const root = new URL('../../../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'levitate-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (first: number) =>
  Object.fromEntries(
    serviceNames.map((name, index) => [name, `127.0.0.1:${first + index}`]),
  ) as ServiceAddresses;

const links = ['reactive', 'predictive'].map((link, index) => ({
  link,
  netns: '/run/netns/lev-x-router',
  interface: `out${index}`,
  ingress: `in${index}`,
}));

function plan(lab: typeof links | undefined) {
  const stateFolder = (service: string) => join(folder, service);
  const ports = new Map(shownResources.map(({ name }, index) => [name, 7200 + index]));
  const agent = at(7000)['ebpf-agent'];
  const resources = resourcePlan({ shown: shownResources, folder, ports, agent });
  const common = { addresses: at(7000), ops: at(7100), seed: 7, stateFolder };
  return servicePlan({ ...common, links: lab, resources });
}

describe.each([
  ['real', links],
  ['simulated', undefined],
] as const)('the plan for the %s kernel', (_, lab) => {
  it.each(serviceNames)('is a configuration that %s accepts', async (service) => {
    const file = join(folder, `${service}.json`);
    writeFileSync(file, JSON.stringify(plan(lab ? [...lab] : undefined)[service]));
    const main = join(root, 'apps', service, 'src', 'main.ts');
    const args = [main, '--config', file, '--check-config'];
    expect(await captureNode(args, { PATH: process.env.PATH })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

it('both lanes get the same packets and differ in forecasts alone', () => {
  const { 'ebpf-agent': agent, 'fsu-controller': controller } = plan(undefined);
  const lanes = agent.simulated_lanes as Record<string, unknown>[];
  expect(lanes.map(({ name, ...rest }) => rest)).toEqual([lanes[0], lanes[0]].map(withoutName));
  const targets = controller.targets as Record<string, unknown>[];
  const ofLanes = targets.filter(({ link }) => link !== undefined);
  expect(ofLanes.map(({ name, predictive }) => [name, predictive])).toEqual([
    ['reactive', false],
    ['predictive', true],
  ]);
});

function withoutName(lane: Record<string, unknown> | undefined) {
  const { name: _, ...rest } = lane ?? {};
  return rest;
}
