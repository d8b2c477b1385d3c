import {
  CircuitBreaker,
  Envelope,
  type EnvelopeRequest,
  type Mode,
  modePermits,
} from '@levitate/control';
import { linkNames } from './agent-steps.ts';
import { EnvelopeRule } from './envelope-rule.ts';

/** Settings of every envelope here: those of a buffer. */
const settings = { min: 524_288, max: 16_777_216, latencyBudgetMs: 150, maxChangesPerMinute: 10 };
const coolOffMs = 600_000;
const failuresMax = 3;

/** One link as a controller has it. */
interface ControlledLink {
  envelope: Envelope;
  rule: EnvelopeRule;
  breaker: CircuitBreaker;
  /** Failures in a row, counted here. */
  failures: number;
  openedMs: number | undefined;
  token: number;
}

/** A controller: the shipped envelope and breaker of each link, and what they may never do. */
export class RuledController {
  readonly holder: string;
  mode: Mode = 'enforce';
  readonly #break: (rule: string, detail: string) => void;
  readonly #links: ReadonlyMap<string, ControlledLink>;

  constructor(holder: string, onViolation: (rule: string, detail: string) => void) {
    this.holder = holder;
    this.#break = onViolation;
    this.#links = new Map(
      linkNames.map((name) => [
        name,
        {
          envelope: new Envelope(settings),
          rule: new EnvelopeRule(settings),
          breaker: new CircuitBreaker({ failuresMax, coolOffMs }),
          failures: 0,
          openedMs: undefined,
          token: 1,
        },
      ]),
    );
  }

  token(link: string): number {
    return this.#of(link).token;
  }

  granted(link: string, token: number): void {
    this.#of(link).token = token;
  }

  /** What to ask the agent for; `undefined`: nothing. */
  admit(link: string, request: EnvelopeRequest): number | undefined {
    const { envelope, rule } = this.#of(link);
    if (!modePermits(this.mode).decide || this.#isOpen(link, request.nowMs)) return undefined;
    if (!modePermits(this.mode).change) {
      envelope.preview(request);
      rule.heed(request);
      return undefined;
    }
    const verdict = envelope.admit(request);
    const wrong = rule.judge(request, verdict);
    if (wrong !== undefined) {
      const asked = JSON.stringify({ ...request, wish: String(request.wish) });
      this.#break('every wish is kept within the envelope', `${wrong}: ${asked}`);
    }
    return verdict.allowed === request.current ? undefined : verdict.allowed;
  }

  /** @returns whether the breaker has opened: the lease is to be given up */
  failed(link: string, nowMs: number): boolean {
    const of = this.#of(link);
    const outcome = of.breaker.recordFailure(nowMs);
    of.failures += 1;
    const isDue = of.openedMs === undefined && of.failures > failuresMax;
    if (isDue) of.openedMs = nowMs;
    if (isDue !== (outcome === 'opened')) {
      this.#break(breakerRule, `${of.failures} failures in a row: ${outcome}`);
    }
    return outcome === 'opened';
  }

  succeeded(link: string, nowMs: number): void {
    const of = this.#of(link);
    of.breaker.recordSuccess(nowMs);
    if (of.openedMs === undefined) of.failures = 0;
  }

  #isOpen(link: string, nowMs: number): boolean {
    const of = this.#of(link);
    if (of.openedMs !== undefined && nowMs - of.openedMs >= coolOffMs) {
      of.openedMs = undefined;
      of.failures = 0;
    }
    const isOpen = of.breaker.state(nowMs) === 'open';
    if (isOpen !== (of.openedMs !== undefined)) {
      this.#break(breakerRule, `${of.failures} failures in a row, and it is open: ${isOpen}`);
    }
    return isOpen;
  }

  #of(link: string): ControlledLink {
    const of = this.#links.get(link);
    if (of === undefined) throw new RangeError(`no link ${link}`);
    return of;
  }
}

const breakerRule = 'the breaker opens after more than three failures in a row, and stays so';
