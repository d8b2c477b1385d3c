import { runService } from '@levitate/service-kit';
import { fsuControllerConfig, fsuControllerPresets } from './config.ts';

await runService(
  {
    service: 'fsu-controller',
    description: 'Flow Stabilization Unit: sizes queues ahead of the bursts that are forecast.',
    schema: fsuControllerConfig,
    presets: fsuControllerPresets,
    start: async (context) => (await import('./start-controller.ts')).startController(context),
  },
  { argv: process.argv.slice(2), env: process.env },
);
