import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The models that come with the source. */
const shippedModels = fileURLToPath(new URL('../../../models', import.meta.url));

/** The reports of their trainings. */
const shippedReports = fileURLToPath(new URL('../../../docs/models', import.meta.url));

/** Where models are and what computes them. */
export const modelsConfig = z.strictObject({
  folder: z
    .string()
    .min(1)
    .max(4_096)
    .default(shippedModels)
    .describe('Folder with a folder per model; need not exist, baselines serve then.'),
  reports: z
    .string()
    .min(1)
    .max(4_096)
    .default(shippedReports)
    .describe('Folder with <model>/report.md, where a model folder has no report itself.'),
  poll_ms: z
    .int()
    .min(100)
    .max(3_600_000)
    .default(5_000)
    .describe('Time between two looks at the folder; a changed model is loaded without a restart.'),
  backend: z
    .enum(['auto', 'wasm', 'typescript', 'openblas', 'tfjs'])
    .default('auto')
    .describe('What computes networks; auto: the best kernel; tfjs: tfjs-node where it is built.'),
});

/** Bandwidth forecasts per path. */
export const bandwidthConfig = z.strictObject({
  forecast_interval_ms: z
    .int()
    .min(50)
    .max(60_000)
    .default(1_000)
    .describe('Time between two forecasts of a path; all paths are forecast in one pass.'),
  paths_max: z
    .int()
    .min(1)
    .max(10_000)
    .default(1_000)
    .describe('Paths followed at once; samples of further ones are refused and counted.'),
  model_path: z
    .string()
    .max(4_096)
    .default('')
    .describe('One more model: a Keras file (.h5), imported at start, or a model folder.'),
  model_features: z
    .array(z.enum(['bandwidth', 'latency', 'packet_loss', 'time_of_day', 'day_of_week']))
    .max(32)
    .default([])
    .describe('Inputs of the network in the .h5 file, in their order; none: all five.'),
  model_scales: z
    .array(z.number().positive())
    .max(32)
    .default([])
    .describe('What each input is divided by before it goes in; none: 1 each.'),
  model_unit: z
    .number()
    .positive()
    .default(125_000)
    .describe('Bytes/s of one unit of what that network says; the default is 1 Mbit/s.'),
  threads: threadsKey('bandwidth'),
  queue_max: queueKey(),
  cache_max: cacheKey(),
});

/** Liquid inference; the old names in the environment are kept (see the README). */
export const liquidConfig = z.strictObject({
  coherence_threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .describe('Answers less coherent than this are marked so; QUANTUM_COHERENCE_THRESHOLD.'),
  energy_budget_microwatts: z
    .number()
    .min(0.001)
    .max(1e9)
    .default(50)
    .describe('Modelled power of all inference, multiply-accumulates alone; ENERGY_BUDGET_UW.'),
  enable_metrics: z
    .boolean()
    .default(true)
    .describe('Times, cache and coherence of inference on /metrics; ENABLE_METRICS.'),
  threads: threadsKey('liquid'),
  queue_max: queueKey(),
  cache_max: cacheKey(),
});

function threadsKey(capability: string) {
  return z
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe(`Threads that compute ${capability} models, apart from those of any other.`);
}

function queueKey() {
  return z
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .describe('Requests that wait for a thread; further ones are refused.');
}

function cacheKey() {
  return z
    .int()
    .min(1)
    .max(100_000)
    .default(2_000)
    .describe('Answers kept of a model, by window; the one not asked for longest goes first.');
}
