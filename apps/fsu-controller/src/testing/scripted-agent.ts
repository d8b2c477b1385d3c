import { contracts, type ebpfAgent } from '@levitate/contracts';
import { Lease } from '@levitate/control';
import { type GrpcServer, RpcError, refusalOf, serve, startGrpcServer } from '@levitate/grpc-kit';

/** One queue of the scripted agent. */
interface Queue {
  limitBytes: number;
  original: number | undefined;
  lease: Lease;
}

/** What the agent should do wrong. */
export interface AgentScript {
  /** Answer the next so many changes with a refusal of the kernel. */
  failChanges: number;
  /** Take every lease away: what comes next must acquire anew. */
  dropLeases: boolean;
}

/**
 * An agent as the controller sees one: leases with fencing tokens, limits with originals. It keeps
 * a record of every change, and fails when its script says so.
 */
export class ScriptedAgent {
  readonly script: AgentScript = { failChanges: 0, dropLeases: false };
  readonly changes: { link: string; holder: string; token: number; limitBytes: number }[] = [];
  readonly restores: string[] = [];
  readonly #queues: Map<string, Queue>;
  #server: GrpcServer | undefined;

  constructor(links: Readonly<Record<string, number>>) {
    this.#queues = new Map(
      Object.entries(links).map(([link, limitBytes]) => [
        link,
        { limitBytes, original: undefined, lease: new Lease() },
      ]),
    );
  }

  get address(): string {
    return this.#server?.address ?? '';
  }

  limit(link: string): number {
    return this.#of(link).limitBytes;
  }

  holder(link: string): string | undefined {
    return this.#of(link).lease.holder(Date.now());
  }

  token(link: string): number {
    return this.#of(link).lease.highestToken;
  }

  /** Somebody else holds the link. */
  occupy(link: string, holder: string): void {
    const { lease } = this.#of(link);
    const token = lease.highestToken + 1;
    lease.acquire({ holder, token, ttlMs: 60_000, nowMs: Date.now() });
  }

  async start(listen = '127.0.0.1:0'): Promise<void> {
    this.#server = await startGrpcServer({ listen, services: [this.#service()] });
  }

  async stop(): Promise<void> {
    await this.#server?.drain(0);
  }

  #service() {
    return serve(contracts.ebpfAgent, {
      // biome-ignore lint/correctness/useYield: the controller never reads it.
      async *streamSamples() {
        throw new RpcError({ code: 'UNIMPLEMENTED', message: 'not in this agent' });
      },
      async *streamMicrobursts() {},
      listPrograms: () => ({}),
      listLinks: () => ({ links: [...this.#queues.keys()].map((link) => this.#link(link)) }),
      acquireLease: (request) => {
        const { link, holder, fencingToken: token = 0, ttlMs = 0 } = request;
        const { lease, limitBytes, original } = this.#of(link);
        this.#granted(lease.acquire({ holder, token, ttlMs, nowMs: Date.now() }));
        const originalLimitBytes = original ?? limitBytes;
        return { fencingToken: token, limitBytes, originalLimitBytes };
      },
      renewLease: () => this.#refuse('not-batched'),
      renewLeases: ({ holder, ttlMs, leases }) => ({
        outcomes: leases.map((lease) =>
          this.#outcome(lease.link, () => this.#renew({ ...lease, holder, ttlMs })),
        ),
      }),
      releaseLease: ({ link, holder, fencingToken: token = 0 }) => {
        if (this.#of(link).lease.release({ holder, token, nowMs: Date.now() })) this.#restore(link);
        return { limitBytes: this.limit(link) };
      },
      setQueueLimit: () => this.#refuse('not-batched'),
      setQueueLimits: ({ holder, changes }) => ({
        outcomes: changes.map((change) =>
          this.#outcome(change.link, () => this.#setLimit({ ...change, holder })),
        ),
      }),
      restore: ({ link }) => {
        const links = link === '' ? [...this.#queues.keys()] : [link];
        this.restores.push(...links);
        return {
          restored: links.map((one) => ({ link: one, limitBytes: this.#restore(one) })),
        };
      },
      getCapabilities: () => ({ kernel: 'KERNEL_KIND_SIMULATED', capabilities: [] }),
    });
  }

  #renew(request: ebpfAgent.RenewLeaseRequest): ebpfAgent.RenewLeaseResponseInit {
    const { link, holder, fencingToken: token = 0, ttlMs = 0 } = request;
    const { lease } = this.#of(link);
    if (this.script.dropLeases) this.#refuse('LEASE_NOT_HELD');
    this.#granted(lease.renew({ holder, token, ttlMs, nowMs: Date.now() }));
    return { remainingMs: lease.remainingMs(Date.now()) };
  }

  #outcome<Answer extends object>(link: string, answer: () => Answer) {
    try {
      return { link, ...answer() };
    } catch (error) {
      return { link, refusal: refusalOf(error) };
    }
  }

  #setLimit(request: ebpfAgent.SetQueueLimitRequest): ebpfAgent.SetQueueLimitResponseInit {
    const { link, holder, fencingToken: token = 0, limitBytes = 0 } = request;
    const queue = this.#of(link);
    if (!queue.lease.permits({ holder, token, nowMs: Date.now() })) this.#refuse('LEASE_NOT_HELD');
    if (this.script.failChanges > 0) {
      this.script.failChanges -= 1;
      this.#refuse('KERNEL_REFUSED');
    }
    const previousLimitBytes = queue.limitBytes;
    queue.original ??= previousLimitBytes;
    queue.limitBytes = limitBytes;
    this.changes.push({ link, holder, token, limitBytes });
    return { limitBytes, previousLimitBytes, changedUnixMs: Date.now() };
  }

  #link(link: string): ebpfAgent.LinkInit {
    const { limitBytes, lease } = this.#of(link);
    const leaseHolder = lease.holder(Date.now()) ?? '';
    const fencingToken = lease.highestToken;
    return { link, controllable: true, limitBytes, leaseHolder, fencingToken };
  }

  #restore(link: string): number {
    const queue = this.#of(link);
    queue.limitBytes = queue.original ?? queue.limitBytes;
    queue.original = undefined;
    return queue.limitBytes;
  }

  #granted(outcome: ReturnType<Lease['acquire']>): void {
    if (outcome.kind === 'refused') this.#refuse(`LEASE_${outcome.reason.toUpperCase()}`);
  }

  #refuse(reason: string): never {
    throw new RpcError({ code: 'FAILED_PRECONDITION', reason, message: `scripted: ${reason}` });
  }

  #of(link: string): Queue {
    const queue = this.#queues.get(link);
    if (queue !== undefined) return queue;
    throw new RpcError({ code: 'NOT_FOUND', reason: 'LINK_UNKNOWN', message: `no link ${link}` });
  }
}
