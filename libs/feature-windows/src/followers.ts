import { BoundedStream } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { batchSamplesMax, type FollowBatch, type FollowOptions } from './feature-windows.ts';

/** Fans new samples out to readers of any speed: none can hold up another, or the writer. */
export class Followers {
  readonly #samplesMax: number;
  readonly #followers = new Set<Follower>();
  #isClosed = false;

  /** @param samplesMax what one reader may have waiting before its oldest are dropped */
  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  get size(): number {
    return this.#followers.size;
  }

  /**
   * Follows from now on, not from the first read: what is published in between is not missed.
   *
   * @param backlog given before anything new
   */
  follow(options: FollowOptions, backlog: Sample[]): AsyncIterable<FollowBatch> {
    const { links = [], signal } = options;
    const follower: Follower = {
      lost: 0,
      links: links.length > 0 ? new Set(links) : undefined,
      stream: new BoundedStream<Sample>({
        capacity: this.#samplesMax,
        signal,
        onClose: () => this.#followers.delete(follower),
      }),
    };
    if (this.#isClosed) follower.stream.close();
    if (follower.stream.isOpen) this.#followers.add(follower);
    return batchesOf(follower, backlog);
  }

  publish(samples: readonly Sample[]): void {
    for (const { links, stream } of this.#followers) {
      for (const sample of samples) {
        if (links === undefined || links.has(sample.link)) stream.push(sample);
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

interface Follower {
  readonly stream: BoundedStream<Sample>;
  readonly links: Set<string> | undefined;
  /** Lost before they got to the stream, since its last batch. */
  lost: number;
}

async function* batchesOf(
  follower: Follower,
  backlog: Sample[],
): AsyncGenerator<FollowBatch, void, undefined> {
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

function* chunksOf(samples: Sample[], lost: number): Generator<FollowBatch> {
  for (let start = 0; start < samples.length; start += batchSamplesMax) {
    const chunk = samples.slice(start, start + batchSamplesMax);
    yield { samples: chunk, lost: start === 0 ? lost : 0 };
  }
}
