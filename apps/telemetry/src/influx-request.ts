import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { TelemetryError } from './errors.ts';
import type { InfluxConfig } from './influx-config.ts';
import type { InfluxAnswer } from './influx-outcome.ts';

/** The write endpoint of one InfluxDB, over connections that are kept. */
export class InfluxEndpoint {
  readonly #config: InfluxConfig;
  readonly #url: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  #authorization: string | undefined;

  /** @throws TelemetryError `influx-file`: a secret or an authority that cannot be read */
  static async open(config: InfluxConfig): Promise<InfluxEndpoint> {
    const { ca_file: caFile } = config;
    const ca = caFile === '' ? undefined : await textOf('ca_file', caFile);
    const endpoint = new InfluxEndpoint(config, ca);
    await endpoint.#authorize();
    return endpoint;
  }

  private constructor(config: InfluxConfig, ca: string | undefined) {
    this.#config = config;
    this.#url = writeUrl(config);
    const options = { keepAlive: true, maxSockets: 1 };
    this.#agent =
      this.#url.protocol === 'https:'
        ? new HttpsAgent({ ...options, ...(ca === undefined ? {} : { ca }) })
        : new HttpAgent(options);
  }

  /** Sends lines. Never throws: what goes wrong is an answer with status 0. */
  async write(lines: readonly string[], signal: AbortSignal): Promise<InfluxAnswer> {
    try {
      const plain = Buffer.from(`${lines.join('\n')}\n`);
      const body = this.#config.gzip ? await compressed(plain) : plain;
      const headers: Record<string, string | number> = {
        'content-type': 'text/plain; charset=utf-8',
        'content-length': body.length,
      };
      if (this.#config.gzip) headers['content-encoding'] = 'gzip';
      const authorization = await this.#authorize();
      if (authorization !== '') headers.authorization = authorization;
      const answer = await this.#post(body, { headers, signal });
      // The secret may have been changed on the other side first: it is read again.
      if (answer.status === 401 || answer.status === 403) this.#authorization = undefined;
      return answer;
    } catch (error) {
      return { status: 0, text: (error as Error).message };
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #authorize(): Promise<string> {
    const { version, username, password_file, token_file } = this.#config;
    if (this.#authorization !== undefined) return this.#authorization;
    if (version === 'v2') {
      this.#authorization = `Token ${firstLine(await textOf('token_file', token_file))}`;
    } else if (username === '') {
      this.#authorization = '';
    } else {
      const hasPassword = password_file !== '';
      const password = hasPassword ? firstLine(await textOf('password_file', password_file)) : '';
      const pair = Buffer.from(`${username}:${password}`).toString('base64');
      this.#authorization = `Basic ${pair}`;
    }
    return this.#authorization;
  }

  #post(
    body: Buffer,
    options: { headers: Record<string, string | number>; signal: AbortSignal },
  ): Promise<InfluxAnswer> {
    const { timeout_ms: timeoutMs } = this.#config;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
    const request = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const failed = (error: Error): void => {
        const isLate = signal.aborted && !options.signal.aborted;
        reject(isLate ? new Error(`no answer within influx.timeout_ms, ${timeoutMs} ms`) : error);
      };
      const sending = request(
        this.#url,
        { method: 'POST', agent: this.#agent, headers: options.headers, signal },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            if (text.length < answerLengthMax) text += part.slice(0, answerLengthMax);
          });
          response.on('error', failed);
          response.on('end', () => {
            const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
            resolve({
              status: response.statusCode ?? 0,
              text,
              retryAfterSeconds: seconds >= 0 ? seconds : undefined,
            });
          });
        },
      );
      sending.on('error', failed);
      sending.end(body);
    });
  }
}

/** The endpoint with its parameters; times are microseconds, `u` in v1 and `us` in v2. */
function writeUrl(config: InfluxConfig): URL {
  const isV2 = config.version === 'v2';
  const url = new URL(isV2 ? '/api/v2/write' : '/write', config.url);
  const parameters = isV2
    ? { org: config.organization, bucket: config.bucket, precision: 'us' }
    : { db: config.database, rp: config.retention_policy, precision: 'u' };
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== '') url.searchParams.set(name, value);
  }
  return url;
}

const gzipped = promisify(gzip);

function compressed(plain: Buffer): Promise<Buffer> {
  return gzipped(plain, { level: constants.Z_BEST_SPEED });
}

async function textOf(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new TelemetryError('influx-file', `influx.${key}: ${(cause as Error).message}`, {
      nextStep: `let influx.${key} name a file that telemetry can read`,
      cause,
    });
  }
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}

/** An error in words is shorter; a proxy's page is not worth more. */
const answerLengthMax = 4096;
