import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { verifyJar } from './library-jar.ts';

const folder = mkdtempSync(join(tmpdir(), 'lev-jar-'));
afterAll(() => rmSync(folder, { recursive: true }));
const jar = join(folder, 'a.jar');
writeFileSync(jar, 'abc');

// FIPS 180-4, appendix of examples: SHA-256 of "abc".
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

it('accepts a jar of the hash that is written down', async () => {
  await expect(verifyJar(jar, abc)).resolves.toBeUndefined();
});

it('refuses any other, with both hashes', async () => {
  await expect(verifyJar(jar)).rejects.toMatchObject({
    code: 'CORRUPT',
    why: expect.stringContaining(abc),
  });
});
