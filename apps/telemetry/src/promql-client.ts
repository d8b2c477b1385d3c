import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readBody } from './promql-body.ts';
import { PromqlError } from './promql-error.ts';
import { type PromqlAnswer, parseAnswer, refusalOf } from './promql-response.ts';

/** @see PromqlClient */
export interface PromqlClientOptions {
  /** Of the server, a path in front of `/api/v1` included. */
  url: string;
  /** File whose first line is a bearer token; empty for none. */
  tokenFile: string;
  /** User and file of the password, for basic authentication; empty for none. */
  username: string;
  passwordFile: string;
  /** PEM file of the authorities to believe; empty for those of the system. */
  caFile: string;
  timeoutMs: number;
  responseBytesMax: number;
  seriesMax: number;
  /** How far back a value is looked for, milliseconds; older servers keep to their own (5 min). */
  lookbackMs: number;
}

/** What to evaluate, and when. */
export interface PromqlQuery {
  query: string;
  /** One evaluation at `endUnixMs`, or one every `stepMs` from `startUnixMs` to it. */
  endUnixMs: number;
  range?: { startUnixMs: number; stepMs: number } | undefined;
  signal: AbortSignal;
}

/**
 * Queries one Prometheus (or what speaks its HTTP API) over kept connections, four at most.
 * Credentials and authorities are read anew for every query, so that they may rotate. A redirect
 * is an error: whoever answers with one would be told the credentials.
 */
export class PromqlClient {
  readonly #options: PromqlClientOptions;
  readonly #agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: connectionsMax }),
    'https:': new HttpsAgent({
      keepAlive: true,
      maxSockets: connectionsMax,
      minVersion: 'TLSv1.2',
    }),
  };

  constructor(options: PromqlClientOptions) {
    this.#options = options;
  }

  /** @throws PromqlError of any kind; the signal's reason when it aborts */
  async query(query: PromqlQuery): Promise<PromqlAnswer> {
    const { timeoutMs, responseBytesMax, seriesMax } = this.#options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await this.#post(query, AbortSignal.any([query.signal, timeout]));
      try {
        await refuseUnlessOk(response);
        const text = await readBody(response, { bytesMax: responseBytesMax, seriesMax });
        return parseAnswer(text, { seriesMax });
      } finally {
        response.destroy();
      }
    } catch (cause) {
      query.signal.throwIfAborted();
      if (timeout.aborted) throw timedOut(timeoutMs, cause);
      throw cause instanceof PromqlError ? cause : connectionError(cause);
    }
  }

  close(): void {
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }

  async #post(query: PromqlQuery, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, caFile } = this.#options;
    const call = query.range === undefined ? 'query' : 'query_range';
    const target = new URL(`${url.replace(/\/+$/, '')}/api/v1/${call}`);
    const body = this.#form(query).toString();
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      'accept-encoding': 'identity',
      ...(await this.#authorization()),
    };
    const isHttps = target.protocol === 'https:';
    const agent = this.#agents[isHttps ? 'https:' : 'http:'];
    const ca = isHttps && caFile !== '' ? { ca: await contentOf(caFile) } : {};
    const options = { method: 'POST', headers, agent, signal, ...ca };
    const request = (isHttps ? httpsRequest : httpRequest)(target, options);
    // A connection that breaks once the answer has begun is told to its reader.
    request.on('error', () => {});
    const answered = once(request, 'response', { signal }) as Promise<[IncomingMessage]>;
    request.end(body);
    const [response] = await answered;
    return response;
  }

  #form({ query, endUnixMs, range }: PromqlQuery): URLSearchParams {
    const { timeoutMs, lookbackMs } = this.#options;
    const times: Record<string, string> =
      range === undefined
        ? { time: seconds(endUnixMs) }
        : {
            start: seconds(range.startUnixMs),
            end: seconds(endUnixMs),
            step: seconds(range.stepMs),
          };
    const bounds = { timeout: `${timeoutMs}ms`, lookback_delta: `${lookbackMs}ms` };
    return new URLSearchParams({ query, ...times, ...bounds });
  }

  async #authorization(): Promise<{ authorization?: string }> {
    const { tokenFile, username, passwordFile } = this.#options;
    if (tokenFile !== '') return { authorization: `Bearer ${await secretOf(tokenFile)}` };
    if (username === '') return {};
    const pair = `${username}:${passwordFile === '' ? '' : await secretOf(passwordFile)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
}

const connectionsMax = 4;
/** What is read of a refusal, to find out why. */
const refusalBytesMax = 65_536;

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

async function refuseUnlessOk(response: IncomingMessage): Promise<void> {
  const { statusCode: status = 0, headers } = response;
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    const where = JSON.stringify((headers.location ?? '').slice(0, 200));
    const next = 'let prometheus.url name where the server really is';
    throw new PromqlError('redirect', `HTTP ${status} to ${where}, not followed; ${next}`);
  }
  const why = await readBody(response, { bytesMax: refusalBytesMax, seriesMax: 0 })
    .then(refusalOf)
    .catch(() => undefined);
  const said = `HTTP ${status}${why === undefined ? '' : `: ${why}`}`;
  if (status === 401 || status === 403) {
    const next = 'set prometheus.token_file, or username and password_file';
    throw new PromqlError('unauthorized', `${said}; ${next}`);
  }
  if (status === 400 || status === 422) {
    throw new PromqlError('query', `${said}; correct it in prometheus.queries`);
  }
  throw new PromqlError('status', said);
}

function timedOut(timeoutMs: number, cause: unknown): PromqlError {
  const next = 'ask for less, or give it longer';
  const message = `no answer within ${timeoutMs} ms (prometheus.timeout_ms); ${next}`;
  return new PromqlError('timeout', message, { cause });
}

function connectionError(cause: unknown): PromqlError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (/CERT|TLS|SSL|SIGNED|ALTNAME/.test(code)) {
    const next = 'set prometheus.ca_file to the authority of its certificate';
    return new PromqlError('tls', `${message} (${code}); ${next}`, { cause });
  }
  if (code.startsWith('HPE_')) {
    return new PromqlError('malformed', `no HTTP (${message})`, { cause });
  }
  return new PromqlError('unreachable', message || code, { cause });
}

async function secretOf(file: string): Promise<string> {
  const [line = ''] = (await contentOf(file)).split(/\r?\n/, 1);
  if (line !== '') return line;
  throw new PromqlError('credentials', `the first line of ${file} is empty`);
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PromqlError('credentials', (cause as Error).message, { cause });
  }
}
