import type { ebpfAgent } from '@levitate/contracts';
import { preExpansionGains } from '@levitate/control';
import { RpcError } from '@levitate/grpc-kit';
import { describe, expect, it } from 'vitest';
import { type ChangeOutcome, LimitApplier } from './limit-applier.ts';

/** An agent whose answers the test gives, one by one. */
function agent() {
  const asked: ebpfAgent.SetQueueLimitRequestInit[] = [];
  const answers: { resolve: (limitBytes: number) => void; reject: (error: unknown) => void }[] = [];
  const setQueueLimit = (request: ebpfAgent.SetQueueLimitRequestInit) => {
    asked.push(request);
    return new Promise<ebpfAgent.SetQueueLimitResponse>((resolve, reject) => {
      const answer = { previousLimitBytes: 0, changedUnixMs: 5 };
      answers.push({ resolve: (limitBytes) => resolve({ ...answer, limitBytes }), reject });
    });
  };
  const applier = new LimitApplier({
    agent: { setQueueLimit },
    link: 'a',
    holder: 'h',
    deadlineMs: 100,
  });
  const outcomes: ChangeOutcome['kind'][] = [];
  const onOutcome = ({ kind }: ChangeOutcome) => outcomes.push(kind);
  const request = (limitBytes: number) =>
    applier.request({ limitBytes, gains: preExpansionGains, token: 1, onOutcome });
  return { asked, answers, applier, outcomes, request };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('LimitApplier', () => {
  it('has one change under way and keeps only the newest behind it', async () => {
    const { asked, answers, applier, outcomes, request } = agent();
    for (const limitBytes of [1, 2, 3]) request(limitBytes);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.gains).toEqual({ kp: 0.8, ki: 0.1, kd: 0.05 });
    expect(applier.requested).toBe(3);
    answers[0]?.resolve(1);
    await turn();
    expect(asked.map(({ limitBytes }) => limitBytes)).toEqual([1, 3]);
    answers[1]?.resolve(3);
    await applier.settle();
    expect(outcomes).toEqual(['superseded', 'applied', 'applied']);
    expect(applier.requested).toBeUndefined();
  });

  it.each([
    ['FAILED_PRECONDITION', 'LEASE_NOT_HELD', 'lease-lost'],
    ['FAILED_PRECONDITION', 'KERNEL_REFUSED', 'failed'],
    ['ABORTED', 'QUEUE_CHANGED', 'failed'],
    ['UNAVAILABLE', 'UNAVAILABLE', 'agent-away'],
    ['DEADLINE_EXCEEDED', 'DEADLINE_EXCEEDED', 'agent-away'],
  ] as const)('takes %s %s as %s', async (code, reason, kind) => {
    const { answers, applier, outcomes, request } = agent();
    request(1);
    answers[0]?.reject(new RpcError({ code, reason, message: 'no' }));
    await applier.settle();
    expect(outcomes).toEqual([kind]);
  });

  it('drops what was not sent when it is told to settle', async () => {
    const { asked, answers, applier, outcomes, request } = agent();
    request(1);
    request(2);
    const settled = applier.settle();
    answers[0]?.resolve(1);
    await settled;
    expect(asked).toHaveLength(1);
    expect(outcomes).toEqual(['superseded', 'applied']);
  });
});
