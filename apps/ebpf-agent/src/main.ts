import { runService } from '@levitate/service-kit';
import { agentConfig } from './config.ts';

const argv = process.argv.slice(2);
const { env } = process;

if (argv.includes('--restore-all')) {
  const { restoreAll } = await import('./restore-all.ts');
  await restoreAll({ argv: argv.filter((flag) => flag !== '--restore-all'), env });
} else {
  await runService(
    {
      service: 'ebpf-agent',
      description:
        'Samples the queues of this host and changes their limits within a lease. ' +
        'With --restore-all: put every recorded limit back and exit.',
      schema: agentConfig,
      start: async (context) => (await import('./agent.ts')).startAgent(context),
    },
    { argv, env },
  );
}
