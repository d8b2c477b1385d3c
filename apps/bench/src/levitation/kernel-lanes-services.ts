import { join } from 'node:path';
import type { LabLink } from '@levitate/kernel-lab';
import { startServices } from '../service-group.ts';
import { freePorts, type ServiceProcess, type ServiceRequest } from '../service-process.ts';
import { BUDGET_MS } from './kernel-lanes-cells.ts';
import { driveOf, type LaneRule, type LoopName } from './kernel-lanes-rules.ts';

/** One lane that the services measure and drive. */
export interface DrivenLane {
  link: LabLink;
  rule: LaneRule;
  /** Whether an XDP program watches what comes in; without it a lane is cheaper to send to. */
  xdp?: boolean;
}

/** A predictor, the controller that follows it, and the lanes they drive. */
export interface LaneLoop {
  name: LoopName;
  predictorAddress: string;
  controllerAddress: string;
  lanes: readonly DrivenLane[];
}

/** The services, running. */
export interface LaneServices {
  agentAddress: string;
  /** `learned` first; `statistical` only where there are lanes for it. */
  loops: readonly LaneLoop[];
  /** Each under its own name, those of the loop `statistical` with `-statistical` behind it. */
  processes: readonly ServiceProcess[];
  stop(): Promise<void>;
}

type Request = Omit<ServiceRequest, 'directory'>;

/** A virtual queue that drains as the lane does. */
const XDP_SETTINGS = { rate_bytes_per_second: 12_500_000 };

/**
 * Start agent, telemetry, predictor and controller as a user would, each its own process, with
 * default settings but for the lanes; for lanes without models a second predictor and a second
 * controller beside them, on the same agent and telemetry. Whose forecasts a target follows, if
 * any, and how long it holds a peak, is its configuration; nothing else differs between lanes.
 */
export async function startLaneServices(options: {
  lanes: readonly DrivenLane[];
  directory: string;
  signal: AbortSignal;
}): Promise<LaneServices> {
  const { directory, signal } = options;
  const addresses = (await freePorts(6)).map((port) => `127.0.0.1:${port}`);
  const [agent = '', telemetry = '', ...rest] = addresses;
  const loops = loopsOf(options.lanes, rest);
  const requests: Request[] = [
    { service: 'ebpf-agent', config: { listen: agent, ...agentConfig(options.lanes) } },
    { service: 'telemetry', config: { listen: telemetry, agents: [agent] } },
    ...loops.map((loop) => predictorRequest(loop, { telemetry, directory })),
    ...loops.map((loop) => controllerRequest(loop, { telemetry, agent })),
  ];
  const { processes, stop } = await startServices(requests, { directory, signal });
  return { agentAddress: agent, loops, processes, stop };
}

function loopsOf(lanes: readonly DrivenLane[], addresses: readonly string[]): LaneLoop[] {
  const loops = (['learned', 'statistical'] as const).map((name, i) => ({
    name,
    predictorAddress: addresses[2 * i] as string,
    controllerAddress: addresses[2 * i + 1] as string,
    lanes: lanes.filter(({ rule }) => driveOf(rule)?.loop === name),
  }));
  return loops.filter(({ name, lanes }) => name === 'learned' || lanes.length > 0);
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

/** Without a folder of models it serves the statistical forecasters alone. */
function predictorRequest(loop: LaneLoop, at: { telemetry: string; directory: string }): Request {
  const models = { folder: join(at.directory, 'no-models') };
  return {
    service: 'predictor',
    name: nameIn(loop, 'predictor'),
    config: {
      listen: loop.predictorAddress,
      windows: { telemetry_address: at.telemetry },
      ...(loop.name === 'statistical' && { models }),
    },
  };
}

function controllerRequest(loop: LaneLoop, at: { telemetry: string; agent: string }): Request {
  return {
    service: 'fsu-controller',
    name: nameIn(loop, 'fsu-controller'),
    config: {
      listen: loop.controllerAddress,
      telemetry_address: at.telemetry,
      predictor_address: loop.predictorAddress,
      agent_address: at.agent,
      targets: targetsOf(loop.lanes),
    },
  };
}

function nameIn(loop: LaneLoop, service: string): string {
  return loop.name === 'learned' ? service : `${service}-${loop.name}`;
}

function targetsOf(lanes: readonly DrivenLane[]): Record<string, unknown>[] {
  return lanes.map(({ link, rule }) => ({
    name: link.link,
    mode: 'enforce',
    predictive: driveOf(rule)?.predictive,
    latency_budget_ms: BUDGET_MS,
    hold_ms: driveOf(rule)?.holdMs,
  }));
}
