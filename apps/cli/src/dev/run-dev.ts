import { join } from 'node:path';
import { probeCapabilities } from '@levitate/kernel';
import { removeStaleLabs } from '@levitate/kernel-lab';
import { CommandError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { type ServiceName, serviceNames } from '../services.ts';
import type { Surroundings } from '../surroundings.ts';
import { chooseAddresses } from './addresses.ts';
import { laneNames } from './demonstration.ts';
import type { DevEvent } from './dev-report.ts';
import { chooseKernel, type KernelChoice } from './kernel-choice.ts';
import { Part, PartFailure, type PartSpec } from './part.ts';
import { resourcePlan } from './resources/resource-plan.ts';
import { type ResourcePart, resourceNames, startResources } from './resources/start-resources.ts';
import { RunFolder, removeStaleRuns } from './run-folder.ts';
import { type LabLink, servicePlan } from './service-plan.ts';

/** Of `levitate dev`. */
export interface DevOptions {
  readonly simulated: boolean;
  /** Whether the other kinds of resources are shown beside the lanes. */
  readonly resources: boolean;
  readonly seed: number;
  /** Added to every default port. */
  readonly portShift: number;
  /** Takes each line that a part writes. */
  readonly onLine?: ((part: string, line: string) => void) | undefined;
  readonly tell: (event: DevEvent) => void;
}

/** Who stops when: the controller first, so that it puts the originals back while all still run. */
const stopOrder = [
  ...['fsu-controller', 'dashboard', 'predictor', 'telemetry', 'ebpf-agent'].map((one) => [one]),
  [...resourceNames, 'kernel-lab'],
];

/**
 * Runs every service, and traffic for them, until `surroundings.signal` aborts; then stops
 * everything in order and removes what was made.
 *
 * @throws CommandError when a part does not start; the others are stopped then
 */
export async function runDev(options: DevOptions, surroundings: Surroundings): Promise<void> {
  const { tell } = options;
  await cleanUp(options, surroundings);
  const isSimulationAsked = options.simulated;
  const kernel = chooseKernel({ isSimulationAsked, capabilities: probeCapabilities });
  tell({ event: 'kernel', ...kernel });
  const folder = await createFolder(surroundings);
  const run = new DevRun(options, surroundings, folder);
  try {
    const starting = run.start(kernel);
    // Told to stop meanwhile: what is not up yet fails to start, and nobody needs to hear it.
    starting.catch(() => undefined);
    await Promise.race([starting, aborted(surroundings.signal)]);
    await aborted(surroundings.signal);
    tell({ event: 'stopping', why: String(surroundings.signal.reason) });
  } catch (error) {
    if (!(error instanceof PartFailure)) throw error;
    const next = 'levitate check says what this machine lacks; --verbose shows every log line';
    throw new CommandError({ exitCode: exitCodes.failed, what: error.message, next, cause: error });
  } finally {
    await run.stop();
    await folder.remove();
  }
  tell({ event: 'over' });
}

/** What of a part is not the same for all. */
type StartedPart = Pick<ResourcePart, 'name' | 'args' | 'address'> & Partial<ResourcePart>;

/** The processes of one run. */
class DevRun {
  readonly #options: DevOptions;
  readonly #surroundings: Surroundings;
  readonly #folder: RunFolder;
  readonly #parts = new Map<string, Part>();
  #isStopping = false;

  constructor(options: DevOptions, surroundings: Surroundings, folder: RunFolder) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#folder = folder;
  }

  async start(kernel: KernelChoice): Promise<void> {
    const { tell, seed, portShift } = this.#options;
    const [links, started] = await Promise.all([
      kernel.kind === 'real' ? this.#startLab() : undefined,
      this.#options.resources ? this.#startResources() : undefined,
    ]);
    const { addresses, ops, moved } = await chooseAddresses(portShift);
    for (const each of moved) tell({ event: 'port', ...each });
    const resources = started && resourcePlan({ ...started, agent: addresses['ebpf-agent'] });
    const stateFolder = (service: ServiceName) => this.#folder.stateOf(service);
    const plan = servicePlan({ addresses, ops, links, seed, resources, stateFolder });
    await this.#folder.publish(addresses);
    await Promise.all(
      serviceNames.map(async (service) => {
        const file = await this.#folder.write(`${service}.json`, plan[service]);
        const main = join(this.#surroundings.root, 'apps', service, 'src', 'main.ts');
        const args = [main, '--config', file];
        await this.#startPart({ name: service, args, address: addresses[service] });
      }),
    );
    tell({ event: 'plaintext' });
    if (started !== undefined) for (const each of [lanes(kernel), ...started.events]) tell(each);
    const url = `http://${addresses.dashboard}`;
    tell({ event: 'dashboard', url });
    if (resources !== undefined) tell({ event: 'resources', url: `${url}/resources` });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const names of stopOrder) await Promise.all(names.map((name) => this.#stopPart(name)));
  }

  async #stopPart(name: string): Promise<void> {
    const part = this.#parts.get(name);
    if (part === undefined) return;
    const endedByItself = await part.stop();
    this.#options.tell({ event: 'stopped', service: name, killed: !endedByItself });
  }

  async #startResources() {
    const { seed, portShift, tell } = this.#options;
    return startResources({
      ...{ seed, portShift, tell },
      path: this.#surroundings.env.PATH,
      folder: await this.#folder.openFolder(),
      startPart: (part) => this.#startPart(part),
    });
  }

  async #startLab(): Promise<readonly LabLink[]> {
    const script = join(import.meta.dirname, 'lab-process.ts');
    const id = `dev-${process.pid}`;
    const args = [script, id, String(this.#options.seed)];
    const address = `lev-${id}-router`;
    const message = await this.#startPart({ name: 'kernel-lab', args, address });
    return message.links as LabLink[];
  }

  async #startPart({
    name,
    args,
    address,
    env,
    onMessage,
  }: StartedPart): Promise<Record<string, unknown>> {
    const { tell, onLine } = this.#options;
    if (this.#isStopping) throw new PartFailure(name, 'everything is being stopped', []);
    const ready: PartSpec['onReady'] = (part, afterMs) =>
      tell({
        event: 'ready',
        service: name,
        address,
        pid: part.pid ?? 0,
        seconds: afterMs / 1000,
      });
    const part = new Part({
      name,
      args,
      env: { ...this.#surroundings.env, ...env },
      onLine: onLine && ((line) => onLine(name, line)),
      onMessage,
      onReady: ready,
      onDeath: (_, death) => tell({ event: 'died', service: name, ...death }),
    });
    this.#parts.set(name, part);
    const startedMs = performance.now();
    const message = await part.start();
    ready(part, performance.now() - startedMs);
    return message;
  }
}

/** The resources that are there in every run. */
function lanes({ kind }: KernelChoice): DevEvent {
  const system = kind === 'real' ? 'queues of the kernel (tbf)' : 'queues of the simulated kernel';
  const resource = laneNames.join(', ');
  return { event: 'resource', kind: 'buffer', resource, range: '512 KiB to 16 MiB', system };
}

async function createFolder({ env }: Surroundings): Promise<RunFolder> {
  try {
    return await RunFolder.create(env);
  } catch (cause) {
    throw new CommandError({
      exitCode: exitCodes.failed,
      what: `no folder for this run: ${cause instanceof Error ? cause.message : cause}`,
      next: 'let XDG_RUNTIME_DIR name a folder that this user may write',
      cause,
    });
  }
}

/** What killed runs left: their folders, and (as root) the namespaces of their labs. */
async function cleanUp(options: DevOptions, { env }: Surroundings): Promise<void> {
  const runs = await removeStaleRuns(env);
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const labs = isRoot ? await removeStaleLabs() : [];
  if (runs > 0 || labs.length > 0) options.tell({ event: 'cleaned', runs, labs });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
