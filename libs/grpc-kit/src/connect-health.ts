import type { MethodDefinition } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import type { CallOptions } from './call-options.ts';
import { unaryRpc } from './client-calls.ts';
import { type ConnectOptions, surroundingsOf } from './connect.ts';

/** What `grpc.health.v1` says of a service. */
export type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'UNKNOWN' | 'SERVICE_UNKNOWN';

/** Asks one server for its health. */
export interface HealthClient {
  /**
   * The state of one service by full name, or of the whole server (`''`, the default).
   * @throws {RpcError} `UNAVAILABLE` when nobody answers, `NOT_FOUND` for an unknown name
   */
  check(fullName?: string, options?: CallOptions): Promise<ServingStatus>;
  close(): void;
}

/** A client of `grpc.health.v1`. */
export function connectHealth(options: ConnectOptions): HealthClient {
  const fullName = 'grpc.health.v1.Health';
  const config = { loadBalancingConfig: [{ round_robin: {} }] };
  const surroundings = surroundingsOf(fullName, config, options);
  const definition = healthService.Check as unknown as MethodDefinition<unknown, unknown>;
  const check = unaryRpc({ name: 'Check', definition, validate: () => [] }, surroundings);
  return {
    async check(service = '', callOptions = {}) {
      const answer = (await check({ service }, callOptions)) as { status: ServingStatus };
      return answer.status;
    },
    close: surroundings.close,
  };
}
