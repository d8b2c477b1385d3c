import { commonConfig, listenAddress } from '@levitate/service-kit';
import { z } from 'zod';

/** Where one service answers. */
function peer(name: string, port: number) {
  const address = `127.0.0.1:${port}`;
  const ops = `127.0.0.1:${port + 100}`;
  return z
    .strictObject({
      address: listenAddress.default(address).describe(`gRPC address of ${name}.`),
      ops: listenAddress
        .default(ops)
        .describe(`Operations address of ${name}, asked why it is not ready.`),
    })
    .prefault({});
}

/** Configuration of the dashboard. `listen` is HTTP: page, JSON and operations routes. */
export const schema = commonConfig.extend({
  listen: listenAddress.default('127.0.0.1:7410').describe('HTTP address of page and operations.'),
  peers: z
    .strictObject({
      telemetry: peer('telemetry', 7411),
      predictor: peer('predictor', 7412),
      fsu_controller: peer('fsu-controller', 7413),
      ebpf_agent: peer('ebpf-agent', 7414),
    })
    .prefault({}),
  window_samples: z
    .int()
    .min(50)
    .max(6_000)
    .default(600)
    .describe('Samples of each lane that are held and shown.'),
  lanes_max: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Lanes shown at most; further are left out.'),
  viewers_max: z
    .int()
    .min(1)
    .max(1_000)
    .default(32)
    .describe('Pages that may be open at once; the next is answered 503.'),
  refresh_ms: z
    .int()
    .min(100)
    .max(10_000)
    .default(200)
    .describe('Time between two updates of an open page.'),
});

/** @see schema */
export type DashboardConfig = z.output<typeof schema>;

/** Beyond one host the page need not be as lively. */
export const presets = { lan: {}, wan: { refresh_ms: 500 } };
