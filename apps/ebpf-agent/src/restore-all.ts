import { join } from 'node:path';
import {
  exitCodes,
  faultLine,
  loadConfig,
  type ProcessInput,
  StateDirectory,
  StateDirectoryError,
} from '@levitate/service-kit';
import { agentConfig } from './config.ts';
import { restoreResources } from './resources/resource-record.ts';
import { restoreRecorded } from './restore-originals.ts';

/** Folder of the agent within the host's state directory. */
export const AGENT_FOLDER = 'ebpf-agent';

/**
 * `--restore-all`: put every recorded limit back without any service running, and say so in one
 * JSON object on stdout. Takes the agent's own flags, so that it finds the same state directory.
 * Exit 0 when nothing is left to restore, 1 when an agent runs (ask that one) or a queue refused.
 */
export async function restoreAll(input: ProcessInput): Promise<void> {
  const loaded = await loadConfig({ service: 'ebpf-agent', schema: agentConfig }, input);
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`${faultLine(fault)}\n`);
    process.exitCode = exitCodes.configuration;
    return;
  }
  const path = join(loaded.config.state_directory, AGENT_FOLDER);
  try {
    const directory = await StateDirectory.open(path);
    const { restored, resources } = await restoreBoth(directory).finally(() => directory.close());
    process.stdout.write(`${JSON.stringify({ state_directory: path, restored, resources })}\n`);
    const isDone = [...restored, ...resources].every(({ outcome }) => outcome !== 'failed');
    process.exitCode = isDone ? exitCodes.stopped : exitCodes.failed;
  } catch (error) {
    const isRunning = error instanceof StateDirectoryError && error.code === 'LOCKED';
    const next = isRunning ? '; the agent runs: its Restore call does this' : '';
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${next}\n`);
    process.exitCode = exitCodes.failed;
  }
}

/** Links and resources, each with why it failed where it did. */
async function restoreBoth(directory: StateDirectory) {
  const withWords = <One extends object>(one: One, error: unknown) =>
    error === undefined ? one : { ...one, error: String(error) };
  const links = await restoreRecorded(directory);
  const restored = links.map(({ error, ...one }) => withWords(one, error));
  const resources: { name: string; size: number; outcome: 'restored' | 'failed' }[] = [];
  await restoreResources(directory, ({ name, size, error }) => {
    const outcome = error === undefined ? 'restored' : 'failed';
    resources.push(withWords({ name, size, outcome }, error));
  });
  return { restored, resources };
}
