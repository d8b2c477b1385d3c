/** What the `tsconfig.json` of a room says. */
export interface RoomTypes {
  /** `libs/clock`. */
  readonly folder: string;
  readonly config: {
    readonly extends?: string;
    readonly compilerOptions?: Readonly<Record<string, unknown>>;
    readonly include?: readonly string[];
  };
}

/** Rooms whose types are checked together. */
export interface TypeProgram {
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Folders of the rooms, and what is read of them, from the root of the tree. */
  readonly folders: readonly string[];
  readonly include: readonly string[];
}

const known = ['extends', 'compilerOptions', 'include'];

/**
 * Rooms of equal settings are one program: what they import of each other is read and checked once
 * instead of once for each, a seventh of the work.
 *
 * @returns the program of most rooms first.
 * @throws Error where a room says more than settings and what to read: it would be passed over.
 */
export function typePrograms(rooms: readonly RoomTypes[]): TypeProgram[] {
  const groups = new Map<string, RoomTypes[]>();
  for (const room of rooms) {
    const { folder, config } = room;
    const strange = Object.keys(config).filter((key) => !known.includes(key));
    if (strange.length > 0 || config.include === undefined) {
      const what = strange.length > 0 ? `says ${strange.join(', ')}` : 'says no include';
      throw new Error(`${folder}/tsconfig.json ${what}; use ${known.join(', ')}`);
    }
    const settings = JSON.stringify(sorted(config.compilerOptions ?? {}));
    groups.set(settings, [...(groups.get(settings) ?? []), room]);
  }
  return [...groups.values()].map(programOf).sort((a, b) => b.folders.length - a.folders.length);
}

function programOf(rooms: readonly RoomTypes[]): TypeProgram {
  return {
    compilerOptions: rooms[0]?.config.compilerOptions ?? {},
    folders: rooms.map(({ folder }) => folder),
    include: rooms.flatMap(({ folder, config }) =>
      (config.include ?? []).map((path) => `${folder}/${path}`),
    ),
  };
}

function sorted(options: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
}
