import { createConnection, type Socket } from 'node:net';
import { addressText, type HaproxyAddress, haproxyName } from './haproxy-address.ts';
import { HaproxyError } from './haproxy-error.ts';
import {
  type BackendTraffic,
  type ProcessInfo,
  readInfo,
  readServerStates,
  readTraffic,
  type ServerState,
} from './read-answers.ts';

/** What a server may be asked to do: take requests, finish what it has, or nothing at all. */
export type ServerAdminState = 'ready' | 'drain' | 'maint';

/** @see RuntimeApi */
export interface RuntimeApiOptions {
  address: HaproxyAddress;
  /** Longest answer that is read, bytes; default 4 MiB, which is about 8,000 servers. */
  answerBytesMax?: number | undefined;
}

/** A server that is added while HAProxy runs. */
export interface AddedServer {
  backend: string;
  name: string;
  host: string;
  port: number;
  /** 0 to 256; default 1. */
  weight?: number | undefined;
  /** Requests in service at once, at most; default unlimited. */
  connectionsMax?: number | undefined;
  /** Between health checks, ms; default: no checks. */
  checkEveryMs?: number | undefined;
}

/** One look at a backend: all of it was said in one connection. */
export interface BackendState {
  info: ProcessInfo;
  servers: ServerState[];
  traffic: BackendTraffic;
}

/** Longest line of commands: HAProxy reads a line into one buffer, of 16 KiB by default. */
const lineBytesMax = 8_192;
const answerBytesDefault = 4 * 1024 * 1024;

/**
 * HAProxy's runtime API (management guide, section 9.3), over a Unix socket or TCP. A connection
 * takes one line of commands parted by `;`, gives an answer to each, which ends with an empty
 * line, and closes: so an answer that was cut is known as one. Every call ends with its signal.
 */
export class RuntimeApi {
  readonly #address: HaproxyAddress;
  readonly #answerBytesMax: number;

  constructor({ address, answerBytesMax = answerBytesDefault }: RuntimeApiOptions) {
    this.#address = address;
    this.#answerBytesMax = answerBytesMax;
  }

  /**
   * The answers to these commands, in their order. What HAProxy refuses is an answer too.
   * @throws {HaproxyError} INVALID, UNREACHABLE, NO_ANSWER, CUT_SHORT, TOO_LARGE, GARBAGE, DENIED,
   *   UNSUPPORTED
   */
  async ask(commands: readonly string[], signal: AbortSignal): Promise<string[]> {
    const answers: string[] = [];
    for (const line of linesOf(commands)) {
      const text = await this.#exchange(line.join(';'), signal);
      answers.push(...split(text, line));
    }
    return answers;
  }

  /** @throws {HaproxyError} as `ask`, and NOT_FOUND */
  async read(backend: string, signal: AbortSignal): Promise<BackendState> {
    const name = haproxyName(backend, 'backend');
    const commands = ['show info', `show servers state ${name}`, `show stat ${name} 6 -1`];
    const [info = '', states = '', stats = ''] = await this.ask(commands, signal);
    if (isNotFound(states)) throw new HaproxyError('NOT_FOUND', `there is no backend ${name}`);
    const traffic = readTraffic(stats);
    return { info: readInfo(info), servers: readServerStates(states, traffic.backups), traffic };
  }

  /**
   * Set weights, all in one go and in this order.
   * @param weights 0 to 256 by server; 0: no new requests, those it has are finished
   * @throws {HaproxyError} as `ask`, and NOT_FOUND, REFUSED
   */
  setWeights(
    backend: string,
    weights: Iterable<readonly [server: string, weight: number]>,
    signal: AbortSignal,
  ): Promise<void> {
    const commands = [...weights].map(
      ([server, weight]) =>
        `set server ${serverPath(backend, server)} weight ${whole(weight, 'weight', 256)}`,
    );
    return this.#tell(commands, signal);
  }

  /** @throws {HaproxyError} as `ask`, and NOT_FOUND, REFUSED */
  setState(
    backend: string,
    server: string,
    state: ServerAdminState,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#tell([`set server ${serverPath(backend, server)} state ${state}`], signal);
  }

  /**
   * Add a server and let it take requests. HAProxy forgets it when it is reloaded.
   * @throws {HaproxyError} as `ask`, and REFUSED: such as a name that is taken
   */
  async addServer(server: AddedServer, signal: AbortSignal): Promise<void> {
    const { backend, name, host, port, weight = 1, connectionsMax, checkEveryMs } = server;
    const path = serverPath(backend, name);
    if (!/^[A-Za-z0-9_.:[\]-]{1,255}$/.test(host)) {
      throw new HaproxyError('INVALID', `"${host.slice(0, 80)}" is no address of a server`);
    }
    const words = [`add server ${path} ${host}:${whole(port, 'port', 65_535)}`];
    words.push(`weight ${whole(weight, 'weight', 256)}`);
    if (connectionsMax !== undefined) words.push(`maxconn ${whole(connectionsMax, 'maxconn')}`);
    if (checkEveryMs !== undefined) words.push(`check inter ${whole(checkEveryMs, 'inter')}ms`);
    const [answer = ''] = await this.ask([words.join(' ')], signal);
    if (!answer.startsWith('New server registered')) throw refusal(words.join(' '), answer);
    if (checkEveryMs !== undefined) await this.#tell([`enable health ${path}`], signal);
    await this.setState(backend, name, 'ready', signal);
  }

  /**
   * Remove a server that was added. Put it into `maint` first, and let what it has end.
   * @throws {HaproxyError} as `ask`, and NOT_FOUND, REFUSED: such as one that still has requests
   */
  async deleteServer(backend: string, server: string, signal: AbortSignal): Promise<void> {
    const command = `del server ${serverPath(backend, server)}`;
    const [answer = ''] = await this.ask([command], signal);
    if (!answer.startsWith('Server deleted')) throw refusal(command, answer);
  }

  /** For commands that say nothing when they are done. */
  async #tell(commands: readonly string[], signal: AbortSignal): Promise<void> {
    const answers = await this.ask(commands, signal);
    answers.forEach((answer, index) => {
      if (answer !== '') throw refusal(commands[index] ?? '', answer);
    });
  }

  #exchange(line: string, signal: AbortSignal): Promise<string> {
    const where = addressText(this.#address);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(noAnswer(where, signal));
      const socket = createConnection(this.#address);
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = (error?: HaproxyError): void => {
        signal.removeEventListener('abort', giveUp);
        socket.destroy();
        if (error !== undefined) reject(error);
        else resolve(Buffer.concat(chunks).toString('utf8'));
      };
      const giveUp = (): void => end(noAnswer(where, signal));
      signal.addEventListener('abort', giveUp);
      socket.on('connect', () => void socket.write(`${line}\n`));
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > this.#answerBytesMax) end(tooLarge(where, this.#answerBytesMax));
      });
      socket.on('end', () => end());
      socket.on('error', (cause) => end(broken({ where, cause, socket, bytes })));
    });
  }
}

/** @throws {HaproxyError} CUT_SHORT, GARBAGE, DENIED, UNSUPPORTED */
function split(text: string, commands: readonly string[]): string[] {
  let rest = text;
  const answers = commands.map((command, index) => {
    const length = answerLength(rest);
    if (length === undefined) {
      const at = `answer ${index + 1} of ${commands.length} of HAProxy`;
      throw new HaproxyError('CUT_SHORT', `${at} ends without its end after ${rest.length} bytes`);
    }
    const answer = rest.slice(0, length);
    rest = rest.slice(length === 0 ? 1 : length + 2);
    if (answer.startsWith('Permission denied')) {
      throw new HaproxyError('DENIED', `HAProxy's socket does not permit "${command}"`);
    }
    if (answer.startsWith('Unknown command')) {
      throw new HaproxyError('UNSUPPORTED', `this HAProxy does not know "${command}"`);
    }
    return answer;
  });
  if (rest === '') return answers;
  const what = `${rest.length} bytes come after the answers to ${commands.length} commands`;
  throw new HaproxyError('GARBAGE', what);
}

/** Length of the first answer of a text without its end; undefined: it has none. */
function answerLength(text: string): number | undefined {
  if (text.startsWith('\n')) return 0;
  const end = text.indexOf('\n\n');
  if (end > 0) return end;
  // A few commands (`del server`) say a single line, with no empty one after it.
  return /^[^\n]+\n$/.test(text) ? text.length - 1 : undefined;
}

/** As few lines as their length permits. */
function linesOf(commands: readonly string[]): string[][] {
  const lines: string[][] = [];
  let bytes = lineBytesMax;
  for (const command of commands) {
    if (/[;\\\r\n]/.test(command) || command.length > lineBytesMax) {
      const what = `"${command.slice(0, 80)}" is no single command of up to ${lineBytesMax} bytes`;
      throw new HaproxyError('INVALID', what);
    }
    bytes += command.length + 1;
    if (bytes > lineBytesMax) {
      lines.push([]);
      bytes = command.length + 1;
    }
    lines.at(-1)?.push(command);
  }
  return lines;
}

function serverPath(backend: string, server: string): string {
  return `${haproxyName(backend, 'backend')}/${haproxyName(server, 'server')}`;
}

function whole(value: number, name: string, most = 1_000_000): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new HaproxyError('INVALID', `${name} ${value} is no whole number from 0 to ${most}`);
}

function isNotFound(answer: string): boolean {
  return /^(Can't find backend|No such (backend|server))/.test(answer);
}

function refusal(command: string, answer: string): HaproxyError {
  const code = isNotFound(answer) ? 'NOT_FOUND' : 'REFUSED';
  const said = answer === '' ? 'nothing' : `"${answer.slice(0, 200).trim()}"`;
  return new HaproxyError(code, `HAProxy answers ${said} to "${command}"`);
}

function noAnswer(where: string, signal: AbortSignal): HaproxyError {
  return new HaproxyError('NO_ANSWER', `HAProxy at ${where} gave no answer in time`, signal.reason);
}

function tooLarge(where: string, most: number): HaproxyError {
  return new HaproxyError('TOO_LARGE', `the answer of ${where} is longer than ${most} bytes`);
}

function broken(of: { where: string; cause: Error; socket: Socket; bytes: number }): HaproxyError {
  const { where, cause, socket, bytes } = of;
  if (socket.bytesWritten === 0 && bytes === 0) {
    const what = `no connection to HAProxy at ${where} (${cause.message})`;
    return new HaproxyError('UNREACHABLE', what, cause);
  }
  const what = `the connection to HAProxy at ${where} broke after ${bytes} bytes`;
  return new HaproxyError('CUT_SHORT', what, cause);
}
