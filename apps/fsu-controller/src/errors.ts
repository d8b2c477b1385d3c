import { RpcError } from '@levitate/grpc-kit';

/** Stable reasons of this service's errors (`google.rpc.ErrorInfo`). */
export type FsuReason =
  | 'TARGET_NOT_FOUND'
  | 'DECISION_NOT_FOUND'
  | 'AGENT_UNREACHABLE'
  | 'STATE_NOT_DURABLE';

export function targetNotFound(name: string, known: readonly string[]): RpcError {
  const some = known.slice(0, 10).join(', ');
  return fail('NOT_FOUND', 'TARGET_NOT_FOUND', {
    message: `no target ${name}; there are ${known.length}${some === '' ? '' : `: ${some}`}`,
    metadata: { target: name },
  });
}

export function decisionNotFound(id: number, kept: { oldest: number; newest: number }): RpcError {
  return fail('NOT_FOUND', 'DECISION_NOT_FOUND', {
    message: `no decision ${id}; ${kept.oldest} to ${kept.newest} are kept`,
    metadata: { id: `${id}`, oldest: `${kept.oldest}`, newest: `${kept.newest}` },
  });
}

/** The order stands, but the agent could not be told: its lease lapses and restores by itself. */
export function agentUnreachable(targets: readonly string[], cause: unknown): RpcError {
  return fail('UNAVAILABLE', 'AGENT_UNREACHABLE', {
    message:
      `the order is in force, but the agent of ${targets.join(', ')} did not answer; it restores ` +
      'the original when the lease lapses; levitate fsu rollback again confirms it',
    metadata: { targets: targets.join(',') },
    cause,
  });
}

/** The order is in force but would not survive a restart. */
export function stateNotDurable(cause: unknown): RpcError {
  return fail('UNAVAILABLE', 'STATE_NOT_DURABLE', {
    message: 'the order is in force now but could not be written and would not survive a restart',
    cause,
  });
}

function fail(
  code: 'NOT_FOUND' | 'UNAVAILABLE',
  reason: FsuReason,
  parts: { message: string; metadata?: Record<string, string>; cause?: unknown },
): RpcError {
  return new RpcError({ code, reason, ...parts });
}
