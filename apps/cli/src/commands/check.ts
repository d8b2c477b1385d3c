import { probeCapabilities } from '@levitate/kernel';
import { Command, Option } from 'commander';
import { checkLines } from '../check-text.ts';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { preflight, type Use } from '../preflight.ts';
import type { Surroundings } from '../surroundings.ts';

interface Options {
  readonly for: keyof typeof needs;
  readonly output: OutputFormat;
}

/** Each needs what stands before it too. */
const needs = {
  everything: ['everything'],
  'real-kernel': ['everything', 'real kernel'],
  ebpf: ['everything', 'real kernel', 'eBPF'],
} satisfies Record<string, Use[]>;

/** `levitate check`: what this machine has, why it matters, and how to get what is missing. */
export function checkCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('check')
    .description('what this machine lacks, why it matters, and the command that brings it')
    .addHelpText('before', 'Example:\n  levitate check --for ebpf\n')
    .addOption(
      new Option('--for <use>', 'what must not lack anything')
        .choices(Object.keys(needs))
        .default('everything'),
    )
    .addHelpText('after', '\nExit 1 when something is missing that --for needs, else 0.');
  return withOutput(command).action(async (options: Options) => {
    const findings = await preflight({ env: surroundings.env, capabilities: probeCapabilities() });
    if (options.output === 'json') surroundings.print(JSON.stringify({ findings }));
    else for (const line of checkLines(findings)) surroundings.print(line);
    const needed: readonly Use[] = needs[options.for];
    const isUsable = findings.every(({ ok, neededFor }) => ok || !needed.includes(neededFor));
    setExitCode(isUsable ? exitCodes.ok : exitCodes.failed);
  });
}
