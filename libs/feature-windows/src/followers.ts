import { BoundedStream } from '@levitate/grpc-kit';
import type { TimedSample } from '@levitate/series';
import { batchSamplesMax, type FollowBatch, type FollowOptions } from './feature-windows.ts';
import type { SeriesKind } from './series-kind.ts';

/** Fans new samples out to readers of any speed: none can hold up another, or the writer. */
export class Followers<S extends TimedSample> {
  readonly #nameOf: SeriesKind<S>['nameOf'];
  readonly #samplesMax: number;
  readonly #followers = new Set<Follower<S>>();
  #isClosed = false;

  /** @param options.samplesMax what one reader may have waiting before its oldest are dropped */
  constructor(options: { kind: Pick<SeriesKind<S>, 'nameOf'>; samplesMax: number }) {
    this.#nameOf = options.kind.nameOf;
    this.#samplesMax = options.samplesMax;
  }

  get size(): number {
    return this.#followers.size;
  }

  /**
   * Follows from now on, not from the first read: what is published in between is not missed.
   *
   * @param backlog given before anything new
   */
  follow(options: FollowOptions, backlog: S[]): AsyncIterable<FollowBatch<S>> {
    const { names = [], signal } = options;
    const follower: Follower<S> = {
      lost: 0,
      names: names.length > 0 ? new Set(names) : undefined,
      stream: new BoundedStream<S>({
        capacity: this.#samplesMax,
        signal,
        onClose: () => this.#followers.delete(follower),
      }),
    };
    if (this.#isClosed) follower.stream.close();
    if (follower.stream.isOpen) this.#followers.add(follower);
    return batchesOf(follower, backlog);
  }

  publish(samples: readonly S[]): void {
    for (const { names, stream } of this.#followers) {
      for (const sample of samples) {
        if (names === undefined || names.has(this.#nameOf(sample))) stream.push(sample);
      }
    }
  }

  /** Every reader misses so many samples that never got here; said with its next batch. */
  lose(samples: number): void {
    for (const follower of this.#followers) follower.lost += samples;
  }

  /** Ends every reader. */
  close(): void {
    this.#isClosed = true;
    for (const { stream } of this.#followers) stream.close();
  }
}

interface Follower<S> {
  readonly stream: BoundedStream<S>;
  readonly names: Set<string> | undefined;
  /** Lost before they got to the stream, since its last batch. */
  lost: number;
}

async function* batchesOf<S extends TimedSample>(
  follower: Follower<S>,
  backlog: S[],
): AsyncGenerator<FollowBatch<S>, void, undefined> {
  const { stream } = follower;
  try {
    yield* chunksOf(backlog, 0);
    for await (const { items, lost } of stream) {
      const lostBefore = follower.lost;
      follower.lost = 0;
      yield* chunksOf(items, lost + lostBefore);
    }
  } finally {
    stream.close();
  }
}

function* chunksOf<S extends TimedSample>(samples: S[], lost: number): Generator<FollowBatch<S>> {
  for (let start = 0; start < samples.length; start += batchSamplesMax) {
    const chunk = samples.slice(start, start + batchSamplesMax);
    yield { samples: chunk, lost: start === 0 ? lost : 0 };
  }
}
