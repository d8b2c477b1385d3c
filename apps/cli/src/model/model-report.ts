import { join } from 'node:path';
import type { Manifest, ModelFile } from '@levitate/models';
import { type Cell, renderTable } from '../table.ts';

/** One model folder, or why it is refused. */
export interface ModelReport {
  readonly name: string;
  readonly folder: string;
  readonly state: 'sound' | 'refused';
  /** What is wrong and what to do; empty for a sound one. */
  readonly why: string;
  readonly manifest?: Manifest;
}

/**
 * Reads every model below a folder, or the named ones, as a service would: files, hashes, shapes,
 * and the network built out of them.
 */
export async function modelReports(
  folder: string,
  names: readonly string[],
): Promise<ModelReport[]> {
  const { modelNames } = await import('@levitate/models');
  const wanted = names.length === 0 ? await modelNames(folder) : names;
  return await Promise.all(wanted.map((name) => reportOf(name, join(folder, name))));
}

async function reportOf(name: string, folder: string): Promise<ModelReport> {
  const { loadModelFile, ModelError } = await import('@levitate/models');
  try {
    const file = await loadModelFile(folder);
    await build(file);
    return { name, folder, state: 'sound', why: '', manifest: file.manifest };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const why = `${error.message}; ${error.nextStep}`;
    return { name, folder, state: 'refused', why };
  }
}

/** The networks out of the file: a liquid ensemble, the members of a forecast, or layers. */
async function build(file: ModelFile): Promise<void> {
  const [models, { openKernel }] = await Promise.all([
    import('@levitate/models'),
    import('@levitate/neural'),
  ]);
  const { capability } = file.manifest;
  if (capability === 'liquid') {
    await models.openLiquidModel(file);
    return;
  }
  const kernel = await openKernel('typescript');
  if (capability === 'bandwidth') models.bandwidthMembers(file, kernel);
  else if (models.isRequestOnsets(file)) models.openRequestOnsets(file, kernel);
  else models.buildNetwork(file, kernel);
}

/** A table of models, and below it what is wrong with the refused ones. */
export function modelLines(reports: readonly ModelReport[]): string {
  const heads = ['NAME', 'VERSION', 'CAPABILITY', 'FAMILY', 'WEIGHTS', 'WINS', 'STATE'];
  const table = renderTable(heads, reports.map(row));
  const wrong = reports.flatMap(({ name, why }) => (why === '' ? [] : [`${name}: ${why}`]));
  return wrong.length === 0 ? table : [table, '', ...wrong].join('\n');
}

function row({ name, state, manifest }: ModelReport): Cell[] {
  if (manifest === undefined) {
    return [name, undefined, undefined, undefined, undefined, undefined, state];
  }
  const { version, capability, family, parameters } = manifest;
  const weights = parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((one, other) => one * other, 1),
    0,
  );
  return [name, version, capability, family, weights, winsOf(manifest), state];
}

/** Classes of traffic that the learned model won, of all. */
function winsOf({ name, family, classes }: Manifest): string {
  const all = Object.values(classes);
  const ours = [name, family, 'learned'];
  const won = all.filter(({ winner }) => ours.includes(winner.toLowerCase()));
  return `${won.length} of ${all.length}`;
}

/** Everything a manifest says that a person asks for. */
export function manifestLines(manifest: Manifest): string {
  const { origin, data, training, calibration, inputs, outputs } = manifest;
  const from =
    origin.kind === 'trained' ? origin.command : `imported from ${origin.file} (${origin.from})`;
  const facts: [string, string][] = [
    ['model', `${manifest.name}@${manifest.version}, ${manifest.capability}, ${manifest.family}`],
    ['about', manifest.description],
    ['origin', from],
    ['inputs', `${inputs.steps} steps of ${inputs.stepMs} ms, ${inputs.features.length} features`],
    ['outputs', `${outputs.steps} steps of ${outputs.stepMs} ms`],
    ['split', manifest.split],
    ['data', data.map(({ path, licence }) => `${path} (${licence})`).join('; ') || 'none named'],
  ];
  if (training !== undefined) {
    const { seed, kernel, workers, bestEpoch, epochs } = training;
    const how = `seed ${seed}, kernel ${kernel}, ${workers} workers, epoch ${bestEpoch}/${epochs}`;
    facts.push(['training', how]);
  }
  const { claim, expectedCalibrationError: ece } = calibration;
  if (ece !== undefined) facts.push(['calibration', `expected calibration error ${shown(ece)}`]);
  if (claim !== undefined) {
    const { level, hits, episodes, lowerBound, verdict } = claim;
    const bound = `${hits} of ${episodes}, 95 % lower bound ${shown(lowerBound)}`;
    facts.push(['claim', `confidence ${level}: ${verdict} (${bound})`]);
  }
  const width = Math.max(...facts.map(([head]) => head.length));
  const lines = facts.map(([head, text]) => `${head.padEnd(width)}  ${text}`);
  return [...lines, '', classTable(manifest)].join('\n').trimEnd();
}

/** Classes with the model and its baselines beside each other, by the metric that chose. */
function classTable({ classes }: Manifest): string {
  const rows = Object.entries(classes).flatMap(([name, { winner, chosenBy, validation, test }]) =>
    Object.keys(validation).map((forecaster): Cell[] => [
      name,
      forecaster,
      chosenBy,
      text(chosen(validation[forecaster], chosenBy)),
      text(chosen(test?.[forecaster], chosenBy)),
      forecaster === winner ? 'serves' : undefined,
    ]),
  );
  if (rows.length === 0) return '';
  return renderTable(['CLASS', 'FORECASTER', 'BY', 'VALIDATION', 'TEST', 'WINNER'], rows);
}

/** The metric that chose; some manifests say more than its name: `accuracy (1 - WAPE ...)`. */
function chosen(metrics: Readonly<Record<string, number | null>> = {}, chosenBy: string) {
  const isIt = (metric: string) => chosenBy === metric || chosenBy.startsWith(`${metric} `);
  return Object.entries(metrics).find(([metric]) => isIt(metric))?.[1];
}

function text(value: number | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : shown(value);
}

function shown(value: number): string {
  return Number(value.toPrecision(4)).toString();
}
