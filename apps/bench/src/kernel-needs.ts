/**
 * What a run in the kernel lacks here; undefined: nothing.
 * @param forWhat why it needs root
 */
export function whatIsMissing(forWhat: string): string | undefined {
  if (process.platform !== 'linux') return `needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return `needs root: ${forWhat}`;
  return undefined;
}
