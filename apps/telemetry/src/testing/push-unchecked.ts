import { credentials, makeClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { contracts } from '@levitate/contracts';
import { afterTest } from './start-for-test.ts';

/**
 * Sends what it is told, with no validation on its side, as a client of another language might.
 *
 * @returns details of the refusal, with the fields at fault
 * @throws where it was accepted, or refused for something else than its fields
 */
export async function pushUnchecked(
  address: string,
  rpc: 'PushSamples' | 'PushPathSamples',
  request: object,
): Promise<string> {
  const Raw = makeClientConstructor(contracts.telemetry.definition, 'Raw');
  const raw = new Raw(address, credentials.createInsecure());
  afterTest(() => raw.close());
  const failure = await new Promise<ServiceError>((resolve, reject) => {
    raw[rpc]?.(request, (error: ServiceError | null) =>
      error === null ? reject(new Error('was accepted')) : resolve(error),
    );
  });
  if (failure.code !== INVALID_ARGUMENT) throw failure;
  const [details] = failure.metadata.get('grpc-status-details-bin');
  return String(details);
}

const INVALID_ARGUMENT = 3;
