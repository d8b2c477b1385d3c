import { status } from '@grpc/grpc-js';
import { statusOf } from './error-status.ts';
import { type RpcCode, RpcError } from './rpc-error.ts';

/** Why one item of a batch was not done, as it stands in the answer of the batch. */
export interface ItemRefusal {
  /** Canonical status name. */
  code: string;
  /** Stable UPPER_SNAKE_CASE reason. */
  reason: string;
  message: string;
}

/** What a call for the item alone would have answered; leaks as little as that would. */
export function refusalOf(error: unknown): ItemRefusal {
  const { code, details: message } = statusOf(error);
  const name = status[code];
  const isOwn = error instanceof RpcError && !error.received;
  return { code: name, reason: isOwn ? error.reason : name, message };
}

/** The error a client of the item alone would have caught. */
export function refusalError({ code, reason, message }: ItemRefusal): RpcError {
  const isKnown = code in status && code !== 'OK';
  return new RpcError({
    code: isKnown ? (code as RpcCode) : 'UNKNOWN',
    reason,
    message,
    received: true,
  });
}
