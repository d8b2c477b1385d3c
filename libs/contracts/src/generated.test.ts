import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const committed = fileURLToPath(new URL('./generated', import.meta.url));
const generator = fileURLToPath(new URL('../../../tools/proto-types/generate.ts', import.meta.url));

it('committed types are those of the protos (else: node tools/proto-types/generate.ts)', () => {
  const fresh = mkdtempSync(join(tmpdir(), 'levitate-proto-types-'));
  try {
    execFileSync(process.execPath, [generator, fresh]);
    const [now, then] = [filesOf(fresh), filesOf(committed)];
    expect([...then.keys()]).toEqual([...now.keys()]);
    for (const [name, text] of now) expect(then.get(name), name).toBe(text);
    expect(now.size).toBeGreaterThan(60);
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

function filesOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
