import { runService } from '@levitate/service-kit';
import { predictorConfig, predictorPresets } from './config.ts';

await runService(
  {
    service: 'predictor',
    description: 'Forecasts bursts per link from the windows that telemetry keeps.',
    schema: predictorConfig,
    presets: predictorPresets,
    async start(context) {
      const [{ openWindows }, { startPredictor }] = await Promise.all([
        import('./open-windows.ts'),
        import('./start-predictor.ts'),
      ]);
      const windows = await openWindows(context);
      return await startPredictor({ ...context, windows });
    },
  },
  { argv: process.argv.slice(2), env: process.env },
);
