import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the repository; `path` from its root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What the rules look at: files that git tracks, and new ones that it does not ignore. */
export interface SourceTree {
  readonly files: readonly SourceFile[];
}

/** A breach of a rule. */
export interface Offence {
  readonly path: string;
  /** Counted from 1. */
  readonly line?: number;
  /** What is wrong, with the number and the limit where there are any. */
  readonly what: string;
}

/** A rule of the style: its name is a sentence that is true of a tidy tree. */
export interface Rule {
  readonly name: string;
  readonly check: (tree: SourceTree) => Offence[];
}

const binary = /\.(png|jpg|ico|woff2?|o|bin|gz|zst|wasm|node)$/;

/** Reads the tree from the disk. @param root of the repository. */
export function readSourceTree(root: string): SourceTree {
  const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const paths = new Set(list.toString().split('\0'));
  const files = [...paths]
    .filter((path) => path !== '' && isFile(join(root, path)))
    .sort()
    .map((path) => ({
      path,
      text: binary.test(path) ? '' : readFileSync(join(root, path), 'utf8'),
    }));
  return { files };
}

/** @returns whether the file was written by a program, or word for word by somebody else. */
export function isGenerated(path: string): boolean {
  return /(^|\/)(generated|testdata)\//.test(path) || /^(package-lock\.json|LICENSE)$/.test(path);
}

/** @returns offences of every line for which `find` says what is wrong. */
export function offencesByLine(
  file: SourceFile,
  find: (line: string) => string | undefined,
): Offence[] {
  return file.text.split('\n').flatMap((line, index) => {
    const what = find(line);
    return what === undefined ? [] : [{ path: file.path, line: index + 1, what }];
  });
}

// A file that git still lists may be gone from the disk.
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
