import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/**
 * A message of a stream that its handler has encoded itself, where the general encoder is what the
 * stream mostly costs. Nobody checks the bytes again.
 */
export class EncodedMessage {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/**
 * The definition of a service as it is served: its streams also take what is encoded already, and
 * requests come as they are, to be decoded where they are handled. Node keeps a stream of HTTP/2,
 * and grpc-js with it the call and its request, until the next full collection, and a decoded
 * request is a hundred times the objects.
 */
export function servedDefinition(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([rpc, method]) => [
      rpc,
      {
        ...(method.responseStream ? withEncoded(method) : method),
        requestDeserialize: (bytes: Buffer) => bytes,
      },
    ]),
  );
}

function withEncoded(method: MethodDefinition<unknown, unknown>) {
  const { responseSerialize } = method;
  return {
    ...method,
    responseSerialize: (message: unknown) =>
      message instanceof EncodedMessage ? message.bytes : responseSerialize(message),
  };
}
