import { runService } from '@levitate/service-kit';
import { predictorConfig, predictorPresets } from './config.ts';
import { withKeptNames } from './kept-names.ts';

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
      const windows = await openWindows(context);
      const followsPaths = context.config.capabilities.includes('bandwidth');
      const paths = followsPaths ? await openPaths(context) : undefined;
      return await startPredictor({ ...context, windows, paths });
    },
  },
  { argv: process.argv.slice(2), env: withKeptNames(process.env) },
);
