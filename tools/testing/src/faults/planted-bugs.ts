import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A mistake in shipped code: exact texts of one file, and what stands there instead. */
export interface PlantedBug {
  /** What is wrong, in words. */
  name: string;
  /** Path from the root of the tree. */
  file: string;
  edits: readonly (readonly [was: string, becomes: string])[];
}

/** A module that another one is given instead of what it asks for. */
export interface Substitute {
  /** End of the path of whoever asks. */
  importer: string;
  specifier: string;
  url: string;
}

const root = pathToFileURL(fileURLToPath(new URL('../../../../', import.meta.url))).href;

/**
 * Loads shipped modules, as they are or with a bug in them, side by side in one process: with a bug
 * every module of `rooms` is loaded anew, and the text of one file is changed on its way in.
 */
export class BugNursery {
  readonly #bugs: readonly PlantedBug[];
  readonly #planted = new Set<number>();

  /**
   * From now on the modules of this process are loaded through here.
   * @throws Error where the text that a bug changes is not there exactly once: the bug has rotted
   */
  constructor(options: {
    bugs: readonly PlantedBug[];
    substitutes: readonly Substitute[];
    /** Folders of which each bug has modules of its own, such as `libs/control/src`. */
    rooms: readonly string[];
  }) {
    const { bugs, substitutes, rooms } = options;
    this.#bugs = bugs;
    for (const bug of bugs) changed(readFileSync(new URL(bug.file, root), 'utf8'), bug);
    const shared = new Set(substitutes.map(({ url }) => url));
    const isInRoom = (url: string) =>
      !shared.has(url) && rooms.some((room) => url.startsWith(`${root}${room}/`));
    registerHooks({
      resolve: (specifier, context, next) => {
        const [importer = '', query] = (context.parentURL ?? '').split('?');
        const substitute = substitutes.find(
          (one) => one.specifier === specifier && importer.endsWith(one.importer),
        );
        if (substitute !== undefined) return { url: substitute.url, shortCircuit: true };
        const resolved = next(specifier, context);
        if (query === undefined || resolved.url.includes('?')) return resolved;
        return isInRoom(resolved.url) ? { ...resolved, url: `${resolved.url}?${query}` } : resolved;
      },
      load: (url, context, next) => {
        const loaded = next(url, context);
        const [path = '', query = ''] = url.split('?');
        const index = Number(/^bug=(\d+)$/.exec(query)?.[1] ?? Number.NaN);
        const bug = bugs[index];
        if (bug === undefined || path !== `${root}${bug.file}`) return loaded;
        this.#planted.add(index);
        return { ...loaded, source: changed(String(loaded.source), bug) };
      },
    });
  }

  /** @returns the module as it is shipped */
  load<Module>(url: string): Promise<Module> {
    return import(url) as Promise<Module>;
  }

  /** @returns the module with a bug somewhere below it @throws Error where the bug is not below */
  async loadWithBug<Module>(url: string, bug: PlantedBug): Promise<Module> {
    const index = this.#bugs.indexOf(bug);
    const module = (await import(`${url}?bug=${index}`)) as Module;
    if (!this.#planted.has(index)) throw new Error(`${bug.file} is not loaded: "${bug.name}"`);
    return module;
  }
}

function changed(text: string, { name, file, edits }: PlantedBug): string {
  let bad = text;
  for (const [was, becomes] of edits) {
    const times = bad.split(was).length - 1;
    if (times !== 1) {
      const why = `${file} holds its text ${times} times instead of once`;
      throw new Error(`the bug "${name}" cannot be planted: ${why}. Next: mend it\n${was}`);
    }
    bad = bad.replace(was, () => becomes);
  }
  return bad;
}
