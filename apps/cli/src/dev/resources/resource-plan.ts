import { join } from 'node:path';
import { jvmHeap, loadBalancer, type ShownResource } from './shown-resources.ts';

/** @see resourcePlan */
export interface ResourcePlanInput {
  /** Those that run. */
  readonly shown: readonly ShownResource[];
  /** Of the run; as in the input of their processes. */
  readonly folder: string;
  readonly ports: ReadonlyMap<string, number>;
  /** Where the agent of this host listens. */
  readonly agent: string;
}

/** What the configurations of the services say of the resources. */
export interface ResourcePlan {
  /** Keys of the controller's `targets`. */
  readonly targets: readonly Record<string, unknown>[];
  /** Key `resources` of the agent. */
  readonly ofAgent: readonly Record<string, unknown>[];
}

/** A peak is held that long: sizes are to fall, too, while a newcomer looks on. */
const holdMs = 10_000;

/** Targets for the controller and, for what it serves itself, resources for the agent. Pure. */
export function resourcePlan(input: ResourcePlanInput): ResourcePlan {
  const { shown, folder } = input;
  const { name, min: min_bytes, max: max_bytes } = jvmHeap;
  const heap = { name, kind: 'jvm', main_class: jvmHeapCommand(folder), min_bytes, max_bytes };
  return {
    targets: shown.map((each) => ({
      name: each.name,
      resource: each.kind,
      source: sourceOf(each.name, input),
      mode: 'enforce',
      min: each.min,
      max: each.max,
      hold_ms: holdMs,
    })),
    ofAgent: shown.includes(jvmHeap) ? [heap] : [],
  };
}

/** Where HAProxy has its sockets. */
export function haproxyFolder(folder: string): string {
  return join(folder, 'haproxy');
}

/** By which the JVM of a run is told from others: its main class, and the folder of the run. */
export function jvmHeapCommand(folder: string): string {
  return `HeapLoad ${folder}`;
}

function sourceOf(name: string, { folder, ports, agent }: ResourcePlanInput): string {
  switch (name) {
    case 'jvm-heap':
      return `agent://${agent}/${name}`;
    case 'pgbouncer':
      return `pgbouncer://postgres@127.0.0.1:${ports.get(name)}/app`;
    case 'haproxy': {
      const { serverRequestsPerSecond, serverWeight } = loadBalancer;
      const socket = join(haproxyFolder(folder), 'api.sock');
      const query = `backend=lab&per_weight=${serverRequestsPerSecond / serverWeight}`;
      return `haproxy://${socket}?${query}`;
    }
    default:
      return `resource://127.0.0.1:${ports.get(name)}/${name}`;
  }
}
