import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { kernelErrorFromErrno } from './kernel-error.ts';
import { libc } from './libc.ts';

/** `flock(2)`: exclusive, without waiting. */
const LOCK_EX_NB = 2 | 4;
/** A file that is deleted by its holder between our open and our lock is opened again. */
const ATTEMPTS_MAX = 10;

/** What became of a try to take a lock. */
export type FileLockOutcome =
  /** `left` is what a holder wrote that ended without giving the lock back. */
  | { kind: 'taken'; lock: FileLock; left: string }
  /** `holder` is what the holder wrote about itself. */
  | { kind: 'held'; holder: string };

/**
 * A lock on a file that the kernel frees with its process (`flock(2)`), across network and process
 * namespaces, and that says who holds it. The file goes when the lock is given back.
 */
export class FileLock {
  readonly #path: string;
  readonly #fd: number;

  /**
   * @param holder what others read about this holder
   * @throws KernelError, and Node's own error where the folder cannot be made or written
   */
  static take(path: string, holder: string): FileLockOutcome {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const fd = openSync(path, 'a+', 0o644);
      const c = libc();
      if (c.flock(fd, LOCK_EX_NB) !== 0) {
        const error = kernelErrorFromErrno({ what: `locking ${path}`, errno: c.errno() });
        const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' });
        closeSync(fd);
        if (error.errno === 'EAGAIN') return { kind: 'held', holder: text };
        throw error;
      }
      if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(fd).ino) {
        closeSync(fd);
        continue;
      }
      const left = readFileSync(path, 'utf8');
      ftruncateSync(fd);
      writeSync(fd, holder);
      return { kind: 'taken', lock: new FileLock(path, fd), left };
    }
    return { kind: 'held', holder: '' };
  }

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  /**
   * Give it back. While it is held nobody of us deletes the file, so it is ours that goes; one that
   * somebody deleted by hand is gone already.
   */
  release(): void {
    try {
      rmSync(this.#path, { force: true });
    } finally {
      closeSync(this.#fd);
    }
  }
}
