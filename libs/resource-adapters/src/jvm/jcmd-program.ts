import { execFile } from 'node:child_process';
import { JvmError } from './jvm-error.ts';

/** Longest output that is read, bytes. */
const outputBytesMax = 1 << 20;

/**
 * Has a JVM of this host carry out one command by way of the program `jcmd`, which is a JVM of its
 * own: 130 to 300 ms of a core. For where the attach socket cannot be reached but `jcmd` can be
 * run, such as through `nsenter` or `docker exec`.
 *
 * @param program with the arguments that stand before the process id
 * @returns what the command printed
 * @throws {JvmError}
 */
export function jcmdCommand(
  program: readonly [string, ...string[]],
  asked: { pid: number; command: string; signal: AbortSignal },
): Promise<string> {
  const { pid, command, signal } = asked;
  const [file, ...before] = program;
  const settings = { signal, maxBuffer: outputBytesMax, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    execFile(file, [...before, `${pid}`, command], settings, (cause, stdout, stderr) => {
      if (cause === null) return resolve(withoutPid(stdout, pid));
      reject(failure({ file, pid, command, cause, said: `${stderr}${stdout}` }));
    });
  });
}

function failure(at: {
  file: string;
  pid: number;
  command: string;
  cause: Error & { code?: unknown };
  said: string;
}): JvmError {
  const { file, pid, command, cause, said } = at;
  const options = { cause };
  if (cause.name === 'AbortError') {
    return new JvmError('no-answer', `${file} ${pid} ${command} took too long`, options);
  }
  if (cause.code === 'ENOENT' || cause.code === 'EACCES') {
    const text = `${file} cannot be run; it comes with a JDK (Debian: default-jdk-headless)`;
    return new JvmError('unreachable', text, options);
  }
  if (cause.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new JvmError('too-long', `${command} printed over ${outputBytesMax} bytes`, options);
  }
  const line = said.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
  const isGone = /No such process|not.*running|NoSuchProcess/i.test(said);
  const code = isGone ? 'no-such-jvm' : 'refused';
  return new JvmError(code, `${file} ${pid} ${command} failed: ${line}`, options);
}

/** Its first line names the process. */
function withoutPid(output: string, pid: number): string {
  return output.startsWith(`${pid}:\n`) ? output.slice(`${pid}:\n`.length) : output;
}
