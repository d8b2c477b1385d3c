import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseTrace, pathTrace } from '@levitate/traffic';
import { type BandwidthSetName, bandwidthSets } from './bandwidth-sets.ts';
import { type BandwidthTrace, pathSeries } from './bandwidth-trace.ts';

/**
 * The traces of some sets, file by file in the order of their names, seconds that repeat averaged.
 * @param options.dataDirectory with `traces/KIND/FILE.csv` or `.csv.gz`
 * @param options.sets default: all
 * @param options.filesMax of each set, evenly spread over it; default: all
 * @returns empty for a set whose folder is not there
 * @throws TraceError where a file is not of its kind
 */
export function readBandwidthTraces(options: {
  dataDirectory: string;
  sets?: readonly BandwidthSetName[];
  filesMax?: number;
}): BandwidthTrace[] {
  const { dataDirectory, sets, filesMax = Number.POSITIVE_INFINITY } = options;
  return bandwidthSets
    .filter(({ name }) => sets?.includes(name) ?? true)
    .flatMap(({ name: set, kind }) => {
      const folder = join(dataDirectory, 'traces', kind);
      const files = existsSync(folder) ? readdirSync(folder).filter(isTrace).toSorted() : [];
      return spread(files, filesMax).map((file): BandwidthTrace => {
        const bytes = readFileSync(join(folder, file));
        const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const series = pathSeries(pathTrace({ kind, rows: parseTrace({ kind, text }) }));
        return { set, file, sha256, series };
      });
    });
}

function isTrace(file: string): boolean {
  return /\.csv(\.gz)?$/.test(file);
}

function spread<T>(items: readonly T[], most: number): T[] {
  const stride = Math.max(1, items.length / most);
  return items.filter(
    (_, index) => Math.floor(index / stride) !== Math.floor((index - 1) / stride),
  );
}
