import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { AuditLog } from './audit-log.ts';
import { sealLine } from './audit-record.ts';
import { MemoryDirectory, resizeEntry } from './testing/memory-directory.ts';
import { verifyAudit } from './verify-audit.ts';

/** A chain of 40 records in several files, the oldest of which went. */
async function writtenChain(): Promise<MemoryDirectory> {
  const memory = new MemoryDirectory();
  const log = await AuditLog.open({
    ...{ directory: memory.directory, segmentBytesMax: 4_000, segmentsMax: 3, gatherMs: 0 },
    ...{ nowUnixMs: 0, onFailure: (error) => expect.unreachable(String(error)) },
  });
  for (let index = 0; index < 40; index += 1) await log.append(resizeEntry(index));
  await log.close();
  return memory;
}

let chain: MemoryDirectory;
beforeAll(async () => {
  chain = await writtenChain();
});

const verified = (memory: MemoryDirectory) => verifyAudit(memory.directory);

/** The chain with its lines replaced, in one file. */
function withLines(lines: readonly string[]): MemoryDirectory {
  const memory = chain.copy();
  const [first = ''] = memory.segments;
  for (const name of memory.segments) memory.files.delete(name);
  memory.files.set(first, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  return memory;
}

describe('verifyAudit', () => {
  it('finds nothing wrong with a chain whose oldest files went by retention', async () => {
    expect(chain.segments).toHaveLength(3);
    const verdict = await verified(chain);
    expect(verdict).toMatchObject({ isSound: true, faults: [], last: { sequence: 40 } });
    expect(verdict.anchor.sequence).toBe(40 - verdict.records);
    expect(verdict.anchor.sequence).toBeGreaterThan(0);
    expect(await verified(withLines(chain.lines))).toMatchObject({ isSound: true });
    expect(await verified(new MemoryDirectory())).toMatchObject({ isSound: true, records: 0 });
  });

  it('finds every byte that is changed, in every file', async () => {
    const places = [...chain.files].flatMap(([name, { length }]) =>
      Array.from({ length }, (_, at) => ({ name, at })),
    );
    const change = fc.tuple(fc.constantFrom(...places), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([{ name, at }, bits]) => {
        const memory = chain.copy();
        const bytes = memory.files.get(name) as Buffer;
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        expect(await verified(memory)).toMatchObject({ isSound: false });
      }),
      { numRuns: 400 },
    );
  });

  it('finds every piece that is cut out of a file or put into one', async () => {
    const edit = fc.record({
      name: fc.constantFrom(...chain.files.keys()),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(700),
      put: fc.uint8Array({ maxLength: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(edit, async ({ name, share, cut, put }) => {
        const memory = chain.copy();
        const bytes = memory.files.get(name) as Buffer;
        const at = Math.round(share * bytes.length);
        const edited = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
        memory.files.set(name, edited);
        expect((await verified(memory)).isSound).toBe(edited.equals(bytes));
      }),
      { numRuns: 200 },
    );
  });

  it('finds every line that is removed, doubled, moved or swapped', async () => {
    const { lines } = chain;
    const index = fc.nat(lines.length - 1);
    const kind = fc.constantFrom('remove', 'double', 'move', 'swap');
    await fc.assert(
      fc.asyncProperty(kind, index, index, async (what, one, other) => {
        const edited = [...lines];
        const [line = ''] = what === 'double' ? [edited[one]] : edited.splice(one, 1);
        if (what === 'double' || what === 'move') edited.splice(other, 0, line);
        if (what === 'swap') edited.splice(one, 0, ...edited.splice(other, 1, line));
        const isSame = edited.join() === lines.join();
        expect((await verified(withLines(edited))).isSound).toBe(isSame);
      }),
      { numRuns: 200 },
    );
  });

  it('finds every file that is removed', async () => {
    for (const name of chain.files.keys()) {
      const memory = chain.copy();
      memory.files.delete(name);
      expect(await verified(memory), name).toMatchObject({ isSound: false });
    }
  });

  it('finds every record that was written anew, its hash and all that follow too', async () => {
    for (const from of [0, 5, chain.lines.length - 1]) {
      const { anchor } = await verified(chain);
      const kept = chain.lines.slice(0, from);
      const forged = [...kept];
      let point = from === 0 ? anchor : JSON.parse(kept[from - 1] ?? '');
      while (forged.length < chain.lines.length) {
        const index = anchor.sequence + forged.length;
        const sealed = sealLine(resizeEntry(index, { actor: 'nobody' }), point);
        forged.push(sealed.line);
        point = sealed;
      }
      const { faults } = await verified(withLines(forged));
      expect(faults).toMatchObject([{ kind: 'rewritten', sequence: 40 }]);
    }
  });

  it('says which line it is, and what became of it', async () => {
    const { lines } = chain;
    const anchor = Number(JSON.parse(lines[0] ?? '').sequence) - 1;
    const faultsOf = async (edited: string[]) => (await verified(withLines(edited))).faults;
    const [, , , fourth = ''] = lines;
    const altered = lines.with(3, fourth.replace('applied', 'Applied'));
    expect(await faultsOf(altered)).toMatchObject([
      { kind: 'altered', line: 4, sequence: anchor + 4 },
    ]);
    expect(await faultsOf(lines.toSpliced(3, 2))).toMatchObject([
      {
        kind: 'missing',
        line: 4,
        sequence: anchor + 4,
        text: expect.stringMatching(/ are missing/),
      },
    ]);
    expect(await faultsOf(lines.toSpliced(3, 0, 'a line put in'))).toMatchObject([
      { kind: 'altered', line: 4 },
    ]);
    expect(await faultsOf(lines.toSpliced(6, 0, fourth))).toMatchObject([
      { kind: 'out-of-place', line: 7, sequence: anchor + 4 },
    ]);
    expect(await faultsOf(lines.slice(0, -2))).toMatchObject([
      { kind: 'truncated', sequence: 39, text: 'records 39 to 40 are gone from the end' },
    ]);
  });

  it('keeps a hundred faults and counts the others', async () => {
    const { faults, faultsMore } = await verified(withLines(Array(250).fill('nothing')));
    expect(faults).toHaveLength(100);
    expect(faultsMore).toBeGreaterThanOrEqual(150);
  });

  it('shows a chain written anew as a whole only to who kept a record elsewhere', async () => {
    const known = (await verified(chain)).last;
    const other = await writtenChain();
    const log = await AuditLog.open({
      ...{ directory: other.directory, gatherMs: 0, nowUnixMs: 0, onFailure: () => {} },
    });
    await log.append(resizeEntry(41));
    expect(await verifyAudit(other.directory, { known })).toMatchObject({ isSound: true });
    const forged = new MemoryDirectory();
    const forging = await AuditLog.open({
      ...{ directory: forged.directory, gatherMs: 0, nowUnixMs: 0, onFailure: () => {} },
    });
    for (let index = 0; index < 40; index += 1) await forging.append(resizeEntry(index + 1));
    expect(await verified(forged)).toMatchObject({ isSound: true });
    const { faults } = await verifyAudit(forged.directory, { known });
    expect(faults).toMatchObject([{ kind: 'rewritten', sequence: 40 }]);
  });
});
