import { rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JvmError } from './jvm-error.ts';
import type { ProcessFacts } from './process-facts.ts';

/** Longest answer that is read, bytes; all flags of a JVM are 65,000. */
const answerBytesMax = 1 << 20;
const pollMs = 10;

/** A JVM that did not open its socket is asked to again after so long, ms: it prints a dump. */
const refusedMs = 60_000;

/**
 * Has JVMs of this host carry out commands of `jcmd`, over the socket that `jcmd` itself speaks
 * with (HotSpot's attach protocol 1): half a millisecond instead of the 150 that a JVM for `jcmd`
 * takes, which makes it fit for ten measurements a second.
 */
export class AttachSocket {
  /** Whom we asked to open its socket last, and when. */
  #asked: { startTicks: string; nowMs: number } | undefined;

  /**
   * @param signal ends the wait
   * @returns what the command printed
   * @throws {JvmError}
   */
  async run(facts: ProcessFacts, command: string, signal: AbortSignal): Promise<string> {
    const { pid } = facts;
    const path = join(facts.temporaryFolder, `.java_pid${facts.innerPid}`);
    if (!(await isSocket(path))) await this.#open(facts, path, signal);
    const answer = await ask({ path, pid, command, signal });
    const end = answer.indexOf('\n');
    const code = answer.slice(0, Math.max(0, end));
    const text = answer.slice(end + 1);
    if (code === '0') return text;
    if (!/^-?\d+$/.test(code)) {
      const said = answer.slice(0, 80);
      throw new JvmError('garbage', `process ${pid} answers "${said}" to ${command}`);
    }
    throw new JvmError('refused', `JVM ${pid} does not ${command}: ${firstLine(text)}`);
  }

  /** The JVM opens its socket when it finds a file of this name and is told to look. */
  async #open(facts: ProcessFacts, path: string, signal: AbortSignal): Promise<void> {
    const { pid, startTicks } = facts;
    if (!facts.catchesQuit) {
      // Any other program would be ended by the signal, and so is a JVM under -Xrs.
      const text = `process ${pid} is no JVM that can be attached to: SIGQUIT would end it`;
      throw new JvmError('no-such-jvm', text);
    }
    const nowMs = performance.now();
    if (this.#asked?.startTicks === startTicks && nowMs - this.#asked.nowMs < refusedMs) {
      const text = `JVM ${pid} has not opened its socket, and is asked again in a minute`;
      throw new JvmError('refused', `${text}; -XX:+DisableAttachMechanism keeps it shut`);
    }
    this.#asked = { startTicks, nowMs };
    await openDoor(facts, path, signal);
    this.#asked = undefined;
  }
}

async function openDoor(facts: ProcessFacts, path: string, signal: AbortSignal): Promise<void> {
  const { pid } = facts;
  const request = join(facts.temporaryFolder, `.attach_pid${facts.innerPid}`);
  try {
    await writeFile(request, '', { mode: 0o600 });
    process.kill(pid, 'SIGQUIT');
    while (!(await isSocket(path))) await delay(pollMs, undefined, { signal });
  } catch (cause) {
    const why = signal.aborted
      ? 'it did not open its socket in time: hung, or started with -XX:+DisableAttachMechanism'
      : `${cause instanceof Error ? cause.message : cause}; attach as its user or as root`;
    const code = signal.aborted ? 'no-answer' : 'refused';
    throw new JvmError(code, `cannot attach to JVM ${pid}: ${why}`, { cause });
  } finally {
    await rm(request, { force: true });
  }
}

function ask(question: {
  path: string;
  pid: number;
  command: string;
  signal: AbortSignal;
}): Promise<string> {
  const { path, pid, command, signal } = question;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(path);
    const end = (error: JvmError) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      reject(error);
    };
    const late = () => {
      const text = `JVM ${pid} does not answer ${command} in time: hung, or in a long pause`;
      end(new JvmError('no-answer', text, { cause: signal.reason }));
    };
    if (signal.aborted) return late();
    signal.addEventListener('abort', late, { once: true });
    socket.on('error', (cause) =>
      end(new JvmError('unreachable', `JVM ${pid} is not at ${path}: ${cause.message}`, { cause })),
    );
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes <= answerBytesMax) chunks.push(chunk);
      else end(new JvmError('too-long', `${command} printed over ${answerBytesMax} bytes`));
    });
    socket.on('end', () => {
      signal.removeEventListener('abort', late);
      resolve(Buffer.concat(chunks).toString());
    });
    // Version, command, three arguments, each ended by a zero byte.
    socket.write(['1', 'jcmd', command, '', '', ''].join('\0'));
  });
}

async function isSocket(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isSocket();
  } catch {
    return false;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}
