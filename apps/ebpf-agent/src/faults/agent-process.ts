import type { Clock } from '@levitate/clock';
import { StateDirectory } from '@levitate/service-kit';
import { openChain } from '../actuators/open-chain.ts';
import { openRecords } from '../agent-records.ts';
import type { AgentConfig, AgentLink } from '../config.ts';
import { LimitControl } from '../limit-control.ts';
import { RealKernel } from '../real-kernel.ts';
import { AGENT_FOLDER } from '../restore-all.ts';
import { restoreRecorded } from '../restore-originals.ts';
import { agentBounds } from './agent-rules.ts';
import { linkNames } from './agent-steps.ts';

/** An agent that serves. */
export interface ServingAgent {
  control: LimitControl;
  /** As the agent does: limits first, then its records. */
  stop(): Promise<void>;
}

const links = linkNames.map(
  (name) => ({ name, interface: name, actuators: ['qdisc'], packet_bytes: 1_514 }) as AgentLink,
);
const logger = { warn() {} } as unknown as Parameters<typeof openRecords>[0]['logger'];

/** Start the part of the agent that changes limits, in its own order. @throws as the agent does */
export async function startAgent(process: number, clock: Clock): Promise<ServingAgent> {
  const config = { state_directory: `/p${process}/state` } as AgentConfig;
  const records = await openRecords({ config, logger }, false);
  const kernel = new RealKernel({ links, capabilities: [], onFault() {} });
  const control = await LimitControl.open({
    chain: openChain({ kernel, links }),
    store: records.directory,
    clock,
    bounds: agentBounds,
    onRestored() {},
  });
  return {
    control,
    async stop() {
      await control.stop();
      kernel.close();
      await records.close();
    },
  };
}

/** What the supervisor of a dead agent and `--restore-all` do. */
export async function restoreAsSupervisor(process: number): Promise<void> {
  const directory = await StateDirectory.open(`/p${process}/state/${AGENT_FOLDER}`);
  await restoreRecorded(directory).finally(() => directory.close());
}
