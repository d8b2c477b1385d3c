import assert from 'node:assert';
import {
  appendFile,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurably, syncFolder } from './replace-durably.ts';
import { StateDirectoryError } from './state-directory-error.ts';
import { takeLock } from './state-lock.ts';

/** Bounds of a file that only grows. */
export interface AppendBounds {
  /** Size at which the file is set aside, bytes. Default 16 MiB. */
  readonly bytesMax?: number | undefined;
  /** Files set aside (`name.1` is the newest); older ones are deleted. Default 3. */
  readonly keep?: number | undefined;
}

/**
 * The folder of what must survive a service, held by one process at a time. Names are flat:
 * letters, digits, `.`, `-` and `_`.
 */
export class StateDirectory {
  readonly path: string;
  readonly #release: () => Promise<void>;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(path: string, release: () => Promise<void>) {
    this.path = path;
    this.#release = release;
  }

  /**
   * Makes the folder if need be, and takes its lock.
   * @throws {StateDirectoryError} `LOCKED`, `NO_PERMISSION`, `DISK_FULL` or `FAILED`
   */
  static async open(path: string): Promise<StateDirectory> {
    return translated(`cannot use ${path}`, async () => {
      await mkdir(path, { recursive: true, mode: 0o750 });
      return new StateDirectory(path, await takeLock(path));
    });
  }

  /**
   * Replaces a file as a whole: after the promise resolves the new bytes survive a power cut, and
   * at no time is there anything but the old or the new file.
   * @throws {StateDirectoryError}
   */
  async writeDurably(name: string, bytes: Uint8Array | string): Promise<void> {
    const file = this.#file(name);
    await this.#inTurn(`cannot write ${file}`, () => replaceDurably(file, bytes));
  }

  /** A file's bytes; `undefined` when there is none. @throws {StateDirectoryError} */
  async read(name: string): Promise<Buffer | undefined> {
    const file = this.#file(name);
    return this.#inTurn(`cannot read ${file}`, () =>
      readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    );
  }

  /** Deletes a file durably; one that is not there is fine. @throws {StateDirectoryError} */
  async remove(name: string): Promise<void> {
    const file = this.#file(name);
    await this.#inTurn(`cannot delete ${file}`, async () => {
      await unlink(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await syncFolder(this.path);
    });
  }

  /**
   * Appends one line to a file that is set aside when it is full. Lines are not synced one by
   * one: the last moments before a power cut may be missing, earlier ones are not harmed.
   * @throws {StateDirectoryError}
   */
  async appendLine(name: string, line: string, bounds: AppendBounds = {}): Promise<void> {
    await this.appendLines(name, [line], bounds);
  }

  /**
   * Appends lines in one go, as `appendLine` does one by one; where one cannot be written those
   * before it may have been.
   * @throws {StateDirectoryError}
   */
  async appendLines(
    name: string,
    lines: readonly string[],
    bounds: AppendBounds = {},
  ): Promise<void> {
    const { bytesMax = 16 * 1024 * 1024, keep = 3 } = bounds;
    const file = this.#file(name);
    await this.#inTurn(`cannot append to ${file}`, async () => {
      const bytesThere = await stat(file).then(
        (found) => found.size,
        () => 0,
      );
      for (const { isNewFile, text } of fillFiles(lines, { bytesThere, bytesMax })) {
        if (isNewFile) await setAside(file, keep);
        await appendFile(file, text, { mode: 0o640 });
      }
    });
  }

  /**
   * Puts bytes at `offset` of a file, made if need be, and drops what stood from there on (what an
   * append that failed has left). After the promise resolves they survive a power cut; a crash
   * meanwhile leaves some of them from the first on, and harms nothing before `offset`.
   * @throws {StateDirectoryError}
   */
  async appendDurably(name: string, bytes: Uint8Array, offset: number): Promise<void> {
    const file = this.#file(name);
    await this.#inTurn(`cannot append to ${file}`, async () => {
      const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o640);
      try {
        await handle.truncate(offset);
        for (let at = 0; at < bytes.length; ) {
          const written = await handle.write(bytes, at, bytes.length - at, offset + at);
          at += written.bytesWritten;
        }
        await handle.datasync();
      } finally {
        await handle.close();
      }
      if (offset === 0) await syncFolder(this.path);
    });
  }

  /** Names of the files, without the lock and what is half written. */
  async names(): Promise<string[]> {
    const all = await this.#inTurn(`cannot list ${this.path}`, () => readdir(this.path));
    return all.filter((name) => !/^lock(\.|$)|\.tmp$/.test(name)).sort();
  }

  /** Waits for writes in progress, then gives the lock back. */
  async close(): Promise<void> {
    await this.#queue.catch(() => {});
    await this.#release();
  }

  #file(name: string): string {
    assert(/^[\w][\w.-]{0,127}$/.test(name) && name !== 'lock', `not a state file name: ${name}`);
    return join(this.path, name);
  }

  /** One operation at a time, so that two writes of one file end in the order they were asked. */
  #inTurn<Result>(doing: string, operate: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(() => translated(doing, operate));
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** Lines as texts to be appended, of which all but the first begin files of their own. Pure. */
function fillFiles(
  lines: readonly string[],
  { bytesThere, bytesMax }: { bytesThere: number; bytesMax: number },
): { isNewFile: boolean; text: string }[] {
  const texts = [{ isNewFile: false, text: '' }];
  let bytes = bytesThere;
  for (const line of lines) {
    const text = `${line.replaceAll('\n', ' ')}\n`;
    const added = Buffer.byteLength(text);
    const isNewFile = bytes > 0 && bytes + added > bytesMax;
    bytes = isNewFile ? added : bytes + added;
    if (isNewFile) texts.push({ isNewFile, text });
    else (texts.at(-1) as { text: string }).text += text;
  }
  return texts.filter(({ text }) => text !== '');
}

async function setAside(file: string, keep: number): Promise<void> {
  for (let number = keep; number >= 1; number -= 1) {
    const from = number === 1 ? file : `${file}.${number - 1}`;
    await rename(from, `${file}.${number}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  if (keep === 0) await unlink(file);
}

async function translated<Result>(doing: string, operate: () => Promise<Result>): Promise<Result> {
  try {
    return await operate();
  } catch (error) {
    throw StateDirectoryError.from(error, doing);
  }
}
