import type { ResourceDefaults } from '@levitate/control';
import type { LabLink } from '@levitate/kernel-lab';
import { type ServiceGroup, startServices } from '../../service-group.ts';
import { freePorts, type ServiceRequest } from '../../service-process.ts';

/** The queues to be ruled, and by what. */
export interface BufferServicesRequest {
  lanes: readonly LabLink[];
  /** Bytes. */
  bounds: { min: number; max: number };
  rule: ResourceDefaults;
  /** For configurations and state. */
  directory: string;
  signal: AbortSignal;
}

/** Latency budget of a queue. */
const budgetMs = 150;

/**
 * Agent, telemetry and controller as a user would start them, each its own process, without
 * forecasts: what is measured is the law.
 */
export async function startBufferServices(request: BufferServicesRequest): Promise<ServiceGroup> {
  const { lanes, bounds, rule, directory, signal } = request;
  const ports = await freePorts(4);
  const [agent = '', telemetry = '', controller = '', nobody = ''] = ports.map(
    (port) => `127.0.0.1:${port}`,
  );
  const links = lanes.map(({ link, interface: name, netns }) => ({
    name: link,
    interface: name,
    netns,
  }));
  const targets = lanes.map(({ link }) => ({
    name: link,
    mode: 'enforce',
    predictive: false,
    latency_budget_ms: budgetMs,
    ...bounds,
    model: rule.model,
    setpoint: rule.setpoint,
    hold_ms: rule.holdMs,
  }));
  const requests: Omit<ServiceRequest, 'directory'>[] = [
    { service: 'ebpf-agent', config: { listen: agent, kernel: 'real', links } },
    { service: 'telemetry', config: { listen: telemetry, agents: [agent] } },
    {
      service: 'fsu-controller',
      config: {
        listen: controller,
        telemetry_address: telemetry,
        predictor_address: nobody,
        agent_address: agent,
        targets,
      },
    },
  ];
  return startServices(requests, { directory, signal });
}
