import { runService } from '@levitate/service-kit';
import { telemetryPresets, telemetrySchema } from './config.ts';

await runService(
  {
    service: 'telemetry',
    description: 'Collects samples per link and keeps their windows.',
    schema: telemetrySchema,
    presets: telemetryPresets,
    start: async (context) => (await import('./service.ts')).startTelemetry(context),
  },
  { argv: process.argv.slice(2), env: process.env },
);
