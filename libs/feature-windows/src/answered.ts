import { RpcError } from '@levitate/grpc-kit';
import { FeatureWindowsError } from './errors.ts';

/** An answer of the windows, their errors as errors of the call. */
export async function answered<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof FeatureWindowsError)) throw error;
    const { code, message } = error;
    throw new RpcError({
      code: code === 'malformed' ? 'INVALID_ARGUMENT' : 'UNAVAILABLE',
      reason: `WINDOWS_${code.toUpperCase()}`,
      message,
      cause: error,
    });
  }
}
