import { RpcError } from '@levitate/grpc-kit';
import { expect, it } from 'vitest';
import { type SourceState, stateOfFailure, worstOf } from './source-state.ts';

const of = (service: SourceState['service'], state: SourceState['state']): SourceState => ({
  ...{ service, state },
  why: '',
});

it('a service is as bad as the worst of its sources, and one answer is enough to be there', () => {
  const states = [
    of('telemetry', 'connecting'),
    of('fsu-controller', 'flowing'),
    of('fsu-controller', 'connecting'),
    of('ebpf-agent', 'away'),
    of('ebpf-agent', 'flowing'),
  ];
  expect(worstOf(states).map(({ service, state }) => [service, state])).toEqual([
    ['telemetry', 'connecting'],
    ['fsu-controller', 'flowing'],
    ['ebpf-agent', 'away'],
  ]);
});

it('what is away is tried again, what is refused is not', () => {
  const failed = (code: 'UNAVAILABLE' | 'UNIMPLEMENTED') =>
    stateOfFailure('ebpf-agent', new RpcError({ code, message: 'so it is' }));
  expect(failed('UNAVAILABLE')).toMatchObject({ state: 'away', why: 'so it is' });
  expect(failed('UNIMPLEMENTED').state).toBe('refused');
  expect(stateOfFailure('telemetry', new Error('no such file')).why).toBe('no such file');
});
