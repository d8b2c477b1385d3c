import { findProgram, type Program, resourcePrograms } from '../../programs.ts';

const { jdk, haproxy, pgbouncer, postgres } = resourcePrograms;
const setpriv: Program = { what: 'setpriv', names: ['setpriv'], debian: 'util-linux' };

/** Programs of each resource; one without an entry needs nothing but Node. */
const needs: Readonly<Record<string, readonly Program[]>> = {
  'jvm-heap': [jdk],
  pgbouncer: [pgbouncer, postgres, setpriv],
  haproxy: [haproxy, setpriv],
};

/** What a resource lacks on a machine, and what brings it; undefined: nothing. */
export function missingSystem(
  resource: string,
  here: {
    platform: NodeJS.Platform;
    path: string | undefined;
    /** Default: looks on that path, and where Debian puts programs. */
    find?: typeof findProgram;
  },
): string | undefined {
  const { platform, path, find = findProgram } = here;
  const programs = needs[resource] ?? [];
  if (programs.length > 0 && platform !== 'linux') return 'it is run on Linux only';
  const missing = programs.filter((each) => find(each, path) === undefined);
  if (missing.length === 0) return undefined;
  const packages = missing.map(({ debian }) => debian).join(' ');
  const names = missing.map(({ what }) => what).join(' and ');
  return `${names} not found; on Debian: apt-get install ${packages}`;
}
