import { contracts } from '@levitate/contracts';
import { type ConnectOptions, connect } from '@levitate/grpc-kit';
import { BatchedAgent } from './batched-agent.ts';
import type { TargetConfig } from './config.ts';
import type { ControlledTarget } from './controlled-target.ts';

/** Time an agent gets to restore an original, ms. */
const restoreDeadlineMs = 3_000;

/** One connection per agent, however many of its links are controlled. */
export class AgentClients {
  readonly #options: Omit<ConnectOptions, 'address'> & { defaultAddress: string };
  readonly #clients = new Map<string, BatchedAgent>();
  readonly #ofTarget = new Map<string, BatchedAgent>();

  constructor(options: Omit<ConnectOptions, 'address'> & { defaultAddress: string }) {
    this.#options = options;
  }

  of(target: TargetConfig): BatchedAgent {
    const { defaultAddress, ...shared } = this.#options;
    const address = target.agent ?? defaultAddress;
    const client =
      this.#clients.get(address) ??
      new BatchedAgent(connect(contracts.ebpfAgent, { ...shared, address }));
    this.#clients.set(address, client);
    this.#ofTarget.set(target.name, client);
    return client;
  }

  /** Put the original of a target back, lease or not. @returns the limit, where one was recorded */
  async restore({ name, link }: ControlledTarget): Promise<number | undefined> {
    const answer = await this.#ofTarget
      .get(name)
      ?.restore({ link }, { deadlineMs: restoreDeadlineMs });
    return answer?.restored.find((one) => one.link === link)?.limitBytes;
  }

  /** Send the changes that wait, one call an agent. */
  flush(): void {
    for (const client of this.#clients.values()) client.flush();
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}
