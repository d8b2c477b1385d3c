import { runService } from '@levitate/service-kit';
import { presets, schema } from './config.ts';

await runService(
  {
    service: 'dashboard',
    description: 'Serves the page on which a person watches both lanes.',
    schema,
    presets,
    ops: 'own',
    start: async (context) => (await import('./service.ts')).start(context),
  },
  { argv: process.argv.slice(2), env: process.env },
);
