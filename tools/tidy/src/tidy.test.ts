import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyFolders } from './empty-folders.ts';
import { rules } from './rules.ts';
import { type Offence, readSourceTree } from './source-tree.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tree = readSourceTree(root);

describe('the tree is tidy', () => {
  for (const rule of rules) {
    it(rule.name, () => {
      expect(rule.check(tree).map(inOneLine)).toEqual([]);
    });
  }

  it('no folder is empty', () => {
    expect(emptyFolders(root)).toEqual([]);
  });

  it('the tree that was read is this one', () => {
    expect(tree.files.map(({ path }) => path)).toContain('tools/tidy/src/tidy.test.ts');
  });
});

function inOneLine({ path, line, what }: Offence): string {
  return `${path}${line === undefined ? '' : `:${line}`} ${what}`;
}
