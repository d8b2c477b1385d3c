import { probeCapabilities } from '@levitate/kernel';
import { Command } from 'commander';
import { exitCodes, type SetExitCode } from '../exit-codes.ts';
import { type OutputFormat, withOutput } from '../output-format.ts';
import { type Finding, preflight } from '../preflight.ts';
import type { Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';

/** `levitate check`: what this machine has, why it matters, and how to get what is missing. */
export function checkCommand(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const command = new Command('check')
    .description('what this machine lacks, why it matters, and the command that brings it')
    .addHelpText('before', 'Example:\n  levitate check\n')
    .addHelpText('after', '\nExit 1 when something is missing that every use needs.');
  return withOutput(command).action(async ({ output }: { output: OutputFormat }) => {
    const findings = await preflight({ env: surroundings.env, capabilities: probeCapabilities() });
    if (output === 'json') surroundings.print(JSON.stringify({ findings }));
    else for (const line of findingLines(findings)) surroundings.print(line);
    const isUsable = findings.every(({ ok, neededFor }) => ok || neededFor !== 'everything');
    setExitCode(isUsable ? exitCodes.ok : exitCodes.failed);
  });
}

function findingLines(findings: readonly Finding[]): string[] {
  const rows = findings.map(({ what, ok, neededFor, detail, fix }) => [
    what,
    ok ? 'ok' : 'MISSING',
    neededFor,
    ok ? detail : `${detail}; ${fix}`,
  ]);
  const packages = new Set(findings.flatMap((each) => (each.ok ? [] : (each.debian ?? []))));
  return [
    renderTable(['WHAT', 'STATE', 'NEEDED FOR', 'DETAIL'], rows),
    ...(packages.size > 0 ? ['', `On Debian: apt-get install ${[...packages].join(' ')}`] : []),
  ];
}
