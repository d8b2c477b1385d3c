import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { bandwidth } from './bandwidth.ts';
import { benchUsage, parseBenchArguments, UsageError } from './bench-arguments.ts';
import { benchEnvironment } from './bench-environment.ts';
import { burst } from './burst.ts';
import { control } from './control.ts';
import { engines } from './engines.ts';
import { levitation } from './levitation.ts';
import { liquid } from './liquid.ts';
import { overhead } from './overhead.ts';
import { reportOf } from './report.ts';
import { reportTable } from './report-table.ts';
import { telemetry } from './telemetry.ts';

const BENCHES = [bandwidth, burst, control, engines, levitation, liquid, overhead, telemetry];
/** Small traces whose licence lets them travel with the source. */
const SAMPLES = new URL('../data', import.meta.url).pathname;

process.exitCode = await main();

async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interrupted.abort(new Error(`interrupted by ${name}`)));
  }
  try {
    const names = BENCHES.map(({ name }) => name);
    const asked = parseBenchArguments(process.argv.slice(2), { env: process.env, names });
    if (asked === 'help') {
      process.stdout.write(`${benchUsage(BENCHES)}\n`);
      return 0;
    }
    const bench = BENCHES.find(({ name }) => name === asked.name) as (typeof BENCHES)[number];
    const { seed, quick, json } = asked;
    const data = asked.dataDirectory === undefined ? 'samples' : resolve(asked.dataDirectory);
    const dataDirectory = data === 'samples' ? SAMPLES : data;
    if (!existsSync(dataDirectory)) throw new UsageError(`--data: no folder ${data}`);
    const outDir = resolve(asked.outDir);
    mkdirSync(outDir, { recursive: true });
    const environment = benchEnvironment({ seed, quick, data });
    const progress = (line: string) => void process.stderr.write(`${line}\n`);
    const { signal } = interrupted;
    const context = { seed, quick, dataDirectory, outDir, signal, progress };
    const { pictures = [], ...figures } = await bench.run(context);
    const report = reportOf(bench, figures, environment);
    if (!json) process.stdout.write(`${reportTable(bench, report)}\n`);
    for (const path of pictures) progress(`picture ${path}`);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${isUsage ? error.message : ((error as Error).stack ?? error)}\n`);
    return isUsage ? 2 : 1;
  }
}
