import type { Server, ServerWritableStream } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';

/** `grpc.health.v1` of a server: the whole of it (name `''`) and each service. */
export interface Health {
  /** Says whether a service takes calls. */
  set(fullName: string, isServing: boolean): void;
  /** Everything is not serving from now on, and watchers hear that as their last message. */
  stop(): void;
}

type WatchCall = ServerWritableStream<unknown, unknown>;
type Implementation = Record<string, (call: WatchCall, ...rest: unknown[]) => void>;

/** Adds the health service to a server; every name starts as serving. */
export function addHealth(server: Server, fullNames: readonly string[]): Health {
  const names = ['', ...fullNames];
  const implementation = new HealthImplementation(
    Object.fromEntries(names.map((name) => [name, 'SERVING' as const])),
  );
  const watchers = new Set<WatchCall>();
  // The package leaves watch streams open for good; a drain must be able to end them.
  const target = {
    addService(definition: Parameters<Server['addService']>[0], handlers: Implementation) {
      const watch = handlers.watch;
      server.addService(definition, {
        ...handlers,
        watch(call: WatchCall) {
          watchers.add(call);
          call.on('cancelled', () => watchers.delete(call));
          call.on('finish', () => watchers.delete(call));
          watch?.(call);
        },
      } as never);
    },
  };
  implementation.addToServer(target as unknown as Parameters<typeof implementation.addToServer>[0]);
  const set = (name: string, isServing: boolean) =>
    implementation.setStatus(name, isServing ? 'SERVING' : 'NOT_SERVING');
  return {
    set,
    stop() {
      for (const name of names) set(name, false);
      for (const call of watchers) call.end();
    },
  };
}
