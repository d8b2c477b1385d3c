import { Command } from 'commander';
import { eventLine } from '../dev/dev-report.ts';
import { runDev } from '../dev/run-dev.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import type { Surroundings } from '../surroundings.ts';
import { wholeNumber } from '../whole-number.ts';

const portMax = 65_535;
const portDefault = 7410;

/** `levitate dev`: everything on this machine, until Ctrl-C. */
export function devCommand(surroundings: Surroundings): Command {
  const command = new Command('dev')
    .description('everything on this machine: services, traffic and the dashboard, until Ctrl-C')
    .option('--simulated', 'the simulated kernel, even as root', false)
    .option(
      '--resources',
      'beside the lanes a thread pool, a JVM, PgBouncer and HAProxy, ruled under load',
      false,
    )
    .option('--seed <number>', 'of the traffic; equal seeds give equal packets', '1')
    .option('--port <number>', 'of the dashboard; the services take the ones after it', '7410')
    .option('-v, --verbose', 'every log line of every service', false)
    .addHelpText('before', 'Example:\n  levitate dev --resources\n');
  return withOutput(command).action(
    async (options: {
      simulated: boolean;
      resources: boolean;
      seed: string;
      port: string;
      verbose: boolean;
      output: OutputFormat;
    }) => {
      const seed = wholeNumber(options.seed, { name: '--seed', max: Number.MAX_SAFE_INTEGER });
      const port = wholeNumber(options.port, { name: '--port', max: portMax });
      await runDev(
        {
          simulated: options.simulated,
          resources: options.resources,
          seed,
          portShift: port - portDefault,
          onLine: options.verbose
            ? (part, line) => surroundings.complain(`${part.padEnd(15)}${line}`)
            : undefined,
          tell: (event) => {
            const line = eventLine(event, options.output);
            if (line !== undefined) surroundings.print(line);
          },
        },
        surroundings,
      );
    },
  );
}
