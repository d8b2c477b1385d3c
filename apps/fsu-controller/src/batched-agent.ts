import { type ebpfAgent, linksOfCallMax } from '@levitate/contracts';
import { type Client, refusalError } from '@levitate/grpc-kit';
import { CallBatch } from './call-batch.ts';

/** An agent as its client sees it. */
type AgentClient = Client<ebpfAgent.EbpfAgentServiceMethods>;

/** What the controller asks of an agent. */
export type AgentCalls = Pick<
  AgentClient,
  'listLinks' | 'acquireLease' | 'renewLease' | 'releaseLease' | 'setQueueLimit' | 'restore'
>;

/** Answers take this long at most where a caller does not say, ms. */
const defaultDeadlineMs = 5_000;

/**
 * One agent, on whose links renewals and changes of the same moment travel together. Each is
 * granted or refused by itself, with the error the call for it alone would have had.
 */
export class BatchedAgent implements AgentCalls {
  readonly #client: AgentClient;
  #listing: ReturnType<AgentClient['listLinks']> | undefined;
  readonly #changes: CallBatch<ebpfAgent.SetQueueLimitRequestInit, ebpfAgent.QueueLimitOutcome>;
  readonly #renewals: CallBatch<ebpfAgent.RenewLeaseRequestInit, ebpfAgent.RenewalOutcome>;

  constructor(client: AgentClient) {
    this.#client = client;
    this.#changes = new CallBatch({
      itemsMax: linksOfCallMax,
      send: async (changes, deadlineMs) => {
        const holder = changes[0]?.holder ?? '';
        return (await client.setQueueLimits({ holder, changes }, { deadlineMs })).outcomes;
      },
    });
    this.#renewals = new CallBatch({
      itemsMax: linksOfCallMax,
      send: async (leases, deadlineMs) => {
        const { holder = '', ttlMs = 0 } = leases[0] ?? {};
        return (await client.renewLeases({ holder, ttlMs, leases }, { deadlineMs })).outcomes;
      },
    });
  }

  /** Asked for by many at once, as at the start, it is one call. */
  readonly listLinks: AgentClient['listLinks'] = (...call) => {
    this.#listing ??= this.#client.listLinks(...call).finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  };
  readonly acquireLease: AgentClient['acquireLease'] = (...call) =>
    this.#client.acquireLease(...call);
  readonly releaseLease: AgentClient['releaseLease'] = (...call) =>
    this.#client.releaseLease(...call);
  readonly restore: AgentClient['restore'] = (...call) => this.#client.restore(...call);

  /** Asked by one controller under one name, for one length of its leases. */
  readonly renewLease: AgentClient['renewLease'] = async (
    request,
    { deadlineMs = defaultDeadlineMs } = {},
  ) => settled(await this.#renewals.call(request, { deadlineMs }));

  readonly setQueueLimit: AgentClient['setQueueLimit'] = async (
    request,
    { deadlineMs = defaultDeadlineMs } = {},
  ) => settled(await this.#changes.call(request, { deadlineMs }));

  /** Send the changes that wait: the loop has asked for all it wants. */
  flush(): void {
    this.#changes.flush();
  }

  close(): void {
    this.#client.close();
  }
}

/** The outcome, or the error it stands for. */
function settled<Outcome extends { refusal: ebpfAgent.Refusal | null }>(outcome: Outcome) {
  if (outcome.refusal === null) return outcome;
  throw refusalError(outcome.refusal);
}
