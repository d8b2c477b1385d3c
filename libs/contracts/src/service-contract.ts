import type { ServiceDefinition } from '@grpc/grpc-js';
import type { FieldViolation } from './field-violation.ts';

/** One request, one response. `Init` types may be sent, the others are received. */
export interface Unary<RequestInit, Request, ResponseInit, Response> {
  readonly kind: 'unary';
  readonly requestInit: RequestInit;
  readonly request: Request;
  readonly responseInit: ResponseInit;
  readonly response: Response;
}

/** One request, a stream of responses. */
export interface ServerStream<RequestInit, Request, ResponseInit, Response> {
  readonly kind: 'serverStream';
  readonly requestInit: RequestInit;
  readonly request: Request;
  readonly responseInit: ResponseInit;
  readonly response: Response;
}

/** Any RPC this project knows; client streams and duplex do not occur. */
export type Method =
  | Unary<unknown, unknown, unknown, unknown>
  | ServerStream<unknown, unknown, unknown, unknown>;

/** Type map of a service: camelCase RPC name to its message types. Types only, never a value. */
export type MethodMap = { readonly [rpc: string]: Method };

/** Everything a server or client needs to speak one service. */
export interface ServiceContract<Methods extends MethodMap> {
  /** Full protobuf name, e.g. `levitate.telemetry.v1.TelemetryService`. */
  readonly fullName: string;
  /** Encoders and decoders per RPC; keys are PascalCase as in the proto. */
  readonly definition: ServiceDefinition;
  /** Faults of a request, empty when there are none; run by the client before it encodes too. */
  readonly validate: { readonly [Rpc in keyof Methods]: (request: unknown) => FieldViolation[] };
  /** RPCs that a client may repeat without a second effect. Only these are retried. */
  readonly idempotent: readonly (keyof Methods & string)[];
  /** Carries the type map; has no value. */
  readonly methods?: Methods;
}
