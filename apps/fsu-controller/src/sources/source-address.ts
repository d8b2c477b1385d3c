import { type HaproxySource, readHaproxySource } from '@levitate/resource-adapters/haproxy';
import { type PgbouncerSource, parsePgbouncerSource } from '@levitate/resource-adapters/pgbouncer';

/** Where a resource is measured and changed. */
export type SourceAddress =
  /** `?per_weight=`: requests/s that one unit of a server's configured weight stands for. */
  | ({ kind: 'haproxy'; perWeight: number } & HaproxySource)
  | ({ kind: 'pgbouncer' } & PgbouncerSource)
  /** JMX through a Jolokia agent. */
  | { kind: 'jmx'; url: string; user: string | undefined }
  /** The contract of managed resources, at an agent or any process that serves it. */
  | { kind: 'resource'; address: string; name: string }
  /** Measures only: nothing there can be changed. */
  | { kind: 'prometheus'; url: string; queries: PrometheusQueries };

/** PromQL that gives one number each. */
export interface PrometheusQueries {
  size: string;
  need: string;
  rejected: string | undefined;
  delayS: string | undefined;
}

/** The forms that are understood, for error texts. */
const forms = [
  'haproxy://HOST:PORT/BACKEND',
  'haproxy:///SOCKET/PATH?backend=BACKEND',
  'pgbouncer://USER@HOST:PORT/DATABASE',
  'jmx://HOST:PORT/jolokia',
  'agent://HOST:PORT/NAME',
  'resource://HOST:PORT/NAME',
  'prometheus://HOST:PORT?size=QUERY&need=QUERY',
];

/** What is wrong with a source in words; undefined: nothing. */
export function sourceFault(source: string, mode: string): string | undefined {
  try {
    const { kind } = sourceAddress(source);
    if (kind !== 'prometheus' || mode !== 'enforce') return undefined;
    return 'prometheus:// measures only: nothing can be enforced there; use recommend or observe';
  } catch (error) {
    return (error as Error).message;
  }
}

/** @throws Error that says what is wrong and what would be right */
export function sourceAddress(source: string): SourceAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/i.exec(source) ?? [];
  switch (scheme.toLowerCase()) {
    case 'haproxy':
      return { kind: 'haproxy', perWeight: perWeight(source), ...readHaproxySource(source) };
    case 'pgbouncer':
      return { kind: 'pgbouncer', ...parsePgbouncerSource(source) };
    case 'jmx':
      return jmx(read(rest));
    case 'agent':
    case 'resource':
      return resource(read(rest));
    case 'prometheus':
      return prometheus(read(rest));
    case '':
      throw wrong('it is no address');
    default:
      throw wrong(`${scheme}:// is no source`);
  }
}

function perWeight(source: string): number {
  const given = Number(URL.parse(source)?.searchParams.get('per_weight') ?? 1);
  if (given > 0 && Number.isFinite(given)) return given;
  throw wrong('its per_weight is no number above 0');
}

/** What follows `scheme://`; read as if it were of HTTP, whose addresses have a host. */
function read(rest: string): URL {
  const url = URL.parse(`http://${rest}`);
  if (url === null) throw wrong('it is no address');
  if (url.password !== '') throw wrong('it has a password in it: name a password_file instead');
  return url;
}

function jmx({ hostname, port, pathname, username }: URL): SourceAddress {
  const path = pathname.length > 1 ? pathname : '/jolokia';
  const user = username === '' ? undefined : decodeURIComponent(username);
  return { kind: 'jmx', url: `http://${hostname}:${port || 8778}${path}`, user };
}

function resource({ hostname, port, pathname }: URL): SourceAddress {
  if (port === '') throw wrong('it names no port');
  const name = decodeURIComponent(pathname.slice(1));
  if (name === '' || name.includes('/')) throw wrong('it names no resource');
  return { kind: 'resource', address: `${hostname}:${port}`, name };
}

function prometheus({ hostname, port, searchParams }: URL): SourceAddress {
  const query = (name: string) => searchParams.get(name) ?? undefined;
  const [size, need] = [query('size'), query('need')];
  if (!size || !need) throw wrong('it needs the queries ?size= and &need=, in PromQL');
  const queries = { size, need, rejected: query('rejected'), delayS: query('delay') };
  return { kind: 'prometheus', url: `http://${hostname}:${port || 9090}`, queries };
}

function wrong(what: string): Error {
  return new Error(`${what}; sources are ${forms.join(', ')}`);
}
