import { runService } from '@levitate/service-kit';
import { telemetryPresets, telemetrySchema } from './config.ts';

/** The folder of traces that every program of the project takes from `LEVITATE_DATA`. */
const dataVariable = 'LEVITATE_TELEMETRY_REPLAY__DATA_DIRECTORY';

await runService(
  {
    service: 'telemetry',
    description: 'Collects samples per link and keeps their windows.',
    schema: telemetrySchema,
    presets: telemetryPresets,
    start: async (context) => (await import('./service.ts')).startTelemetry(context),
  },
  {
    argv: process.argv.slice(2),
    env: { [dataVariable]: process.env.LEVITATE_DATA, ...process.env },
  },
);
