import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JvmError } from './jvm-error.ts';

/** What Linux says of a process that is, or should be, a JVM. */
export interface ProcessFacts {
  pid: number;
  /** Its number in its own container; the same outside of one. */
  innerPid: number;
  /** Its temporary folder as seen from here. */
  temporaryFolder: string;
  /** Clock ticks from the boot of the machine to its start. */
  startTicks: string;
  /** SIGQUIT does not end it: what every JVM that can be attached to has arranged. */
  catchesQuit: boolean;
}

/** Bit of SIGQUIT (3) in the masks of `/proc/<pid>/status`. */
const quitBit = 1n << 2n;

/**
 * Reads without a turn of the event loop: the kernel answers from memory, in microseconds.
 * @throws {JvmError} `no-such-jvm`
 */
export function processFacts(pid: number): ProcessFacts {
  const folder = `/proc/${pid}`;
  try {
    const stat = readFileSync(join(folder, 'stat'), 'utf8');
    const status = readFileSync(join(folder, 'status'), 'utf8');
    // The name, in parentheses, may itself have spaces and parentheses: fields count after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Killed, and only its parent has not yet asked how it ended.
    if (fields[0] === 'Z') throw new Error('it has ended');
    const innerPid = Number(lineOf(status, 'NSpid').split(/\s+/).at(-1) || pid);
    return {
      pid,
      innerPid,
      temporaryFolder: join(folder, 'root', 'tmp'),
      startTicks: fields[19] ?? '',
      catchesQuit: (BigInt(`0x${lineOf(status, 'SigCgt') || '0'}`) & quitBit) !== 0n,
    };
  } catch (cause) {
    const text = `no process ${pid} can be looked at here: it has ended, or this is not its host`;
    throw new JvmError('no-such-jvm', text, { cause });
  }
}

function lineOf(status: string, name: string): string {
  const line = status.split('\n').find((each) => each.startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}
