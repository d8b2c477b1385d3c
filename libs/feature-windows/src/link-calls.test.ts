import type { telemetry } from '@levitate/contracts';
import { type Client, RpcError } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { expect, it } from 'vitest';
import { linkCalls } from './link-calls.ts';

const samples: Sample[] = [{ link: 'a', timeUnixMs: 1, origin: 'push' }];
const options = { signal: new AbortController().signal };

/** The asking side of a telemetry that answers every push alike. */
function pushing(pushSamples: () => Promise<object>) {
  return linkCalls({ pushSamples } as unknown as Client<telemetry.TelemetryServiceMethods>);
}

it('a push that was refused in part says how much of it', async () => {
  const outcome = { accepted: 3, duplicate: 2, late: 1, refused: 4 };
  expect(await pushing(async () => outcome).push(samples, options)).toEqual(outcome);
});

it('a push that was refused as a whole is an outcome, not a failure', async () => {
  const metadata = { accepted: '0', duplicate: '0', late: '0', refused: '1' };
  const error = new RpcError({
    ...{ code: 'RESOURCE_EXHAUSTED', reason: 'TOO_MANY_LINKS', message: 'full' },
    metadata,
  });
  const { push } = pushing(() => Promise.reject(error));
  const outcome = { accepted: 0, duplicate: 0, late: 0, refused: 1 };
  expect(await push(samples, options)).toEqual(outcome);
});

it('whatever else fails is a failure', async () => {
  const error = new RpcError({ code: 'UNAVAILABLE', message: 'gone' });
  await expect(pushing(() => Promise.reject(error)).push(samples, options)).rejects.toBe(error);
});
