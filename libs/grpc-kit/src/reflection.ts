import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { ServedService } from './serve.ts';

type Descriptors = ConstructorParameters<typeof ReflectionService>[0];

/** Serves the descriptors of the services, so that `grpcurl` needs no proto files. */
export function addReflection(server: Server, services: readonly ServedService[]): void {
  const messages = services.flatMap(({ contract }) =>
    Object.entries(contract.definition).flatMap(([rpc, method]) => {
      const { requestType, responseType } = method as unknown as {
        requestType: Descriptors[string];
        responseType: Descriptors[string];
      };
      const prefix = `${contract.fullName}.${rpc}`;
      return [
        [`${prefix}.request`, requestType] as const,
        [`${prefix}.response`, responseType] as const,
      ];
    }),
  );
  new ReflectionService(Object.fromEntries(messages), {
    services: services.map(({ contract }) => contract.fullName),
  }).addToServer(server);
}
