import type { Gains } from '@levitate/control';
import { RpcError } from '@levitate/grpc-kit';
import type { AgentCalls } from './batched-agent.ts';
import { isAway } from './lease-keeper.ts';

/** A limit that is to be put in force. */
export interface LimitChange {
  limitBytes: number;
  /** For a queue that is controlled by a PID of its own. */
  gains: Gains;
  /** Fencing token of the lease it is made under. */
  token: number;
  /** Called once. */
  onOutcome: (outcome: ChangeOutcome) => void;
}

/** What became of a change. */
export type ChangeOutcome =
  | { kind: 'applied'; limitBytes: number; changedUnixMs: number }
  /** A newer wish came before this one was sent. */
  | { kind: 'superseded' }
  /** The lease is not ours (any more). */
  | { kind: 'lease-lost'; error: RpcError }
  /** The agent did not answer; whether it changed the limit is not known. */
  | { kind: 'agent-away'; error: RpcError }
  /** The agent tried and could not; this is what the circuit breaker counts. */
  | { kind: 'failed'; error: unknown };

/** @see LimitApplier */
export interface LimitApplierOptions {
  agent: Pick<AgentCalls, 'setQueueLimit'>;
  link: string;
  holder: string;
  deadlineMs: number;
}

/**
 * Puts limits in force one at a time without making the loop wait: one change under way, at most
 * one more behind it, and of those the newest.
 */
export class LimitApplier {
  readonly #options: LimitApplierOptions;
  #underWay: LimitChange | undefined;
  #next: LimitChange | undefined;
  #idle: Promise<void> = Promise.resolve();

  constructor(options: LimitApplierOptions) {
    this.#options = options;
  }

  /** The limit that will be in force when all is done; `undefined` when nothing is under way. */
  get requested(): number | undefined {
    return (this.#next ?? this.#underWay)?.limitBytes;
  }

  request(change: LimitChange): void {
    if (this.#underWay !== undefined) {
      this.#next?.onOutcome({ kind: 'superseded' });
      this.#next = change;
      return;
    }
    this.#underWay = change;
    this.#idle = this.#work();
  }

  /** Drop what was not sent yet and wait for what was. */
  settle(): Promise<void> {
    this.#next?.onOutcome({ kind: 'superseded' });
    this.#next = undefined;
    return this.#idle;
  }

  async #work(): Promise<void> {
    while (this.#underWay !== undefined) {
      const change = this.#underWay;
      const outcome = await this.#send(change);
      this.#underWay = this.#next;
      this.#next = undefined;
      change.onOutcome(outcome);
    }
  }

  async #send({ limitBytes, gains, token }: LimitChange): Promise<ChangeOutcome> {
    const { agent, link, holder, deadlineMs } = this.#options;
    try {
      const request = { link, holder, fencingToken: token, limitBytes, gains };
      const answer = await agent.setQueueLimit(request, { deadlineMs });
      return {
        kind: 'applied',
        limitBytes: answer.limitBytes,
        changedUnixMs: answer.changedUnixMs,
      };
    } catch (error) {
      if (!(error instanceof RpcError)) return { kind: 'failed', error };
      if (error.reason.startsWith('LEASE_')) return { kind: 'lease-lost', error };
      return isAway(error) ? { kind: 'agent-away', error } : { kind: 'failed', error };
    }
  }
}
