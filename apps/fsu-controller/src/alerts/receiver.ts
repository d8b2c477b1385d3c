import type { AlertMessage, PlanOptions } from './receiver-plan.ts';

/** One place that alerts are told to. */
export interface Receiver {
  /** For metrics and log: `alertmanager-1`, `smtp`. */
  readonly name: string;
  /** How often it is told. */
  readonly plan: PlanOptions;
  /** Time one message gets, ms. */
  readonly deadlineMs: number;
  /**
   * Tells it; when the promise resolves the receiver has taken the message.
   * @throws {DeliveryError}, or anything once `signal` has aborted
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>;
}
