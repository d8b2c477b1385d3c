import { RpcError } from '@levitate/grpc-kit';
import { shortReason } from '../service-failure.ts';
import type { ServiceName } from '../services.ts';

/** How one stream or question to a service stands. */
export interface SourceState {
  readonly service: ServiceName;
  readonly state: 'connecting' | 'flowing' | 'away' | 'refused';
  /** Why it does not flow; empty when it does. */
  readonly why: string;
}

/** What a failure means: a service that is away is tried again, one that refuses is not. */
export function stateOfFailure(service: ServiceName, error: unknown): SourceState {
  const why = error instanceof Error ? shortReason(error) : String(error);
  const isRefusal =
    error instanceof RpcError && ['INVALID_ARGUMENT', 'UNIMPLEMENTED'].includes(error.code);
  return { service, state: isRefusal ? 'refused' : 'away', why };
}

/**
 * The states of several sources of one service as one: the worst of them, which is what a person
 * needs to know. A stream that has nothing to say beside an answer is none.
 */
export function worstOf(states: readonly SourceState[]): SourceState[] {
  const badness = ['connecting', 'flowing', 'refused', 'away'] as const;
  const worst = new Map<ServiceName, SourceState>();
  for (const each of states) {
    const held = worst.get(each.service);
    if (held === undefined || badness.indexOf(each.state) > badness.indexOf(held.state)) {
      worst.set(each.service, each);
    }
  }
  return [...worst.values()];
}
