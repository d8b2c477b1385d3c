import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentProcess, type CrashLab, labLinks } from './crash-lab.ts';

/** What the agent is made to do; the words of the coverage table. */
export type CrashPhase = 'start' | 'acquire' | 'change' | 'release' | 'lapse' | 'stop';

/** A limit that all three can be set to and none has. */
const RAISED = 800_000;
const AGAIN = 900_000;
/** Long enough for a slow machine to make its change within. */
const LAPSE_MS = 5_000;

/**
 * Make an agent take every step it has, on three links driven in three ways, always in the same
 * order. It ends with the agent's own end.
 * @param onPhase told before each phase
 * @throws RpcError where the agent dies on the way
 */
export async function playCrashScenario(
  { child, client }: AgentProcess,
  lab: CrashLab,
  onPhase: (phase: CrashPhase) => void = () => {},
): Promise<void> {
  const original = JSON.stringify(lab.settings());
  const holder = 'controller';
  let fencingToken = 0;
  const acquire = async (ttlMs: number, links: readonly string[] = labLinks) => {
    onPhase('acquire');
    fencingToken += 1;
    for (const link of links) await client.acquireLease({ link, holder, fencingToken, ttlMs });
  };
  const change = async (limitBytes: number, links: readonly string[] = labLinks) => {
    onPhase('change');
    for (const link of links) {
      await client.setQueueLimit({ link, holder, fencingToken, limitBytes });
    }
  };
  await acquire(60_000);
  await change(RAISED);
  await change(AGAIN);
  onPhase('release');
  for (const link of labLinks) await client.releaseLease({ link, holder, fencingToken });
  await acquire(LAPSE_MS, ['queue']);
  await change(RAISED, ['queue']);
  onPhase('lapse');
  while (JSON.stringify(lab.settings()) !== original) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await delay(20);
  }
  // The record follows the limit; the next call waits its turn behind it.
  await acquire(60_000);
  await change(RAISED);
  onPhase('stop');
  const exited = once(child, 'exit');
  if (child.kill('SIGTERM')) await exited;
}
