import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Bytes of an answer that are read; what a receiver says beyond them is not waited for. */
const answerBytesMax = 4_096;

/** What came back. */
export interface PostAnswer {
  readonly status: number;
  /** Begin of the body. */
  readonly text: string;
  /** The header `Retry-After` in milliseconds, where it gives seconds. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Posts JSON over a connection of its own. Redirects are not followed: a token must not travel.
 * @param options.ca authorities instead of the system's, PEM
 * @throws what the socket throws, and an `AbortError` when `signal` aborts
 */
export function postJson(options: {
  url: URL;
  body: unknown;
  headers: Readonly<Record<string, string>>;
  ca: Buffer | undefined;
  signal: AbortSignal;
}): Promise<PostAnswer> {
  const { url, body, headers, ca, signal } = options;
  const bytes = Buffer.from(JSON.stringify(body));
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      agent: false,
      signal,
      ...(ca && { ca }),
      minVersion: 'TLSv1.2',
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': bytes.length,
      },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      const end = () => {
        const text = Buffer.concat(chunks).toString('utf8').slice(0, answerBytesMax);
        const retryAfterS = Number(incoming.headers['retry-after'] ?? Number.NaN);
        resolve({
          status: incoming.statusCode ?? 0,
          text,
          retryAfterMs: retryAfterS >= 0 ? retryAfterS * 1_000 : undefined,
        });
        outgoing.destroy();
      };
      let length = 0;
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= answerBytesMax) end();
      });
      incoming.on('end', end);
      incoming.on('error', reject);
    });
    outgoing.end(bytes);
  });
}
