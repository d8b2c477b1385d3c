import { HaproxyError } from './haproxy-error.ts';
import { type ServerState, serversMax } from './read-answers.ts';

/** Longest text of notes that is read: every server with the longest name. */
const textMax = serversMax * 300;

/** The weights of a backend as text, for who keeps originals. */
export function writeWeights(servers: readonly ServerState[]): string {
  return JSON.stringify({
    version: 1,
    weights: Object.fromEntries(servers.map(({ name, weight }) => [name, weight])),
    // For whoever reads it: these are an operator's, and are never changed here.
    held: servers.filter(({ isHeld }) => isHeld).map(({ name }) => name),
  });
}

/** @throws {HaproxyError} INVALID: text that `writeWeights` does not write */
export function readWeights(text: string): Map<string, number> {
  const weights = weightsOf(text);
  const isWeight = (value: unknown) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 256;
  if (weights !== undefined && Object.values(weights).every(isWeight)) {
    return new Map(Object.entries(weights as Record<string, number>));
  }
  throw new HaproxyError('INVALID', `"${text.slice(0, 80)}" are no noted weights of servers`);
}

function weightsOf(text: string): object | undefined {
  if (text.length > textMax) return undefined;
  try {
    const notes: unknown = JSON.parse(text);
    if (typeof notes !== 'object' || notes === null) return undefined;
    const { version, weights } = notes as { version?: unknown; weights?: unknown };
    return version === 1 && typeof weights === 'object' ? (weights ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
