/**
 * `node src/faults/run-agent-faults.ts`: fault sequences through the shipped agent; `--bugs`: the
 * kill table of bugs planted in it; `--seed N`: one sequence, step by step.
 */
import { diskSubstitutes, runFaults } from '@levitate/testing/faults';
import { agentBugs } from './agent-bugs.ts';
import { agentFinders } from './agent-finders.ts';

const kernel = new URL('./kernel-in-memory.ts', import.meta.url).href;

await runFaults({
  title: 'agent',
  count: 5_000,
  bugs: agentBugs,
  finders: agentFinders,
  url: new URL('./agent-sequences.ts', import.meta.url).href,
  rooms: ['apps/ebpf-agent/src', 'libs/control/src', 'libs/service-kit/src'],
  substitutes: [
    ...diskSubstitutes,
    { importer: 'src/real-kernel.ts', specifier: '@levitate/kernel', url: kernel },
    { importer: 'src/actuators/restore-queue.ts', specifier: '@levitate/kernel', url: kernel },
    { importer: 'src/actuators/restore-queue.ts', specifier: 'node:fs', url: kernel },
  ],
});
