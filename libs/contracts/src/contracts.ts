import { ebpfAgentValidators } from './ebpf-agent.ts';
import { fsuControllerValidators } from './fsu-controller.ts';
import type * as ebpfAgent from './generated/ebpf_agent.v1.ts';
import type * as fsuController from './generated/fsu_controller.v1.ts';
import type * as managedResource from './generated/managed_resource.v1.ts';
import type * as predictor from './generated/predictor.v1.ts';
import type * as telemetry from './generated/telemetry.v1.ts';
import { loadDefinitions, messageOf, serviceOf } from './load-definitions.ts';
import { managedResourceValidators } from './managed-resource.ts';
import type { MessageCodec } from './message-codec.ts';
import {
  bandwidthValidators,
  liquidValidators,
  modelValidators,
  predictorValidators,
} from './predictor.ts';
import type { MethodMap, ServiceContract } from './service-contract.ts';
import { telemetryValidators } from './telemetry.ts';

const definitions = loadDefinitions();

/** The contract of every service, loaded once. */
export const contracts = {
  telemetry: contractOf<telemetry.TelemetryServiceMethods>({
    fullName: 'levitate.telemetry.v1.TelemetryService',
    validate: telemetryValidators,
    // A pushed sample is known by link, time and sequence, so a repeated push counts duplicates.
    idempotent: [
      ...(['pushSamples', 'getWindow', 'listLinks'] as const),
      ...(['pushPathSamples', 'getPathWindow', 'listPaths'] as const),
    ],
  }),
  predictor: contractOf<predictor.PredictorServiceMethods>({
    fullName: 'levitate.predictor.v1.PredictorService',
    validate: predictorValidators,
    idempotent: ['getForecast', 'forecastWindow', 'listForecasters'],
  }),
  bandwidth: contractOf<predictor.BandwidthServiceMethods>({
    fullName: 'levitate.predictor.v1.BandwidthService',
    validate: bandwidthValidators,
    idempotent: ['getBandwidth', 'forecastBandwidth'],
  }),
  liquid: contractOf<predictor.LiquidServiceMethods>({
    fullName: 'levitate.predictor.v1.LiquidService',
    validate: liquidValidators,
    idempotent: ['inferLiquid'],
  }),
  models: contractOf<predictor.ModelServiceMethods>({
    fullName: 'levitate.predictor.v1.ModelService',
    validate: modelValidators,
    idempotent: ['listModels', 'getModel'],
  }),
  fsuController: contractOf<fsuController.FsuControllerServiceMethods>({
    fullName: 'levitate.fsu_controller.v1.FsuControllerService',
    validate: fsuControllerValidators,
    // A repeated pause would move its end; rollback and resume act on what stands by then.
    idempotent: ['listTargets', 'listDecisions', 'explainDecision', 'setMode'],
  }),
  ebpfAgent: contractOf<ebpfAgent.EbpfAgentServiceMethods>({
    fullName: 'levitate.ebpf_agent.v1.EbpfAgentService',
    validate: ebpfAgentValidators,
    // Leases and limits carry a fencing token but act on the present: the holder decides anew.
    idempotent: ['listLinks', 'getCapabilities', 'listPrograms'],
  }),
  managedResource: contractOf<managedResource.ManagedResourceServiceMethods>({
    fullName: 'levitate.managed_resource.v1.ManagedResourceService',
    validate: managedResourceValidators,
    // A repeated measurement would not have the peaks of the first one, whose answer was lost.
    idempotent: ['listResources'],
  }),
};

/** Messages that services leave for one another outside an RPC. */
export const messages: {
  /** `levitate.telemetry.v1.Sample`, as it stands in a Redis stream. */
  readonly sample: MessageCodec<telemetry.SampleInit, telemetry.Sample>;
  /** `levitate.telemetry.v1.PathSample`, likewise. */
  readonly pathSample: MessageCodec<telemetry.PathSampleInit, telemetry.PathSample>;
} = {
  sample: messageOf(definitions, 'levitate.telemetry.v1.Sample'),
  pathSample: messageOf(definitions, 'levitate.telemetry.v1.PathSample'),
};

function contractOf<Methods extends MethodMap>(
  parts: Omit<ServiceContract<Methods>, 'definition'>,
): ServiceContract<Methods> {
  return Object.freeze({ ...parts, definition: serviceOf(definitions, parts.fullName) });
}
