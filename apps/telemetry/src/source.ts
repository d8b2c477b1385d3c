import type { Clock } from '@levitate/clock';
import type { Logger, Readiness } from '@levitate/service-kit';
import type { Ingest } from './ingest.ts';
import type { TelemetryMetrics } from './metrics.ts';

/** What every source of samples is given. */
export interface SourceContext {
  readonly ingest: Ingest;
  readonly metrics: TelemetryMetrics;
  readonly readiness: Pick<Readiness, 'set'>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly clock: Clock;
  /** Ends the source. */
  readonly signal: AbortSignal;
}

/**
 * Whether a source delivers, said in every place that asks: readiness, metrics, and the log, the
 * last only when it changes.
 */
export class SourceState {
  readonly #name: string;
  readonly #context: SourceContext;
  #isOk: boolean | undefined;

  constructor(name: string, context: SourceContext) {
    this.#name = name;
    this.#context = context;
    context.metrics.connected(name, false);
    context.readiness.set(name, false, 'not connected yet');
  }

  up(): void {
    if (this.#isOk === true) return;
    this.#isOk = true;
    this.#context.metrics.connected(this.#name, true);
    this.#context.readiness.set(this.#name, true);
    this.#context.logger.info({ source: this.#name }, 'source delivers');
  }

  /** @param why what happened and what is done about it */
  down(why: string): void {
    this.#context.readiness.set(this.#name, false, why);
    if (this.#isOk === false) return;
    this.#isOk = false;
    this.#context.metrics.connected(this.#name, false);
    this.#context.logger.warn({ source: this.#name, why }, 'source does not deliver');
  }
}
