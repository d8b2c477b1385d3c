import type { Clock } from '@levitate/clock';
import type { Logger } from '@levitate/service-kit';
import type { Alert } from './alert.ts';
import type { AlertsMetrics } from './alerts-metrics.ts';
import { DeliveryError } from './delivery-error.ts';
import type { Receiver } from './receiver.ts';
import type { AlertMessage, ReceiverPlan } from './receiver-plan.ts';

/** Longest a timer can wait, ms. */
const timerMsMax = 2 ** 31 - 1;

/** @see ReceiverDriver */
export interface ReceiverDriverOptions {
  receiver: Receiver;
  plan: ReceiverPlan;
  clock: Clock;
  metrics: AlertsMetrics;
  logger: Logger;
}

/** Does what the plan of one receiver says: one message at a time, a timer in between. */
export class ReceiverDriver {
  readonly #options: ReceiverDriverOptions;
  readonly #closing = new AbortController();
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #news: NodeJS.Immediate | undefined;
  #isThrottled = false;
  #isFailing = false;
  #isClosed = false;

  constructor(options: ReceiverDriverOptions) {
    this.#options = options;
  }

  /** Something to tell. Never waits; of many at once the plan is asked after the last. */
  take(alert: Alert): void {
    this.#options.plan.take(alert, this.#options.clock.monotonicMs());
    this.#news ??= setImmediate(() => {
      this.#news = undefined;
      this.#go();
    });
  }

  /** A firing alert has a newer text: for its repeats. */
  update(alert: Alert): void {
    this.#options.plan.take(alert, this.#options.clock.monotonicMs());
  }

  /** Tells what is untold, once, and gives up at the deadline. */
  async close(deadlineMs: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const timer = setTimeout(() => this.#closing.abort(), deadlineMs);
    await this.#sending;
    const { plan, clock } = this.#options;
    const step = plan.next({ nowMs: clock.monotonicMs(), isLast: true });
    if (step.do === 'send' && !this.#closing.signal.aborted) await this.#send(step.message);
    clearTimeout(timer);
  }

  #go(): void {
    if (this.#sending !== undefined || this.#isClosed) return;
    clearTimeout(this.#timer);
    const { plan, clock, receiver, metrics } = this.#options;
    const nowMs = clock.monotonicMs();
    const step = plan.next({ nowMs });
    if (step.do === 'send') {
      this.#isThrottled = false;
      this.#sending = this.#send(step.message).finally(() => {
        this.#sending = undefined;
        this.#go();
      });
      return;
    }
    if (step.isThrottled && !this.#isThrottled) metrics.throttled.inc({ receiver: receiver.name });
    this.#isThrottled = step.isThrottled;
    if (step.untilMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(timerMsMax, Math.max(1, Math.ceil(step.untilMs - nowMs)));
    this.#timer = setTimeout(() => this.#go(), waitMs);
    this.#timer.unref();
  }

  /** One attempt; its outcome goes to the plan. Never rejects. */
  async #send(message: AlertMessage): Promise<void> {
    const { receiver, plan, clock, metrics } = this.#options;
    const deadline = AbortSignal.timeout(receiver.deadlineMs);
    try {
      await receiver.send(message, AbortSignal.any([deadline, this.#closing.signal]));
      plan.delivered(message, clock.monotonicMs());
      metrics.messages.inc({ receiver: receiver.name, outcome: 'delivered' });
      this.#recovered();
    } catch (cause) {
      const error = deadline.aborted || this.#closing.signal.aborted ? tooSlow(receiver) : cause;
      const isOurs = error instanceof DeliveryError;
      const { isRefused, retryAfterMs } = isOurs ? error : { isRefused: true, retryAfterMs: 0 };
      plan.failed({ nowMs: clock.monotonicMs(), isRefused, retryAfterMs });
      metrics.messages.inc({
        receiver: receiver.name,
        outcome: isOurs ? error.code.toLowerCase() : 'failed',
      });
      this.#failed(error);
    }
  }

  /** The first failure in a row is told, as those after it say the same. */
  #failed(error: unknown): void {
    const { logger, receiver, plan } = this.#options;
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { untold } = plan;
    const why = error instanceof DeliveryError ? { why: error.message } : { err: error };
    logger.warn({ receiver: receiver.name, untold, ...why }, 'alerts cannot be told; tried again');
  }

  #recovered(): void {
    const { logger, receiver } = this.#options;
    if (this.#isFailing) logger.info({ receiver: receiver.name }, 'alerts are told again');
    this.#isFailing = false;
  }
}

function tooSlow({ name, deadlineMs }: Receiver): DeliveryError {
  return new DeliveryError({
    code: 'DEADLINE',
    message: `${name} did not take the message within ${deadlineMs} ms`,
    nextStep: 'it is tried again; raise deadline_ms if that is its pace',
  });
}
