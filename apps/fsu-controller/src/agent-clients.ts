import { contracts } from '@levitate/contracts';
import { type ConnectOptions, connect } from '@levitate/grpc-kit';
import { BatchedAgent } from './batched-agent.ts';
import type { TargetConfig } from './target-config.ts';

/** One connection per agent, however many of its links are controlled. */
export class AgentClients {
  readonly #options: Omit<ConnectOptions, 'address'> & { defaultAddress: string };
  readonly #clients = new Map<string, BatchedAgent>();

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
    return client;
  }

  /** Send the changes that wait, one call an agent. */
  flush(): void {
    for (const client of this.#clients.values()) client.flush();
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}
