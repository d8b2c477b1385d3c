const LINES = 12;
const LINE_CHARACTERS = 160;

/**
 * The end of a verifier's log, where the reason stands: at most 12 lines of 160 characters,
 * without the closing line of statistics.
 */
export function logTail(log: string): string {
  const lines = log.split('\n').filter((line) => line !== '' && !/^processed \d+ insns/.test(line));
  return lines
    .slice(-LINES)
    .map((line) => `  ${line.slice(0, LINE_CHARACTERS)}`)
    .join('\n');
}
