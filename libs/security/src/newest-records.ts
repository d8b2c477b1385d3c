import { type AuditSource, headFile, readHead, segmentsOf } from './audit-files.ts';
import { type AuditRecord, openLine } from './audit-record.ts';

/** Which records are wanted. */
export interface NewestOptions {
  /** At most so many. */
  readonly limit: number;
  /** Of this target only; empty or left out: of all. */
  readonly target?: string | undefined;
}

/**
 * The newest records, newest first. Files are read from the newest backwards, and only as many as
 * that takes. Lines that do not fit their own hash are left out; `verifyAudit` tells of them.
 * @throws what the source throws when a file cannot be read
 */
export async function newestRecords(
  source: AuditSource,
  { limit, target = '' }: NewestOptions,
): Promise<AuditRecord[]> {
  const found: AuditRecord[] = [];
  const head = await source.read(headFile);
  const names = segmentsOf(await source.names(), head && readHead(head)?.anchor);
  for (const name of names.reverse()) {
    const bytes = (await source.read(name)) ?? Buffer.alloc(0);
    for (const line of linesBackwards(bytes)) {
      if (found.length >= limit) return found;
      const record = openLine(line);
      if (record !== undefined && (target === '' || record.target === target)) found.push(record);
    }
  }
  return found;
}

/** Whole lines without their newlines, the last first. */
function* linesBackwards(bytes: Buffer): Generator<Buffer> {
  let end = bytes.lastIndexOf(10);
  while (end >= 0) {
    const start = end === 0 ? 0 : bytes.lastIndexOf(10, end - 1) + 1;
    yield bytes.subarray(start, end);
    end = start - 1;
  }
}
