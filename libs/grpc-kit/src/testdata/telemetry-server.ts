import { contracts, type telemetry } from '@levitate/contracts';
import { type Client, type ConnectOptions, connect } from '../connect.ts';
import { type Handlers, serve } from '../serve.ts';
import { type GrpcServer, type GrpcServerOptions, startGrpcServer } from '../start-grpc-server.ts';

type Methods = telemetry.TelemetryServiceMethods;

/** A telemetry server on a free port, and a client of it; closed together. */
export interface Pair extends AsyncDisposable {
  readonly server: GrpcServer;
  readonly client: Client<Methods>;
}

/** Starts both; handlers that are not given answer empty. */
export async function startPair(
  handlers: Partial<Handlers<Methods>>,
  server: Partial<GrpcServerOptions> = {},
  client: Partial<ConnectOptions> = {},
): Promise<Pair> {
  const started = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [
      serve(contracts.telemetry, {
        pushSamples: () => ({}),
        getWindow: () => ({}),
        streamSamples: async function* () {},
        listLinks: () => ({}),
        pushPathSamples: () => ({}),
        getPathWindow: () => ({}),
        streamPathSamples: async function* () {},
        listPaths: () => ({}),
        ...handlers,
      }),
    ],
    ...server,
  });
  const connected = connect(contracts.telemetry, { address: started.address, ...client });
  return {
    server: started,
    client: connected,
    async [Symbol.asyncDispose]() {
      connected.close();
      await started[Symbol.asyncDispose]();
    },
  };
}

/** What a promise was rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
