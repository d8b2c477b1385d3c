import { contracts } from '@levitate/contracts';
import type { FeatureWindows } from '@levitate/feature-windows';
import { type ServedService, serve } from '@levitate/grpc-kit';
import type { Capability, ModelFile } from '@levitate/models';
import type { PathSample } from '@levitate/series';
import type { ServiceContext } from '@levitate/service-kit';
import { Gauge, Registry } from 'prom-client';
import { type RunningBandwidth, startBandwidth } from './bandwidth/start-bandwidth.ts';
import { burstInService, type LinkRecords } from './burst-in-service.ts';
import type { BurstModels } from './burst-models.ts';
import type { PredictorConfig } from './config.ts';
import { startLiquid } from './liquid/start-liquid.ts';
import type { InService } from './models/in-service.ts';
import { inferenceMetrics } from './models/inference-metrics.ts';
import { ModelPool } from './models/model-pool.ts';
import { modelRpcs } from './models/model-rpcs.ts';
import { ModelShelf, type Prover } from './models/model-shelf.ts';
import { openNamedModel } from './models/named-model.ts';

/** @see startCapabilities */
export interface CapabilityParts
  extends Pick<ServiceContext<PredictorConfig>, 'config' | 'clock' | 'logger' | 'registry'> {
  readonly burstModels: BurstModels;
  /** Every link that is forecast, with the record of each forecaster. */
  readonly links: () => readonly LinkRecords[];
  /** Windows of paths, for the bandwidth capability; owned here. */
  readonly paths: FeatureWindows<PathSample> | undefined;
  /** Module of the pools' threads that builds models; for tests. */
  readonly openers?: URL | undefined;
  readonly signal: AbortSignal;
}

/** What the capabilities serve beside burst forecasts. */
export interface RunningCapabilities {
  readonly services: readonly ServedService[];
  readonly shelf: ModelShelf;
  readonly bandwidth: RunningBandwidth | undefined;
  /** After the signal was aborted. */
  close(): Promise<void>;
}

/** Loads the models, starts a pool of threads for each capability, and serves them. */
export async function startCapabilities(parts: CapabilityParts): Promise<RunningCapabilities> {
  const { config, clock, logger, registry, signal, burstModels, paths } = parts;
  const { capabilities } = config;
  const pools = poolsOf(config, parts.openers);
  const metrics = inferenceMetrics({
    registry: config.liquid.enable_metrics ? registry : new Registry(),
    waiting: () => Array.from(pools, ([capability, pool]) => [capability, pool.waiting]),
  });
  const isBandwidthServed = capabilities.includes('bandwidth') && paths !== undefined;
  const named = isBandwidthServed ? await openNamedModel(config.bandwidth, logger) : undefined;
  const shelf = new ModelShelf({
    folder: config.models.folder,
    named: named?.folder,
    pollMs: config.models.poll_ms,
    capabilities,
    provers: proversOf({ pools, burstModels, capabilities, signal }),
    clock,
    logger,
    signal,
    onChange: () => burstModels.serve(shelf.serving('burst')),
  });
  await shelf.start();
  const services: ServedService[] = [];
  const pool = (capability: Capability) => pools.get(capability) as ModelPool;
  const liquid = capabilities.includes('liquid')
    ? startLiquid(config, { shelf, clock, metrics, pool: pool('liquid') })
    : undefined;
  let bandwidth: RunningBandwidth | undefined;
  if (isBandwidthServed) {
    const models = () => shelf.serving('bandwidth');
    const own = { metrics, pool: pool('bandwidth'), models, paths, liquid: liquid?.racer };
    bandwidth = startBandwidth({ ...parts, ...own });
    services.push(bandwidth.service);
  }
  if (liquid !== undefined) services.push(liquid.service);
  const inService = (file: ModelFile) => inServiceOf(file, { ...parts, bandwidth });
  services.push(
    serve(contracts.models, modelRpcs({ shelf, inService, reports: config.models.reports })),
  );
  new Gauge({
    name: 'predictor_models',
    help: 'Models that are loaded, and folders that were refused.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { entries } = shelf.registry;
      this.set({ state: 'loaded' }, entries.filter(({ file }) => file !== undefined).length);
      this.set({ state: 'refused' }, entries.filter(({ refusal }) => refusal !== undefined).length);
    },
  });
  return {
    services,
    shelf,
    bandwidth,
    async close() {
      await named?.[Symbol.asyncDispose]();
      await bandwidth?.close();
      await Promise.all(Array.from(pools.values(), (each) => each.close()));
    },
  };
}

function poolsOf(config: PredictorConfig, openers: URL | undefined): Map<Capability, ModelPool> {
  const pools = new Map<Capability, ModelPool>();
  for (const capability of ['bandwidth', 'liquid'] as const) {
    if (!config.capabilities.includes(capability)) continue;
    const { threads, queue_max: queueMax } = config[capability];
    const kernel = config.models.backend;
    pools.set(capability, new ModelPool({ capability, threads, queueMax, kernel, openers }));
  }
  return pools;
}

function proversOf(parts: {
  pools: ReadonlyMap<Capability, ModelPool>;
  burstModels: BurstModels;
  capabilities: readonly Capability[];
  signal: AbortSignal;
}): Map<Capability, Prover> {
  const { pools, burstModels, capabilities, signal } = parts;
  const call = { signal, deadlineUnixMs: Number.POSITIVE_INFINITY };
  const provers = new Map<Capability, Prover>();
  for (const [capability, pool] of pools) {
    provers.set(capability, ({ content }) => pool.ask(content, { kind: 'prove' }, call));
  }
  if (capabilities.includes('burst')) {
    provers.set('burst', async (file) => ({ backend: await burstModels.prove(file) }));
  }
  return provers;
}

/** What the races of the links and of the paths say of a model. */
function inServiceOf(
  file: ModelFile,
  parts: Pick<CapabilityParts, 'burstModels' | 'links'> & {
    bandwidth: RunningBandwidth | undefined;
  },
): InService {
  const { burstModels, links, bandwidth } = parts;
  const forecaster = burstModels.forecasterOf(file);
  if (forecaster !== undefined) return burstInService(forecaster, links());
  const { capability } = file.manifest;
  if (capability === 'burst' || bandwidth === undefined) return { online: [], demoted: '' };
  return bandwidth.book.inService(file.id);
}
