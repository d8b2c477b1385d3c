import { type Capability, missingCapabilities } from '@levitate/kernel';

/** Which kernel `levitate dev` drives, and why. */
export interface KernelChoice {
  readonly kind: 'real' | 'simulated';
  readonly why: string;
}

/** The real kernel where everything is there for it, unless the simulated one was asked for. */
export function chooseKernel(options: {
  readonly isSimulationAsked: boolean;
  readonly capabilities: () => readonly Capability[];
}): KernelChoice {
  if (options.isSimulationAsked) return { kind: 'simulated', why: 'asked for by --simulated' };
  const missing = missingCapabilities(options.capabilities());
  if (missing !== undefined) return { kind: 'simulated', why: `missing: ${missing}` };
  return { kind: 'real', why: 'root on Linux, with namespaces and tbf' };
}
