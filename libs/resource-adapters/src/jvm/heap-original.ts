import type { NotedOriginal } from '@levitate/resource-sdk';
import { type HeapFlag, heapFlags, type JvmReading } from './jvm-access.ts';
import { JvmError } from './jvm-error.ts';

/** What is noted of a JVM before its heap is changed, as text. */
export function heapOriginal({ maxBytes, flags }: JvmReading): string {
  return JSON.stringify({ maxBytes, flags });
}

/**
 * The flags that are to stand again. A ceiling that was the whole heap is that again, also where
 * the JVM was restarted with another `-Xmx` meanwhile: what it would have come up with.
 * @param now the JVM as it is
 * @throws {JvmError} `garbage`: what was noted is not what `heapOriginal` wrote
 */
export function originalFlags(
  original: NotedOriginal,
  now: JvmReading,
): Partial<Record<HeapFlag, number>> {
  const noted = parsed(original);
  const ceiling = noted.flags.SoftMaxHeapSize ?? original.size;
  const isWhole = ceiling === noted.maxBytes;
  const SoftMaxHeapSize = isWhole ? now.maxBytes : Math.min(ceiling, now.maxBytes);
  return { ...noted.flags, SoftMaxHeapSize };
}

/**
 * The size that a restore comes to: what was noted, unless the JVM was started again with another
 * `-Xmx` meanwhile.
 * @param now the JVM as it is
 * @throws {JvmError} as `originalFlags`
 */
export function restoredSize(original: NotedOriginal, now: JvmReading): number {
  const { SoftMaxHeapSize: noted = original.size } = parsed(original).flags;
  // Where it was not the ceiling it was what is committed, of which there is at most all.
  if (noted !== original.size) return Math.min(original.size, now.maxBytes);
  return originalFlags(original, now).SoftMaxHeapSize ?? original.size;
}

function parsed({
  snapshot,
}: NotedOriginal): Partial<Pick<JvmReading, 'maxBytes'>> & Pick<JvmReading, 'flags'> {
  if (snapshot === undefined) return { flags: {} };
  try {
    const { maxBytes, flags } = JSON.parse(snapshot);
    const known = { maxBytes, ...flags };
    for (const name of [...heapFlags, 'maxBytes']) {
      const value = known[name];
      // A JVM need not have every flag.
      const isMissing = value === undefined && name !== 'maxBytes';
      if (!isMissing && !(Number.isFinite(value) && value >= 0)) throw new SyntaxError(name);
    }
    return { maxBytes, flags };
  } catch (cause) {
    const text = `what was noted as original is no set of flags: ${snapshot.slice(0, 80)}`;
    throw new JvmError('garbage', text, { cause });
  }
}
