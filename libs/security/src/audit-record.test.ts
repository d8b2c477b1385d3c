import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainStart, openLine, sealLine } from './audit-record.ts';
import { resizeEntry } from './testing/memory-directory.ts';

describe('a line of the audit log', () => {
  it('has keys in a fixed order and the SHA-256 of what stands before it', () => {
    const { line } = sealLine(resizeEntry(0, { forecast: undefined }), chainStart);
    expect(line).toBe(
      '{"sequence":1,"timeUnixMs":1700000000000,"actor":"fsu-controller","action":"resize",' +
        '"target":"link-0","cause":"burst-expected, same-episode","before":524288,' +
        `"after":1048576,"outcome":"applied","previous":"${'0'.repeat(64)}",` +
        // As `sha256sum` says of the bytes before `,"hash"`.
        '"hash":"c7a2151c7d5546aba132250b0a56e352e67d9d11bfad1845fc162c8f17667899"}',
    );
  });

  it('gives back what went in, whatever the texts and numbers are', () => {
    // UTF-16, halves of pairs and control characters among them.
    const text = fc.array(fc.nat(0xffff), { maxLength: 20 }).map((u) => String.fromCharCode(...u));
    const value = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }));
    const entries = fc.record({
      ...{ actor: text, action: text, target: text, cause: text, outcome: text },
      ...{ forecast: text, before: value, after: value },
      timeUnixMs: fc.nat(),
    });
    fc.assert(
      fc.property(entries, (entry) => {
        const { line, sequence, hash } = sealLine(entry, chainStart);
        expect(line).not.toContain('\n');
        const zero = (one: unknown) => (Object.is(one, -0) ? 0 : one);
        const { before, after } = entry;
        expect(openLine(Buffer.from(line))).toEqual({
          ...{ ...entry, before: zero(before), after: zero(after), sequence, hash },
          previous: chainStart.hash,
        });
      }),
      { numRuns: 40 },
    );
  });

  it('cuts texts at their bound and keeps numbers that JSON has no word for', () => {
    const entry = resizeEntry(0, { cause: 'x'.repeat(5_000), before: Number.NaN });
    const record = openLine(Buffer.from(sealLine(entry, chainStart).line));
    expect(record?.cause).toBe(`${'x'.repeat(1_023)}…`);
    expect(record?.before).toBe('NaN');
  });

  it('is no record where its hash fits and its contents are none', () => {
    for (const body of ['{"a":1', '{"sequence":0', '7', '']) {
      const honest = sealLine(resizeEntry(0), chainStart).line;
      expect(openLine(Buffer.from(honest.replace(/^.*(?=,"hash)/, body)))).toBeUndefined();
    }
  });
});
