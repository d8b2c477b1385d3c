import type { LabLink } from '@levitate/kernel-lab';
import { freePorts, ServiceProcess } from '../service-process.ts';
import { BUDGET_MS, type LaneRule } from './kernel-lanes-cells.ts';

/** One lane that the services measure and drive. */
export interface DrivenLane {
  link: LabLink;
  rule: LaneRule;
  /** Whether an XDP program watches what comes in; without it a lane is cheaper to send to. */
  xdp?: boolean;
}

/** The four services, running. */
export interface LaneServices {
  controllerAddress: string;
  agentAddress: string;
  predictorAddress: string;
  processes: readonly ServiceProcess[];
  stop(): Promise<void>;
}

/** A virtual queue that drains as the lane does. */
const XDP_SETTINGS = { rate_bytes_per_second: 12_500_000 };

/**
 * Start agent, telemetry, predictor and controller as a user would, each its own process, with
 * default settings but for the lanes. Whether a target uses forecasts, and how long it holds a
 * peak, is its configuration; nothing else differs between lanes.
 */
export async function startLaneServices(options: {
  lanes: readonly DrivenLane[];
  directory: string;
  signal: AbortSignal;
}): Promise<LaneServices> {
  const { directory, signal } = options;
  const ports = await freePorts(4);
  const [agent, telemetry, predictor, controller] = ports.map((port) => `127.0.0.1:${port}`);
  const configs = {
    'ebpf-agent': { listen: agent, ...agentConfig(options.lanes) },
    telemetry: { listen: telemetry, agents: [agent] },
    predictor: { listen: predictor, windows: { telemetry_address: telemetry } },
    'fsu-controller': {
      listen: controller,
      telemetry_address: telemetry,
      predictor_address: predictor,
      agent_address: agent,
      targets: targetsOf(options.lanes),
    },
  } as const;
  // All at once: each waits for the others by itself, as it would on separate hosts.
  const starting = (['ebpf-agent', 'telemetry', 'predictor', 'fsu-controller'] as const).map(
    (service) => ServiceProcess.start({ service, config: configs[service], directory }, signal),
  );
  const started = await Promise.allSettled(starting);
  const processes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const stop = async () => {
    // The controller first: it gives its leases up, and the agent restores.
    for (const process of [...processes].reverse()) await process.stop();
  };
  const failed = started.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    controllerAddress: controller as string,
    agentAddress: agent as string,
    predictorAddress: predictor as string,
    processes,
    stop,
  };
}

function agentConfig(lanes: readonly DrivenLane[]): Record<string, unknown> {
  return {
    kernel: 'real',
    links: lanes.map(({ link, xdp }) => ({
      name: link.link,
      interface: link.interface,
      netns: link.netns,
      ...(xdp && { xdp: { mode: 'monitor', interface: link.ingress, ...XDP_SETTINGS } }),
    })),
  };
}

function targetsOf(lanes: readonly DrivenLane[]): Record<string, unknown>[] {
  return lanes.map(({ link, rule }) => ({
    name: link.link,
    mode: 'enforce',
    predictive: rule === 'predictive',
    latency_budget_ms: BUDGET_MS,
    hold_ms: rule === 'reactive-hold35' ? 35_000 : 10_000,
  }));
}
