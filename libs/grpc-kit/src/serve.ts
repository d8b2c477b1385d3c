import type { MethodMap, ServerStream, ServiceContract } from '@levitate/contracts';
import type { CallContext } from './call-context.ts';
import type { EncodedMessage } from './encoded-message.ts';

type Awaitable<Value> = Value | Promise<Value>;

/**
 * Handlers of one service, by camelCase RPC name. A unary handler answers with a message; a
 * streaming one returns what it sends, and is stopped (`return()`) when the caller is gone.
 */
export type Handlers<Methods extends MethodMap> = {
  readonly [Rpc in keyof Methods]: Methods[Rpc] extends ServerStream<
    unknown,
    infer Request,
    infer ResponseInit,
    unknown
  >
    ? (request: Request, call: CallContext) => AsyncIterable<ResponseInit | EncodedMessage>
    : (
        request: Methods[Rpc]['request'],
        call: CallContext,
      ) => Awaitable<Methods[Rpc]['responseInit']>;
};

/** A contract with what answers it, ready for `startGrpcServer`. */
export interface ServedService {
  readonly contract: ServiceContract<MethodMap>;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
}

/** A handler whose types were checked by `serve`. */
export type AnyHandler = (request: unknown, call: CallContext) => unknown;

/** Binds handlers to their contract; every RPC must have one, which the types check. */
export function serve<Methods extends MethodMap>(
  contract: ServiceContract<Methods>,
  handlers: Handlers<Methods>,
): ServedService {
  return {
    contract: contract as unknown as ServiceContract<MethodMap>,
    handlers: handlers as unknown as Record<string, AnyHandler>,
  };
}
