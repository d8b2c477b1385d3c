import { CommandError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * The whole number that an option's text says.
 * @throws CommandError when it is none, or not from `min` (default 1) to `max`
 */
export function wholeNumber(
  text: string,
  { name, max, min = 1 }: { readonly name: string; readonly max: number; readonly min?: number },
): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= min && number <= max) {
    return number;
  }
  throw new CommandError({
    exitCode: exitCodes.usage,
    what: `${name} is "${text}"; a whole number from ${min} to ${max} is allowed`,
  });
}
