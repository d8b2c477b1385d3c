import { Readiness, systemClock } from '@levitate/service-kit';
import { Registry } from 'prom-client';
import { schema } from '../config.ts';
import { start } from '../service.ts';
import type { View } from '../view.ts';
import type { FakeServices } from './fake-services.ts';

/** A dashboard in this process, on a free port. */
export interface Started extends AsyncDisposable {
  readonly url: string;
  view(): Promise<View>;
}

/** Starts the dashboard over the fake services; telemetry and predictor are nobody's address. */
export async function startDashboard(
  fake: FakeServices,
  settings: Record<string, unknown> = {},
): Promise<Started> {
  const nobody = { address: '127.0.0.1:1', ops: '127.0.0.1:1' };
  const config = schema.parse({
    listen: '127.0.0.1:0',
    peers: {
      telemetry: nobody,
      predictor: nobody,
      ebpf_agent: { address: fake.agent?.address, ops: '127.0.0.1:1' },
      fsu_controller: { address: fake.controller?.address, ops: '127.0.0.1:1' },
    },
    ...settings,
  });
  const stopping = new AbortController();
  const readiness = new Readiness();
  const silent = { info() {}, warn() {}, error() {} };
  const running = await start({
    config,
    logger: silent as never,
    registry: new Registry(),
    clock: systemClock,
    readiness,
    signal: stopping.signal,
  });
  readiness.set('service', true);
  const url = `http://${running.address}`;
  return {
    url,
    view: async () => (await fetch(`${url}/api/lanes`)).json() as Promise<View>,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running.drain(1_000);
    },
  };
}
