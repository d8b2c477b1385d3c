import { join } from 'node:path';
import { nextFreePort } from '../../free-port.ts';
import type { DevEvent } from '../dev-report.ts';
import { PartFailure } from '../part.ts';
import { missingSystem } from './missing-systems.ts';
import type { ResourcePlanInput } from './resource-plan.ts';
import type { SystemInput } from './run-system.ts';
import { resourcePorts, type ShownResource, shownResources } from './shown-resources.ts';

/** How one of their processes is started. */
export interface ResourcePart {
  readonly name: string;
  readonly args: readonly string[];
  readonly address: string;
  /** Over that of the run. */
  readonly env: Readonly<Record<string, string>>;
  readonly onMessage: (message: unknown) => void;
}

/** @see startResources */
export interface StartResourcesOptions {
  readonly seed: number;
  readonly portShift: number;
  /** Search path of programs. */
  readonly path: string | undefined;
  /** Which other users may go through. */
  readonly folder: string;
  readonly tell: (event: DevEvent) => void;
  /** @returns what it said when it was ready @throws PartFailure */
  readonly startPart: (part: ResourcePart) => Promise<Record<string, unknown>>;
}

/** Their names, which are also those of their processes. */
export const resourceNames: readonly string[] = shownResources.map(({ name }) => name);

/**
 * Starts each kind of resource that this machine has the programs for, and tells of each what it
 * runs on, or why it is left out.
 * @returns what of the plan is known then
 */
export async function startResources(
  options: StartResourcesOptions,
): Promise<Omit<ResourcePlanInput, 'agent'>> {
  const { folder } = options;
  const ports = await choosePorts(options.portShift);
  const started = await Promise.all(
    shownResources.map(async (shown) => ((await startOne(shown, ports, options)) ? [shown] : [])),
  );
  return { shown: started.flat(), folder, ports };
}

async function startOne(
  shown: ShownResource,
  ports: ReadonlyMap<string, number>,
  { seed, path, folder, tell, startPart }: StartResourcesOptions,
): Promise<boolean> {
  const { name } = shown;
  const kind = shown.kind.replace('_', ' ');
  const leaveOut = (why: string): false => {
    tell({ event: 'left-out', kind, resource: name, why });
    return false;
  };
  const missing = missingSystem(name, { path, platform: process.platform });
  if (missing !== undefined) return leaveOut(missing);
  const port = ports.get(name) ?? 0;
  const input: SystemInput = { seed, folder, port };
  const script = join(import.meta.dirname, `${name}-process.ts`);
  try {
    const { system } = await startPart({
      name,
      args: [script, JSON.stringify(input)],
      address: port === 0 ? folder : `127.0.0.1:${port}`,
      env: { TMPDIR: folder },
      onMessage: (message) => tellEnd(name, { message, tell }),
    });
    tell({ event: 'resource', kind, resource: name, system: `${system}`, range: rangeOf(shown) });
    return true;
  } catch (error) {
    if (error instanceof PartFailure) return leaveOut(error.message);
    throw error;
  }
}

async function choosePorts(shift: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (const [name, port] of Object.entries(resourcePorts)) {
    ports.set(name, await nextFreePort(port + shift, new Set(ports.values())));
  }
  return ports;
}

function rangeOf({ min, max, unit: [words, size] }: ShownResource): string {
  return `${min / size} to ${max / size} ${words}`;
}

function tellEnd(
  resource: string,
  { message, tell }: { message: unknown; tell: StartResourcesOptions['tell'] },
): void {
  if (typeof message !== 'object' || message === null || !('ended' in message)) return;
  const { original, size } = message as unknown as { original: number; size?: number };
  tell({ event: 'put-back', resource, original, size });
}
