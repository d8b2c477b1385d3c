import type { Clock } from '@levitate/clock';
import { contracts, pushSamplesMax } from '@levitate/contracts';
import { type ConnectOptions, connect, RpcError, reconnecting } from '@levitate/grpc-kit';
import type { Sample, TimedSample } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';
import type {
  AppendOutcome,
  FeatureWindows,
  FollowBatch,
  FollowOptions,
  SeriesSummary,
} from './feature-windows.ts';
import type { SeriesCalls, SeriesKind } from './series-kind.ts';
import { StreamResume } from './stream-resume.ts';

/** Whether a follower's connection stands; for readiness and logs. */
export type ConnectionState =
  | { isConnected: true }
  | { isConnected: false; error: unknown; retryInMs: number };

/** @see GrpcFeatureWindows */
export interface GrpcWindowsOptions<S extends TimedSample = Sample> extends ConnectOptions {
  readonly kind: SeriesKind<S>;
  readonly clock: Clock;
  /** Told when a follower's connection comes or goes. */
  readonly onConnection?: ((state: ConnectionState) => void) | undefined;
}

/**
 * The windows that a telemetry service holds. A follower outlives its connection: it tries again
 * with growing waits (0.1 to 5 s, with jitter), takes the backlog up from where it was, gives no
 * sample twice and reports those that are gone for good as lost.
 */
export class GrpcFeatureWindows<S extends TimedSample = Sample> implements FeatureWindows<S> {
  readonly #kind: SeriesKind<S>;
  readonly #calls: SeriesCalls<S>;
  readonly #disconnect: () => void;
  readonly #clock: Clock;
  readonly #onConnection: (state: ConnectionState) => void;
  readonly #closing = new AbortController();

  constructor(options: GrpcWindowsOptions<S>) {
    const { kind, clock, onConnection, ...connection } = options;
    const client = connect(contracts.telemetry, connection);
    this.#kind = kind;
    this.#calls = kind.calls(client);
    this.#disconnect = () => client.close();
    this.#clock = clock;
    this.#onConnection = onConnection ?? (() => {});
  }

  /**
   * In messages of at most 1,000 samples.
   *
   * @throws FeatureWindowsError `unavailable`; of several messages the first may have arrived
   */
  async append(samples: readonly S[]): Promise<AppendOutcome> {
    const total: AppendOutcome = { accepted: 0, duplicate: 0, late: 0, refused: 0 };
    for (let start = 0; start < samples.length; start += pushSamplesMax) {
      const message = samples.slice(start, start + pushSamplesMax);
      const outcome = await answer(this.#calls.push(message, this.#whileOpen));
      total.accepted += outcome.accepted;
      total.duplicate += outcome.duplicate;
      total.late += outcome.late;
      total.refused += outcome.refused;
    }
    return total;
  }

  read(name: string): Promise<S[]> {
    return answer(this.#calls.read(name, this.#whileOpen));
  }

  summaries(): Promise<SeriesSummary[]> {
    return answer(this.#calls.list(this.#whileOpen));
  }

  async *follow(options: FollowOptions): AsyncGenerator<FollowBatch<S>, void, undefined> {
    const resume = new StreamResume({ kind: this.#kind });
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const messages = reconnecting({
      open: (opened) => this.#open(options, { resume, signal: opened }),
      signal,
      onDown: (error, retryInMs) => this.#onConnection({ isConnected: false, error, retryInMs }),
    });
    for await (const message of messages) {
      const batch = resume.take(message.samples, this.#clock.monotonicMs());
      batch.lost += message.lost;
      if (batch.samples.length > 0 || batch.lost > 0) yield batch;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#disconnect();
  }

  get #whileOpen(): { signal: AbortSignal } {
    return { signal: this.#closing.signal };
  }

  /** One connection. Every one but the first asks for the backlog, to find what it missed. */
  async *#open(
    options: FollowOptions,
    { resume, signal }: { resume: StreamResume<S>; signal: AbortSignal },
  ): AsyncGenerator<FollowBatch<S>, void, undefined> {
    const series = await this.#calls.list({ signal });
    this.#onConnection({ isConnected: true });
    const isFirst = !resume.isStarted;
    if (isFirst && !options.backlog) {
      resume.startAt(series, this.#clock.monotonicMs());
    }
    resume.connected();
    yield* this.#calls.stream(
      { names: options.names ?? [], backlog: options.backlog || !isFirst },
      { signal },
    );
  }
}

async function answer<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    throw windowsError(error);
  }
}

/** What cannot be reached now is `unavailable`; a refusal of the request stays what it is. */
function windowsError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  const isAway = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'].includes(error.code);
  if (!isAway) return error;
  return new FeatureWindowsError('unavailable', `telemetry: ${error.message}`, { cause: error });
}
