import type { FaultSequences } from '@levitate/testing/faults';
import { AgentHost } from './agent-host.ts';
import { type AgentStep, drawAgentSteps } from './agent-steps.ts';

/** Sequences through the shipped agent, from its state directory to its calls of the kernel. */
export const sequences: FaultSequences<AgentStep> = {
  draw: drawAgentSteps,
  play: (seed, steps) => new AgentHost(seed).play(steps),
};
