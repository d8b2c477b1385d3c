import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { predictor } from '@levitate/contracts';
import type { Handlers } from '@levitate/grpc-kit';
import {
  LEARNED_FORECASTER,
  type ModelFile,
  parameterCount,
  type RegistryEntry,
} from '@levitate/models';
import { baselineOf } from '../bandwidth/baselines.ts';
import { unknownModel } from '../errors.ts';
import type { InService } from './in-service.ts';
import type { ModelShelf } from './model-shelf.ts';

/** `levitate.predictor.v1.ModelService`. */
export function modelRpcs(parts: {
  shelf: ModelShelf;
  /** Folder with `<model>/report.md`. */
  reports: string;
  inService: (file: ModelFile) => InService;
}): Handlers<predictor.ModelServiceMethods> {
  const { shelf, reports, inService } = parts;
  const status = (entry: RegistryEntry) => statusOf(entry, { shelf, inService });
  return {
    listModels: () => ({ models: shelf.entries.map(status) }),
    async getModel({ name }) {
      const entry = shelf.registry.get(name);
      if (entry === undefined) {
        const known = shelf.entries.map((one) => one.name);
        throw unknownModel(name, known);
      }
      const manifest = entry.file?.content.manifest;
      return {
        status: status(entry),
        manifest: manifest === undefined ? '' : Buffer.from(manifest).toString('utf8'),
        report: (await reportIn(entry.folder)) || (await reportIn(join(reports, entry.name))),
      };
    },
  };
}

/** The report of its training; empty where there is none or it is too long to show. */
async function reportIn(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'report.md'), 'utf8').catch(() => '');
  return text.length > REPORT_MAX ? '' : text;
}

function statusOf(
  { name, folder, file, refusal }: RegistryEntry,
  parts: { shelf: ModelShelf; inService: (file: ModelFile) => InService },
): predictor.ModelStatusInit {
  const refused = refusal === undefined ? '' : `${refusal.message}; ${refusal.nextStep}`;
  if (file === undefined) return { name, folder, state: 'MODEL_STATE_REFUSED', why: refused };
  const { manifest } = file;
  const service = parts.inService(file);
  return {
    name: manifest.name,
    version: manifest.version,
    capability: manifest.capability,
    family: manifest.family,
    description: manifest.description,
    folder,
    state: refusal === undefined ? stateOf(file, service) : 'MODEL_STATE_REFUSED',
    why: refused !== '' ? refused : service.demoted,
    backend: parts.shelf.provenOf(file)?.backend ?? '',
    classes: classesOf(file),
    online: service.online.map(({ name, recent = null, total = null, ...score }) => ({
      ...{ forecaster: name, ...score, recent, total },
    })),
    drift: service.drift ?? null,
    parameters: parameterCount(manifest.parameters),
  };
}

function stateOf({ manifest }: ModelFile, { demoted }: InService) {
  if (demoted !== '') return 'MODEL_STATE_DEMOTED';
  const classes = Object.values(manifest.classes);
  const hasWon = classes.length === 0 || classes.some(({ winner }) => isOwn(winner, manifest));
  return hasWon ? 'MODEL_STATE_SERVING' : 'MODEL_STATE_STANDBY';
}

/** Whether the winner of a class is the model itself; of a path, whatever is no baseline. */
function isOwn(winner: string, { capability, name }: ModelFile['manifest']): boolean {
  if (capability === 'bandwidth') return baselineOf(winner) === undefined;
  return winner === name || winner === LEARNED_FORECASTER;
}

function classesOf({ manifest }: ModelFile): predictor.ModelClassInit[] {
  return Object.entries(manifest.classes).map(([trafficClass, stated]) => {
    const { winner, chosenBy, validation, test = {} } = stated;
    const forecasters = new Set([...Object.keys(validation), ...Object.keys(test)]);
    const metrics = [...forecasters].flatMap((forecaster) => {
      const names = new Set([
        ...Object.keys(validation[forecaster] ?? {}),
        ...Object.keys(test[forecaster] ?? {}),
      ]);
      return Array.from(names, (metric) => ({
        forecaster,
        metric,
        validation: validation[forecaster]?.[metric] ?? undefined,
        test: test[forecaster]?.[metric] ?? undefined,
      }));
    });
    return { trafficClass, winner, chosenBy, metrics };
  });
}

const REPORT_MAX = 1_000_000;
