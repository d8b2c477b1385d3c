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
  /** Told what became of each when all are started, and of its size when it ends. */
  readonly tell: (event: DevEvent) => void;
  /** @returns what it said when it was ready @throws PartFailure */
  readonly startPart: (part: ResourcePart) => Promise<Record<string, unknown>>;
}

/** What runs then. */
export interface StartedResources extends Omit<ResourcePlanInput, 'agent'> {
  readonly events: readonly DevEvent[];
}

/** Their names, which are also those of their processes. */
export const resourceNames: readonly string[] = shownResources.map(({ name }) => name);

/**
 * Starts each kind of resource that this machine has the programs for. One that does not start is
 * left out, and the others run.
 * @returns what of the plan is known then, and what there is to tell of each
 */
export async function startResources(options: StartResourcesOptions): Promise<StartedResources> {
  const { folder } = options;
  const ports = await choosePorts(options.portShift);
  const started = await Promise.all(
    shownResources.map(async (shown) => ({ shown, ...(await startOne(shown, ports, options)) })),
  );
  const shown = started.filter(({ isRunning }) => isRunning).map((each) => each.shown);
  return { shown, folder, ports, events: started.map(({ event }) => event) };
}

async function startOne(
  shown: ShownResource,
  ports: ReadonlyMap<string, number>,
  { seed, path, folder, tell, startPart }: StartResourcesOptions,
): Promise<{ isRunning: boolean; event: DevEvent }> {
  const { name: resource } = shown;
  const kind = shown.kind.replace('_', ' ');
  const leftOut = (why: string) => {
    const event: DevEvent = { event: 'left-out', kind, resource, why };
    return { isRunning: false, event };
  };
  const missing = missingSystem(resource, { path, platform: process.platform });
  if (missing !== undefined) return leftOut(missing);
  const port = ports.get(resource);
  const input: SystemInput = { seed, folder, port: port ?? 0 };
  const script = join(import.meta.dirname, `${resource}-process.ts`);
  try {
    const { system } = await startPart({
      name: resource,
      args: [script, JSON.stringify(input)],
      address: port === undefined ? '' : `127.0.0.1:${port}`,
      env: { TMPDIR: folder },
      onMessage: (message) => tellEnd(resource, { message, tell }),
    });
    const range = rangeOf(shown);
    const event: DevEvent = { event: 'resource', kind, resource, range, system: `${system}` };
    return { isRunning: true, event };
  } catch (error) {
    if (error instanceof PartFailure) return leftOut(whyOf(error));
    throw error;
  }
}

/** Of all that a process wrote, its error: the whole is shown by --verbose. */
function whyOf({ message }: PartFailure): string {
  const [first = '', ...lines] = message.split('\n');
  const error = lines.find((line) => /^\w*Error: /.test(line));
  return error === undefined ? message : first.replace('it wrote:', error);
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
