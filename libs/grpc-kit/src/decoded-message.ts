import { RpcError } from './rpc-error.ts';

/**
 * A message as its codec reads it.
 *
 * @throws RpcError `INTERNAL`, as grpc-js itself answers, where the bytes are no such message
 */
export function decodedMessage(bytes: Buffer, decode: (bytes: Buffer) => unknown): unknown {
  try {
    return decode(bytes);
  } catch (cause) {
    const message = 'the bytes are not the message that this RPC takes';
    throw new RpcError({ code: 'INTERNAL', reason: 'UNREADABLE_MESSAGE', message, cause });
  }
}
