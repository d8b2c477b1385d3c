import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

const secondsPer = { s: 1, m: 60, h: 3600 } as const;
const secondsMax = 86_400;

/**
 * Seconds of a time as people write it: `90s`, `30m`, `2h`.
 * @throws CommandError for another form, or for more than a day
 */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text);
  const seconds = match ? Number(match[1]) * secondsPer[match[2] as 's' | 'm' | 'h'] : 0;
  if (!(seconds > 0 && seconds <= secondsMax)) {
    throw new CommandError({
      exitCode: exitCodes.usage,
      what: `"${text}" is not a time from 1s to 24h`,
      next: 'write a number and s, m or h: 90s, 30m, 2h',
    });
  }
  return seconds;
}
