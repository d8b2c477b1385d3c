import { keepPausesShort, runService } from '@levitate/service-kit';
import { predictorConfig, predictorPresets } from './config.ts';
import { withKeptNames } from './kept-names.ts';

keepPausesShort();
await runService(
  {
    service: 'predictor',
    description: 'Forecasts bursts per link and bandwidth per path, and infers by liquid networks.',
    schema: predictorConfig,
    presets: predictorPresets,
    async start(context) {
      const [{ openPaths, openWindows }, { startPredictor }] = await Promise.all([
        import('./open-windows.ts'),
        import('./start-predictor.ts'),
      ]);
      // What is not served needs no telemetry, and is ready without one.
      const followsLinks = context.config.capabilities.includes('burst');
      const windows = followsLinks ? await openWindows(context) : undefined;
      const followsPaths = context.config.capabilities.includes('bandwidth');
      const paths = followsPaths ? await openPaths(context) : undefined;
      return await startPredictor({ ...context, windows, paths });
    },
  },
  { argv: process.argv.slice(2), env: withKeptNames(process.env) },
);
