import { type Command, Option } from 'commander';

/** How results are printed. */
export type OutputFormat = 'table' | 'json';

/** Adds `-o json|table` to a command that prints results. */
export function withOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <format>', 'how to print the result')
      .choices(['table', 'json'])
      .default('table'),
  );
}
