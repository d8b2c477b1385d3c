import { PromqlError } from './promql-error.ts';

/** What an answer may weigh; beyond it nothing more is read. */
export interface BodyBounds {
  /** Unpacked bytes. */
  bytesMax: number;
  /** Time series. */
  seriesMax: number;
}

/**
 * The text of an answer, never holding more of it than `bytesMax`. Series are counted as they pass
 * (each begins with a `metric` object), so that an answer of a million is refused after the first
 * few thousand and not after a gigabyte.
 *
 * @throws PromqlError `too-large` or `too-many-series`; the caller ends the connection
 */
export async function readBody(
  chunks: AsyncIterable<Uint8Array>,
  { bytesMax, seriesMax }: BodyBounds,
): Promise<string> {
  const held: Buffer[] = [];
  let bytes = 0;
  let series = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    bytes += part.byteLength;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    const window = Buffer.concat([tail, part]);
    series += occurrences(window);
    if (series > seriesMax) throw tooManySeries(seriesMax);
    tail = Buffer.from(window.subarray(Math.max(0, window.byteLength - marker.byteLength + 1)));
    held.push(part);
  }
  return Buffer.concat(held, bytes).toString('utf8');
}

/** An answer had more series than the bound. */
export function tooManySeries(seriesMax: number): PromqlError {
  const next = 'narrow prometheus.selector or the query';
  const message = `more than ${seriesMax} series (prometheus.series_max); ${next}`;
  return new PromqlError('too-many-series', message);
}

function tooLarge(bytesMax: number): PromqlError {
  return new PromqlError(
    'too-large',
    `an answer beyond ${bytesMax} bytes (prometheus.response_bytes_max); narrow the query`,
  );
}

/** Within a label value its quotes would be escaped, so it is found where a series begins only. */
const marker = Buffer.from('"metric":{');

function occurrences(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) count += 1;
  return count;
}
