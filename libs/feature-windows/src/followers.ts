import { BoundedStream } from '@levitate/grpc-kit';
import type { Sample } from '@levitate/series';
import { batchSamplesMax, type FollowBatch, type FollowOptions } from './feature-windows.ts';

/** Fans new samples out to readers of any speed: none can hold up another, or the writer. */
export class Followers {
  readonly #samplesMax: number;
  readonly #followers = new Set<{
    stream: BoundedStream<Sample>;
    links: Set<string> | undefined;
  }>();
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
    const follower = {
      links: links.length > 0 ? new Set(links) : undefined,
      stream: new BoundedStream<Sample>({
        capacity: this.#samplesMax,
        signal,
        onClose: () => this.#followers.delete(follower),
      }),
    };
    if (this.#isClosed) follower.stream.close();
    if (follower.stream.isOpen) this.#followers.add(follower);
    return batchesOf(follower.stream, backlog);
  }

  publish(samples: readonly Sample[]): void {
    for (const { links, stream } of this.#followers) {
      for (const sample of samples) {
        if (links === undefined || links.has(sample.link)) stream.push(sample);
      }
    }
  }

  /** Ends every reader. */
  close(): void {
    this.#isClosed = true;
    for (const { stream } of this.#followers) stream.close();
  }
}

async function* batchesOf(
  stream: BoundedStream<Sample>,
  backlog: Sample[],
): AsyncGenerator<FollowBatch, void, undefined> {
  try {
    yield* chunksOf(backlog, 0);
    for await (const { items, lost } of stream) yield* chunksOf(items, lost);
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
