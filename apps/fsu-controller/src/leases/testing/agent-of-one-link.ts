import { Lease } from '@levitate/control';
import { RpcError } from '@levitate/grpc-kit';
import type { LeaseKeeperOptions } from '../../lease-keeper.ts';
import type { Wire } from './remote-leases.ts';
import type { VirtualTime } from './virtual-time.ts';

type Agent = LeaseKeeperOptions['agent'];
type Call = { deadlineMs?: number };

/** An agent with one link in virtual time, over the shipped lease of agents. */
export class AgentOfOneLink {
  /** Changes that were accepted. */
  readonly changes: { holder: string; token: number }[] = [];
  #lease = new Lease();
  readonly #time: VirtualTime;
  readonly #link: string;

  constructor({ time, link }: { time: VirtualTime; link: string }) {
    this.#time = time;
    this.#link = link;
  }

  get holder(): string | undefined {
    return this.#lease.holder(this.#nowMs);
  }

  get token(): number {
    return this.#lease.highestToken;
  }

  /** As after a restart: who brought the highest token is on disk, for how long is not. */
  restart(): void {
    this.#lease = new Lease(this.#lease.record);
  }

  /** A change asked for with this token. @returns whether it was accepted */
  change(claim: { holder: string; token: number }): boolean {
    if (!this.#lease.permits({ ...claim, nowMs: this.#nowMs })) return false;
    this.changes.push(claim);
    return true;
  }

  /** As one controller reaches it. */
  over(wire: Wire): Agent {
    const ask = async <Answer>(deadlineMs: number | undefined, answer: () => Answer) => {
      const late = this.#time.wait(deadlineMs ?? 1_000).then(() => {
        throw new RpcError({ code: 'DEADLINE_EXCEEDED', message: 'no answer' });
      });
      late.catch(() => {});
      return await Promise.race([this.#travel(wire, answer), late]);
    };
    const claimOf = (request: { holder?: string; fencingToken?: number; ttlMs?: number }) => ({
      holder: request.holder ?? '',
      token: request.fencingToken ?? 0,
      ttlMs: request.ttlMs ?? 0,
      nowMs: this.#nowMs,
    });
    const agent = {
      listLinks: (_: object, { deadlineMs }: Call = {}) =>
        ask(deadlineMs, () => ({ links: [this.#listed()] })),
      acquireLease: (request: Parameters<Agent['acquireLease']>[0], call: Call = {}) =>
        ask(call.deadlineMs, () => {
          granted(this.#lease.acquire(claimOf(request)));
          const fencingToken = this.#lease.highestToken;
          return { fencingToken, limitBytes: 1, originalLimitBytes: 1 };
        }),
      renewLease: (request: Parameters<Agent['renewLease']>[0], call: Call = {}) =>
        ask(call.deadlineMs, () => {
          granted(this.#lease.renew(claimOf(request)));
          return { remainingMs: 1 };
        }),
      releaseLease: (request: Parameters<Agent['releaseLease']>[0], call: Call = {}) =>
        ask(call.deadlineMs, () => {
          this.#lease.release(claimOf(request));
          return { limitBytes: 1 };
        }),
    };
    return agent as unknown as Agent;
  }

  async #travel<Answer>(wire: Wire, answer: () => Answer): Promise<Answer> {
    if (wire.isCut) return await new Promise(() => {});
    await this.#time.wait(wire.delayMs());
    const said = answer();
    await this.#time.wait(wire.delayMs());
    return said;
  }

  #listed() {
    const leaseHolder = this.holder ?? '';
    return { link: this.#link, controllable: true, leaseHolder, fencingToken: this.token };
  }

  get #nowMs(): number {
    return this.#time.clock.monotonicMs();
  }
}

function granted(outcome: ReturnType<Lease['acquire']>): void {
  if (outcome.kind === 'granted') return;
  const { reason } = outcome;
  throw new RpcError({ code: 'FAILED_PRECONDITION', reason, message: `scripted: ${reason}` });
}
