import {
  type ChannelOptions,
  credentials,
  Client as GrpcClient,
  type MethodDefinition,
} from '@grpc/grpc-js';
import type { MethodMap, ServerStream, ServiceContract } from '@levitate/contracts';
import type { Registry } from 'prom-client';
import type { CallOptions } from './call-options.ts';
import {
  type ClientSurroundings,
  type ReceivedMessage,
  streamingRpc,
  unaryRpc,
} from './client-calls.ts';
import { callMeter } from './grpc-metrics.ts';
import { defaultLimits, type GrpcLimits } from './limits.ts';
import { type TlsFiles, tlsClientCredentials } from './tls-files.ts';

/** A typed client: one function per RPC by camelCase name, and `close`. */
export type Client<Methods extends MethodMap> = {
  readonly [Rpc in keyof Methods]: Methods[Rpc] extends ServerStream<
    infer RequestInit,
    unknown,
    unknown,
    infer Response
  >
    ? StreamingCall<RequestInit, Response>
    : (
        request: Methods[Rpc]['requestInit'],
        options?: CallOptions,
      ) => Promise<Methods[Rpc]['response']>;
} & {
  /** Ends the connection; calls in flight fail with `CANCELLED`. */
  readonly close: () => void;
};

/** A streaming RPC; `encoded` gives its messages as they came. */
export interface StreamingCall<RequestInit, Response> {
  (request: RequestInit, options?: CallOptions): AsyncIterable<Response>;
  encoded(request: RequestInit, options?: CallOptions): AsyncIterable<ReceivedMessage<Response>>;
}

/** @see connect */
export interface ConnectOptions {
  /** `host:port`, or a gRPC target such as `dns:///name:port`. */
  readonly address: string;
  /** Mutual TLS 1.3; without it plaintext. */
  readonly tls?: TlsFiles | undefined;
  /** Deadline of unary calls that bring none. Default 5,000 ms. */
  readonly deadlineMs?: number | undefined;
  /** Where `grpc_client_*` are counted. */
  readonly registry?: Registry | undefined;
  /** Changes of the default bounds. */
  readonly limits?: Partial<GrpcLimits> | undefined;
}

/**
 * A client of one service. It connects on the first call and reconnects by itself; requests are
 * validated before they are encoded; idempotent calls are tried up to three times.
 * With `tls` the files are read on the first call, whose failure is then a `TlsFileError`.
 */
export function connect<Methods extends MethodMap>(
  contract: ServiceContract<Methods>,
  options: ConnectOptions,
): Client<Methods> {
  const surroundings = surroundingsOf(contract.fullName, serviceConfig(contract), options);
  const rpcs = Object.entries(contract.definition).map(([rpc, definition]) => {
    const name = `${rpc[0]?.toLowerCase()}${rpc.slice(1)}`;
    const method = {
      name: rpc,
      definition: definition as MethodDefinition<unknown, unknown>,
      validate: contract.validate[name] ?? (() => []),
    };
    const call = definition.responseStream
      ? streamingRpc(method, surroundings)
      : unaryRpc(method, surroundings);
    return [name, call] as const;
  });
  const close = () => surroundings.close();
  return Object.freeze({ ...Object.fromEntries(rpcs), close }) as unknown as Client<Methods>;
}

/** What all calls of one client share. */
export function surroundingsOf(
  service: string,
  config: object,
  options: ConnectOptions,
): ClientSurroundings & { close(): void } {
  const limits = { ...defaultLimits, ...options.limits };
  const channel = channelOptions(limits, config);
  let client: GrpcClient | Promise<GrpcClient> | undefined;
  let isClosed = false;
  const open = (): GrpcClient | Promise<GrpcClient> => {
    if (options.tls === undefined) {
      client ??= new GrpcClient(options.address, credentials.createInsecure(), channel);
    } else if (client === undefined) {
      client = tlsClientCredentials(options.tls).then((tls) => {
        const opened = new GrpcClient(options.address, tls, channel);
        if (isClosed) opened.close();
        client = opened;
        return opened;
      });
      // A file that was missing may be there at the next call.
      client.catch(() => {
        client = undefined;
      });
    }
    return client;
  };
  return {
    open,
    service,
    meter: callMeter('client', options.registry),
    deadlineMs: options.deadlineMs ?? 5_000,
    deadlineMsMax: limits.deadlineMsMax,
    close() {
      isClosed = true;
      if (client instanceof GrpcClient) client.close();
    },
  };
}

function channelOptions(limits: GrpcLimits, config: object): ChannelOptions {
  return {
    'grpc.max_receive_message_length': limits.receiveMessageBytesMax,
    'grpc.max_send_message_length': limits.sendMessageBytesMax,
    'grpc.keepalive_time_ms': limits.clientKeepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    // A peer that restarts is back within a second or two; gRPC's own 1 s to 120 s is for WANs.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.service_config': JSON.stringify(config),
    'grpc.service_config_disable_resolution': 1,
    // A proxy named in the environment is for the web, not for the control plane.
    'grpc.enable_http_proxy': 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
  };
}

/** Replicas in turn; idempotent calls tried three times where the server was not reached. */
function serviceConfig<Methods extends MethodMap>(contract: ServiceContract<Methods>): object {
  const names = Object.keys(contract.definition)
    .filter((rpc) => contract.idempotent.some((name) => name.toLowerCase() === rpc.toLowerCase()))
    .map((method) => ({ service: contract.fullName, method }));
  const retryPolicy = {
    maxAttempts: 3,
    initialBackoff: '0.1s',
    maxBackoff: '1s',
    backoffMultiplier: 2,
    retryableStatusCodes: ['UNAVAILABLE'],
  };
  return {
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: names.length > 0 ? [{ name: names, retryPolicy }] : [],
  };
}
