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

/** A result in the format that was asked for: the value as JSON, or what it says to people. */
export function inFormat(format: OutputFormat, value: unknown, text: () => string): string {
  return format === 'json' ? JSON.stringify(value) : text();
}
