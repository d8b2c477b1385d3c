import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import {
  type ChannelOptions,
  logVerbosity,
  Server,
  ServerCredentials,
  setLogVerbosity,
} from '@grpc/grpc-js';
import type { Registry } from 'prom-client';
import { clampDeadlines } from './clamp-deadline.ts';
import { servedDefinition } from './encoded-message.ts';
import { callMeter } from './grpc-metrics.ts';
import { addHealth, type Health } from './health.ts';
import { defaultLimits, type GrpcLimits } from './limits.ts';
import { ListenError } from './listen-error.ts';
import { addReflection } from './reflection.ts';
import { RpcError } from './rpc-error.ts';
import type { ServedService } from './serve.ts';
import { type GrpcLogger, implementationOf, type OpenCalls } from './server-calls.ts';
import { type TlsFiles, tlsServerCredentials } from './tls-files.ts';

/** @see startGrpcServer */
export interface GrpcServerOptions {
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string;
  /** What is served, each made by `serve`. */
  readonly services: readonly ServedService[];
  /** Mutual TLS 1.3; without it everything is plaintext, which is logged as a warning. */
  readonly tls?: TlsFiles | undefined;
  /** Where `grpc_server_*` are counted. */
  readonly registry?: Registry | undefined;
  /** Takes the plaintext warning and handlers' unknown errors. */
  readonly logger?: GrpcLogger | undefined;
  /** Serves `grpc.reflection.v1` and `v1alpha`. Default false. */
  readonly reflection?: boolean | undefined;
  /** Changes of the default bounds. */
  readonly limits?: Partial<GrpcLimits> | undefined;
}

/** A server that listens. */
export interface GrpcServer extends AsyncDisposable {
  readonly port: number;
  /** `host:port` with the actual port. */
  readonly address: string;
  /** Sets the health of one service by full name, or of the whole server (`''`). */
  setServing(fullName: string, isServing: boolean): void;
  /**
   * Stops: not serving at once, no new calls, streams ended (`UNAVAILABLE`, reason
   * `SERVER_STOPPING`), unary calls given `deadlineMs` to finish, the rest cut.
   */
  drain(deadlineMs: number): Promise<void>;
}

/**
 * Starts a server with health, metrics, validation and bounds.
 * @throws {ListenError} when the address cannot be taken
 * @throws {TlsFileError} when a TLS file is missing or unusable
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const { listen, services, logger } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const credentials = options.tls
    ? await tlsServerCredentials(options.tls)
    : ServerCredentials.createInsecure();
  const server = new Server(channelOptions(limits));
  clampDeadlines(server, limits.deadlineMsMax);
  const open: OpenCalls = { streams: new Set(), unaries: new Set() };
  const meter = callMeter('server', options.registry);
  for (const service of services) {
    const implementation = implementationOf(service, { meter, logger, open });
    server.addService(servedDefinition(service.contract.definition), implementation);
  }
  const health = addHealth(
    server,
    services.map(({ contract }) => contract.fullName),
  );
  if (options.reflection) addReflection(server, services);
  const port = await bind(server, listen, credentials);
  const address = `${listen.slice(0, listen.lastIndexOf(':'))}:${port}`;
  if (options.tls === undefined) {
    logger?.warn(
      { address, tls: false },
      `PLAINTEXT: gRPC on ${address} is neither encrypted nor authenticated; local use only`,
    );
  }
  const drain = drainOnce(server, health, open);
  return {
    port,
    address,
    setServing: (fullName, isServing) => health.set(fullName, isServing),
    drain,
    [Symbol.asyncDispose]: () => drain(0),
  };
}

function channelOptions(limits: GrpcLimits): ChannelOptions {
  return {
    'grpc.max_receive_message_length': limits.receiveMessageBytesMax,
    'grpc.max_send_message_length': limits.sendMessageBytesMax,
    'grpc.max_concurrent_streams': limits.concurrentStreamsMax,
    'grpc.max_connection_age_ms': limits.connectionAgeMsMax,
    'grpc.max_connection_age_grace_ms': limits.connectionAgeGraceMs,
    'grpc.keepalive_time_ms': limits.serverKeepaliveMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.enable_channelz': 0,
  };
}

/**
 * No waiting for more to send (Nagle): answers and window updates are small, and each may wait up
 * to 40 ms for a client that delays its acknowledgement of the one before. grpc-js does not set it
 * for a server and has no option for it; Node's own http servers have had it by default since 18.
 */
subscribe('net.server.socket', (message) => {
  (message as { socket: Socket }).socket.setNoDelay(true);
});

// grpc-js prints to stderr what it also hands over as an error, which is ours to log.
setLogVerbosity(logVerbosity.NONE);

function bind(server: Server, listen: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, credentials, (error, port) => {
      if (error) reject(new ListenError({ listen, why: error.message, cause: error }));
      else resolve(port);
    });
  });
}

function drainOnce(
  server: Server,
  health: Health,
  open: OpenCalls,
): (deadlineMs: number) => Promise<void> {
  let drained: Promise<void> | undefined;
  const stopping = () =>
    new RpcError({
      code: 'UNAVAILABLE',
      reason: 'SERVER_STOPPING',
      message: 'the server is stopping; call again to reach another',
    });
  return (deadlineMs) => {
    drained ??= new Promise((resolve) => {
      health.stop();
      for (const abort of open.streams) abort(stopping());
      const force = setTimeout(() => {
        for (const abort of [...open.streams, ...open.unaries]) abort(stopping());
        // One turn, so that the statuses just sent leave before the connections are cut.
        setImmediate(() => server.forceShutdown());
      }, deadlineMs);
      server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
    return drained;
  };
}
