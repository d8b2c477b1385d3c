import { workerData } from 'node:worker_threads';
import { ModelError, type ModelFile, openModelContent } from '@levitate/models';
import { type NeuralEngine, openNeuralEngine } from '@levitate/neural';
import type { LiquidFacts, ModelAnswer, ModelWork } from './model-work.ts';
import type { OpenedModel } from './open-model.ts';

/** What the pool starts a thread with: the module that exports `openModel`. */
export interface ThreadData {
  readonly openers: string;
}

const opened = new Map<string, Promise<OpenedModel>>();
let engine: Promise<NeuralEngine> | undefined;

/** Runs in a thread of a pool: opens a model once, then answers from it. */
export default async function work(task: ModelWork): Promise<ModelAnswer> {
  if (Date.now() > task.deadlineUnixMs) return { kind: 'late' };
  try {
    const model = modelOf(task);
    return model === undefined ? { kind: 'unknown' } : answer(task, await model);
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'unreadable', message: error.message };
    if (!(error instanceof ModelError)) throw error;
    const { code, message, nextStep } = error;
    return { kind: 'refused', code, message, nextStep };
  }
}

/** @returns undefined where it was not opened before and its bytes did not come */
function modelOf({ model, kernel: backend }: ModelWork): Promise<OpenedModel> | undefined {
  const key = `${model.folder} ${model.fingerprint}`;
  const known = opened.get(key);
  if (known !== undefined || !('weights' in model)) return known;
  // A newer state of a folder replaces the older one.
  for (const other of opened.keys()) {
    if (other.startsWith(`${model.folder} `)) opened.delete(other);
  }
  if (opened.size >= OPENED_MAX) opened.delete(opened.keys().next().value ?? '');
  engine ??= openNeuralEngine(backend);
  const opening = open(openModelContent(model), engine);
  opened.set(key, opening);
  opening.catch(() => opened.delete(key));
  return opening;
}

async function open(file: ModelFile, engine: Promise<NeuralEngine>): Promise<OpenedModel> {
  const data = threadData();
  const { openModel } = (await import(data.openers)) as typeof import('./open-model.ts');
  return await openModel(file, await engine);
}

function threadData(): ThreadData {
  // Piscina puts its own beside what it was given.
  const data = Array.isArray(workerData) ? workerData.at(-1) : workerData;
  return data as ThreadData;
}

function answer(task: ModelWork, opened: OpenedModel): ModelAnswer {
  if (task.kind === 'prove') {
    opened.prove();
    return { kind: 'proven', backend: opened.model.backend, liquid: factsOf(opened) };
  }
  if (task.kind !== opened.capability) {
    throw new ModelError({
      code: 'features',
      message: `${opened.model.id} is a ${opened.capability} model, not one of ${task.kind}`,
      nextStep: 'ask a model of that capability',
    });
  }
  if (task.kind === 'bandwidth' && opened.capability === 'bandwidth') {
    const forecasts = opened.model.forecast(task.windows);
    return { kind: 'bandwidth', backend: opened.model.backend, forecasts };
  }
  if (task.kind !== 'liquid' || opened.capability !== 'liquid') throw new TypeError('no such work');
  const { model } = opened;
  const members = task.members === 0 ? model.members : Math.min(task.members, model.members);
  const outputs = model.infer(task.windows, members);
  return { kind: 'liquid', backend: model.backend, members, outputs };
}

function factsOf(opened: OpenedModel): LiquidFacts | undefined {
  if (opened.capability !== 'liquid') return undefined;
  const { backend, members, macsOfStep, targetVariance } = opened.model;
  return { backend, members, macsOfStep, targetVariance };
}

const OPENED_MAX = 16;
