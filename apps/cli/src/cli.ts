import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { auditCommand } from './commands/audit.ts';
import { benchCommand } from './commands/bench.ts';
import { captureCommand } from './commands/capture.ts';
import { checkCommand } from './commands/check.ts';
import { configCommand } from './commands/config.ts';
import { datasetCommand } from './commands/dataset.ts';
import { devCommand } from './commands/dev.ts';
import { fsuCommand } from './commands/fsu.ts';
import { modelCommand } from './commands/model.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { tapCommand } from './commands/tap.ts';
import { topCommand } from './commands/top.ts';
import { trainCommand } from './commands/train.ts';
import { versionCommand } from './commands/version.ts';
import { exitCodes, exitCodesText, type SetExitCode } from './exit-codes.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs one command line.
 *
 * @param argv what follows `levitate`.
 * @returns the exit code; every error is told, none is thrown but a programmer's.
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = levitate(surroundings, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    }
    if (!(error instanceof CommandError)) throw error;
    surroundings.complain(`levitate: ${error.message}`);
    if (error.next !== undefined) surroundings.complain(`  next: ${error.next}`);
    return error.exitCode;
  }
}

/** The whole command tree. */
export function levitate(surroundings: Surroundings, setExitCode: SetExitCode): Command {
  const program = new Command('levitate')
    .description('Forecasts bursts and sizes the queues they will meet, before they arrive.')
    .addHelpText('before', 'Example:\n  levitate dev          # everything on this machine\n')
    .addHelpText('after', `\n${exitCodesText}`)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(levitate --help lists the commands)')
    .enablePositionalOptions();
  for (const build of [
    devCommand,
    checkCommand,
    statusCommand,
    topCommand,
    tapCommand,
    fsuCommand,
    auditCommand,
    simulateCommand,
    benchCommand,
    captureCommand,
    datasetCommand,
    trainCommand,
    modelCommand,
    configCommand,
    versionCommand,
  ]) {
    program.addCommand(build(surroundings, setExitCode));
  }
  speakThrough(program, surroundings);
  return program;
}

/** Output and errors of commander go where ours go, in every sub-command; it never exits. */
function speakThrough(command: Command, surroundings: Surroundings): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => surroundings.print(text.trimEnd()),
    writeErr: (text) => surroundings.complain(text.trimEnd()),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
  command.showSuggestionAfterError(true);
  for (const child of command.commands) speakThrough(child, surroundings);
}
