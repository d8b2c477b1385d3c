import { open } from 'node:fs/promises';
import { JvmError } from './jvm-error.ts';

/** Where an agent is, and as whom it is asked. */
export interface JolokiaAddress {
  /** Of the agent: `http://shop-3:8778/jolokia`. */
  url: string;
  /** For basic authentication, with `passwordFile`; default: none is given. */
  user?: string | undefined;
  /** First line is the password; read anew for every question, so that it may change. */
  passwordFile?: string | undefined;
  /** Longest wait for one answer, ms; default 1,000. */
  deadlineMs?: number | undefined;
}

/** One question of Jolokia's protocol (https://jolokia.org/reference, "Jolokia Protocol"). */
export type JolokiaQuestion =
  | { type: 'read'; mbean: string; attribute: readonly string[] }
  | { type: 'exec'; mbean: string; operation: string; arguments: readonly string[] };

/** Its answer; HTTP's meaning of `status`, 200 with a value. */
export interface JolokiaAnswer {
  status: number;
  value: unknown;
  error: string;
}

/** An answer about a heap is 8 KB. */
const answerBytesMax = 1 << 20;
const passwordBytesMax = 4_096;

/**
 * Asks several questions in one request.
 * @returns as many answers, in their order
 * @throws {JvmError} `unreachable`, `no-answer`, `refused`, `too-long`, `garbage`
 */
export async function askJolokia(
  address: JolokiaAddress,
  questions: readonly JolokiaQuestion[],
  signal: AbortSignal,
): Promise<JolokiaAnswer[]> {
  const { url, deadlineMs = 1_000 } = address;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const headers = { 'content-type': 'application/json', ...(await authorization(address)) };
  try {
    const body = JSON.stringify(questions);
    // Whoever answers with another place would be told the password.
    const request = { method: 'POST', headers, body, redirect: 'error', signal: inTime } as const;
    const response = await fetch(url.endsWith('/') ? url : `${url}/`, request);
    const text = await boundedText(response);
    if (response.status === 401 || response.status === 403) {
      const text = `${url} refuses (${response.status}): user, passwordFile, or its access policy`;
      throw new JvmError('refused', text);
    }
    return parsed(text, { url, status: response.status, count: questions.length });
  } catch (cause) {
    if (cause instanceof JvmError) throw cause;
    if (inTime.aborted) {
      const text = `${url} does not answer in time: the JVM is hung, stopped or in a long pause`;
      throw new JvmError('no-answer', text, { cause });
    }
    const text = `no Jolokia agent at ${url}: ${reasonOf(cause)}; see -javaagent of its manual`;
    throw new JvmError('unreachable', text, { cause });
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) {
      throw new JvmError('too-long', `${response.url} answers over ${answerBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string, of: { url: string; status: number; count: number }): JolokiaAnswer[] {
  const garbage = (cause?: unknown) => {
    const said = text.trim().slice(0, 80);
    const message = `${of.url} does not answer as Jolokia (HTTP ${of.status}): "${said}"`;
    return new JvmError('garbage', message, { cause });
  };
  let answers: unknown;
  try {
    answers = JSON.parse(text);
  } catch (cause) {
    throw garbage(cause);
  }
  if (!Array.isArray(answers) || answers.length !== of.count) throw garbage();
  return answers.map((answer) => {
    if (typeof answer?.status !== 'number') throw garbage();
    return { status: answer.status, value: answer.value, error: `${answer.error ?? ''}` };
  });
}

/** @throws {JvmError} `refused`: the file cannot be read, or is too long for a password */
async function authorization(address: JolokiaAddress): Promise<{ authorization?: string }> {
  const { user, passwordFile } = address;
  if (user === undefined || passwordFile === undefined) return {};
  const password = await firstLine(passwordFile);
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return { authorization: `Basic ${basic}` };
}

async function firstLine(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const buffer = Buffer.alloc(passwordBytesMax + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const line = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/)[0] ?? '';
    if (Buffer.byteLength(line) <= passwordBytesMax) return line;
  } catch (cause) {
    const text = `passwordFile ${path} cannot be read: ${reasonOf(cause)}`;
    throw new JvmError('refused', text, { cause });
  }
  throw new JvmError('refused', `passwordFile ${path} begins with over ${passwordBytesMax} bytes`);
}

/** What fetch says is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
