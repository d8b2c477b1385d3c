import { posix } from 'node:path';
import type { Offence, Rule, SourceFile, SourceTree } from './source-tree.ts';

const link = /\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

/** Links of Markdown files. */
export const linkRules: readonly Rule[] = [
  {
    name: 'no link of a Markdown file is dead',
    check: (tree) => {
      const known = new Set(tree.files.flatMap(({ path }) => withFolders(path)));
      return tree.files
        .filter(({ path }) => path.endsWith('.md'))
        .flatMap((file) => deadLinks(file, tree, known));
    },
  },
];

function deadLinks(file: SourceFile, tree: SourceTree, known: ReadonlySet<string>): Offence[] {
  const targets = [...withoutCode(file.text).matchAll(link)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => isDead(target, { file, tree, known }))
    .map((target) => ({ path: file.path, what: `nothing is at "${target}"` }));
}

function isDead(
  target: string,
  at: { file: SourceFile; tree: SourceTree; known: ReadonlySet<string> },
): boolean {
  const [path = '', anchor] = target.split('#');
  const full = path === '' ? at.file.path : posix.join(posix.dirname(at.file.path), path);
  if (!at.known.has(full.replace(/\/$/, ''))) return true;
  if (anchor === undefined || !full.endsWith('.md')) return false;
  const text = at.tree.files.find((file) => file.path === full)?.text ?? '';
  return !headingAnchors(text).includes(anchor);
}

/** As GitHub makes them: lower case, punctuation dropped, spaces to hyphens. */
function headingAnchors(text: string): string[] {
  return [...withoutCode(text).matchAll(/^#+\s+(.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/``?[^`\n]*``?(?=[^(])/g, '');
}

function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
