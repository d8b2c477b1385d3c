import { contracts } from '@levitate/contracts';

/** Every service of this release: its default port in the preset `local`, and its contract. */
export const services = {
  'ebpf-agent': { port: 7414, fullName: contracts.ebpfAgent.fullName },
  telemetry: { port: 7411, fullName: contracts.telemetry.fullName },
  predictor: { port: 7412, fullName: contracts.predictor.fullName },
  'fsu-controller': { port: 7413, fullName: contracts.fsuController.fullName },
  dashboard: { port: 7410, fullName: undefined },
} as const;

/** The name of a service is also its folder below `apps/`. */
export type ServiceName = keyof typeof services;

/** In the order in which they are started. */
export const serviceNames = Object.keys(services) as ServiceName[];

/** @returns whether there is a service of that name. */
export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(services, name);
}

/** Where each service is reached; the dashboard by HTTP, the others by gRPC. */
export type ServiceAddresses = Record<ServiceName, string>;
