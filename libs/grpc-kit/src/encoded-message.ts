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

/** The definition of a service whose streams also take what is encoded already. */
export function takingEncoded(definition: ServiceDefinition): ServiceDefinition {
  return Object.fromEntries(
    Object.entries(definition).map(([rpc, method]) => [
      rpc,
      method.responseStream ? withEncoded(method) : method,
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
