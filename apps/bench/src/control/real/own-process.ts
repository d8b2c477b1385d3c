import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FromReal, RealOrder, ToReal } from './real-order.ts';
import type { RealPair, RealSystem } from './runs.ts';

/** Until what was aborted has cleaned up, ms. */
const cleanUpMs = 20_000;

/**
 * A real system in a process of its own, which begins with the first run: what one does to its
 * event loop (hundreds of threads, forks of a large process) makes nobody else's requests late.
 */
export function ownProcess(
  order: RealOrder,
  { atOnce, progress }: { atOnce: number; progress: (line: string) => void },
): RealSystem {
  let child: ChildProcess | undefined;
  const play = async (runs: readonly number[], signal: AbortSignal) => {
    signal.throwIfAborted();
    if (child === undefined || isGone(child)) child = open(order);
    return await ask(child, { runs, signal, progress });
  };
  const close = async () => {
    if (child !== undefined) await end(child);
  };
  return { atOnce, play, [Symbol.asyncDispose]: close };
}

function open(order: RealOrder): ChildProcess {
  // Errors and typed maps go through as they are.
  const child = fork(new URL('./real-main.ts', import.meta.url), { serialization: 'advanced' });
  tell(child, { kind: 'open', order });
  return child;
}

/** @throws when the process ends before it answers */
async function ask(
  child: ChildProcess,
  of: {
    runs: readonly number[];
    signal: AbortSignal;
    progress: (line: string) => void;
  },
): Promise<PromiseSettledResult<RealPair>[]> {
  const { runs, signal, progress } = of;
  const played = Promise.withResolvers<PromiseSettledResult<RealPair>[]>();
  const onMessage = (message: FromReal) => {
    if (message.kind === 'progress') progress(message.line);
    else played.resolve(message.results);
  };
  const onExit = (code: number | null) =>
    played.reject(new Error(`the process of a real system ended: ${code}`));
  const onAbort = () => tell(child, { kind: 'abort' });
  child.on('message', onMessage);
  child.once('exit', onExit);
  child.once('error', played.reject);
  signal.addEventListener('abort', onAbort, { once: true });
  tell(child, { kind: 'play', runs });
  return await played.promise.finally(() => {
    child.off('message', onMessage);
    child.off('exit', onExit);
    child.off('error', played.reject);
    signal.removeEventListener('abort', onAbort);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (isGone(child)) return;
  const exit = once(child, 'exit');
  child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), cleanUpMs);
  await exit;
  clearTimeout(late);
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function tell(child: ChildProcess, message: ToReal): void {
  child.send(message);
}
