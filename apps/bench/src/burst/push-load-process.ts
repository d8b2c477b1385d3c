import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { serviceNodeArguments } from '@levitate/service-kit';

const MAIN = new URL('push-load-main.ts', import.meta.url).pathname;

/**
 * A `PushLoad` in a process of its own: what it takes to make and send samples is not in the times
 * of a client that asks meanwhile.
 * @returns ends it
 */
export async function startPushLoadProcess(options: {
  address: string;
  links: number;
  seed: string;
}): Promise<() => Promise<void>> {
  const { address, links, seed } = options;
  const args = [...serviceNodeArguments, MAIN, address, String(links), seed];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const [started] = await Promise.race([once(child, 'message'), ended]);
  if (started !== 'started') throw new Error(`the load of samples ended with ${started}`);
  return async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
}
