import { setPriority } from 'node:os';
import { libc } from './libc.ts';

const SCHED_RR = 2;
/** The lowest of the real-time priorities; any of them goes before every ordinary thread. */
const PRIORITY = 1;
const NICE = -15;

/**
 * Let the calling thread go before everything ordinary: a sender that waits for a processor sends
 * other traffic than asked. Niceness alone does not do it, because the kernel shares processors out
 * between sessions first (autogroup); it is the fallback where real time is not allowed (a control
 * group without a share of it). 0 is the calling thread, on Linux.
 */
export function goAhead(): void {
  const parameter = Buffer.alloc(8);
  parameter.writeInt32LE(PRIORITY);
  if (libc().sched_setscheduler(0, SCHED_RR, parameter) !== 0) setPriority(0, NICE);
}
