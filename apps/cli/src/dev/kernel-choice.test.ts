import type { Capability } from '@levitate/kernel';
import { expect, it } from 'vitest';
import { chooseKernel } from './kernel-choice.ts';

const capability = (present: boolean): Capability => ({
  name: 'tc',
  present,
  detail: present ? '/usr/sbin/tc' : 'not found',
  fix: '',
  isRequired: true,
});

it('the real kernel is taken where nothing is missing', () => {
  const choice = chooseKernel({
    isSimulationAsked: false,
    capabilities: () => [capability(true)],
  });
  expect(choice.kind).toBe('real');
});

it('otherwise it is the simulated one, and what is missing is the reason', () => {
  const capabilities = () => [capability(false)];
  const choice = chooseKernel({ isSimulationAsked: false, capabilities });
  expect(choice).toEqual({ kind: 'simulated', why: 'missing: tc (not found)' });
});

it('who asks for the simulated kernel gets it, and the host is not even probed', () => {
  const capabilities = (): Capability[] => {
    throw new Error('probed');
  };
  expect(chooseKernel({ isSimulationAsked: true, capabilities }).kind).toBe('simulated');
});
