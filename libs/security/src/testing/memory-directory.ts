import type { AuditLogOptions } from '../audit-log.ts';
import type { AuditEntry } from '../audit-record.ts';

/** A state directory without a disk: what a test alters, tears and fails. */
export class MemoryDirectory implements Pick<AuditLogOptions, 'directory'> {
  readonly files = new Map<string, Buffer>();
  /** Writes from now on fail with it. */
  failure: Error | undefined;
  /** Bytes of the next append that still reach the file; the append then fails, as in a crash. */
  tearAfterBytes: number | undefined;

  readonly directory: AuditLogOptions['directory'] = {
    appendDurably: async (name, bytes, offset) => {
      this.#fail();
      const before = (this.files.get(name) ?? Buffer.alloc(0)).subarray(0, offset);
      const torn = this.tearAfterBytes;
      this.tearAfterBytes = undefined;
      this.files.set(name, Buffer.concat([before, bytes.subarray(0, torn ?? bytes.length)]));
      if (torn !== undefined) throw new Error('torn');
    },
    writeDurably: async (name, bytes) => {
      this.#fail();
      this.files.set(name, Buffer.from(bytes));
    },
    read: async (name) => this.files.get(name),
    remove: async (name) => void this.files.delete(name),
    names: async () => [...this.files.keys()].sort(),
  };

  /** A copy to be damaged. */
  copy(): MemoryDirectory {
    const other = new MemoryDirectory();
    for (const [name, bytes] of this.files) other.files.set(name, Buffer.from(bytes));
    return other;
  }

  /** The names of the segments, oldest first. */
  get segments(): string[] {
    return [...this.files.keys()].filter((name) => name.endsWith('.jsonl')).sort();
  }

  /** Lines of all segments, without newlines, in their order. */
  get lines(): string[] {
    return this.segments.flatMap((name) => String(this.files.get(name)).trimEnd().split('\n'));
  }

  #fail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** The n-th of many resizes, over three targets. */
export function resizeEntry(index: number, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    timeUnixMs: 1_700_000_000_000 + index * 100,
    actor: 'fsu-controller',
    action: 'resize',
    target: `link-${index % 3}`,
    cause: 'burst-expected, same-episode',
    forecast: 'periodic@1: burst in 0.4 s (0.98)',
    before: 524_288 + index,
    after: 1_048_576 + index,
    outcome: 'applied',
    ...more,
  };
}
