import type { Clock } from '@levitate/clock';
import { contracts, pushSamplesMax, type telemetry } from '@levitate/contracts';
import {
  type Client,
  type ConnectOptions,
  connect,
  RpcError,
  reconnecting,
} from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { FeatureWindowsError } from './errors.ts';
import type {
  AppendOutcome,
  FeatureWindows,
  FollowBatch,
  FollowOptions,
  LinkSummary,
} from './feature-windows.ts';
import { originFromProto, sampleFromProto, sampleToProto } from './sample-proto.ts';
import { StreamResume } from './stream-resume.ts';
import { tooManyLinksReason } from './window-rpcs.ts';

/** Whether a follower's connection stands; for readiness and logs. */
export type ConnectionState =
  | { isConnected: true }
  | { isConnected: false; error: unknown; retryInMs: number };

/** @see GrpcFeatureWindows */
export interface GrpcWindowsOptions extends ConnectOptions {
  readonly clock: Clock;
  /** Told when a follower's connection comes or goes. */
  readonly onConnection?: ((state: ConnectionState) => void) | undefined;
}

/**
 * The windows that a telemetry service holds. A follower outlives its connection: it tries again
 * with growing waits (0.1 to 5 s, with jitter), takes the backlog up from where it was, gives no
 * sample twice and reports those that are gone for good as lost.
 */
export class GrpcFeatureWindows implements FeatureWindows {
  readonly #client: Client<telemetry.TelemetryServiceMethods>;
  readonly #clock: Clock;
  readonly #onConnection: (state: ConnectionState) => void;
  readonly #closing = new AbortController();

  constructor(options: GrpcWindowsOptions) {
    const { clock, onConnection, ...connection } = options;
    this.#client = connect(contracts.telemetry, connection);
    this.#clock = clock;
    this.#onConnection = onConnection ?? (() => {});
  }

  /**
   * In messages of at most 1,000 samples.
   *
   * @throws FeatureWindowsError `unavailable`; of several messages the first may have arrived
   */
  async append(samples: readonly Sample[]): Promise<AppendOutcome> {
    const total: AppendOutcome = { accepted: 0, duplicate: 0, late: 0, refused: 0 };
    for (let start = 0; start < samples.length; start += pushSamplesMax) {
      const outcome = await this.#push(samples.slice(start, start + pushSamplesMax));
      total.accepted += outcome.accepted;
      total.duplicate += outcome.duplicate;
      total.late += outcome.late;
      total.refused += outcome.refused;
    }
    return total;
  }

  async read(link: string): Promise<Sample[]> {
    const { samples } = await this.#answer(this.#client.getWindow({ link }, this.#calls));
    return samples.map((sample) => sampleFromProto(sample));
  }

  async links(): Promise<LinkSummary[]> {
    const { links } = await this.#answer(this.#client.listLinks({}, this.#calls));
    return links.map(linkFromProto);
  }

  async *follow(options: FollowOptions): AsyncGenerator<FollowBatch, void, undefined> {
    const resume = new StreamResume();
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const messages = reconnecting({
      open: (opened) => this.#open(options, { resume, signal: opened }),
      signal,
      onDown: (error, retryInMs) => this.#onConnection({ isConnected: false, error, retryInMs }),
    });
    for await (const message of messages) {
      const samples = message.samples.map((sample) => sampleFromProto(sample));
      const batch = resume.take(samples, this.#clock.monotonicMs());
      batch.lost += message.lost;
      if (batch.samples.length > 0 || batch.lost > 0) yield batch;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#client.close();
  }

  get #calls(): { signal: AbortSignal } {
    return { signal: this.#closing.signal };
  }

  /** One connection. Every one but the first asks for the backlog, to find what it missed. */
  async *#open(
    options: FollowOptions,
    { resume, signal }: { resume: StreamResume; signal: AbortSignal },
  ): AsyncGenerator<telemetry.StreamSamplesResponse, void, undefined> {
    const links = await this.#client.listLinks({}, { signal });
    this.#onConnection({ isConnected: true });
    const isFirst = !resume.isStarted;
    if (isFirst && !options.backlog) {
      resume.startAt(links.links.map(linkFromProto), this.#clock.monotonicMs());
    }
    resume.connected();
    yield* this.#client.streamSamples(
      { links: [...(options.links ?? [])], backlog: options.backlog || !isFirst },
      { signal },
    );
  }

  async #push(samples: readonly Sample[]): Promise<AppendOutcome> {
    try {
      const request = { samples: samples.map(sampleToProto) };
      return { ...(await this.#client.pushSamples(request, this.#calls)), refused: 0 };
    } catch (error) {
      const refused = refusedInPart(error);
      if (refused !== undefined) return refused;
      throw windowsError(error);
    }
  }

  async #answer<Value>(promise: Promise<Value>): Promise<Value> {
    try {
      return await promise;
    } catch (error) {
      throw windowsError(error);
    }
  }
}

function linkFromProto(link: telemetry.LinkStatus): LinkSummary {
  return { ...link, origin: originFromProto(link.origin) ?? 'push' };
}

function refusedInPart(error: unknown): AppendOutcome | undefined {
  if (!(error instanceof RpcError) || error.reason !== tooManyLinksReason) return undefined;
  const count = (name: string): number => Number(error.metadata[name] ?? 0);
  return {
    accepted: count('accepted'),
    duplicate: count('duplicate'),
    late: count('late'),
    refused: count('refused'),
  };
}

/** What cannot be reached now is `unavailable`; a refusal of the request stays what it is. */
function windowsError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error;
  const isAway = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED'].includes(error.code);
  if (!isAway) return error;
  return new FeatureWindowsError('unavailable', `telemetry: ${error.message}`, { cause: error });
}
