import { HaproxyError } from './haproxy-error.ts';

/** Where HAProxy's runtime API listens (`stats socket`). */
export type HaproxyAddress = { path: string } | { host: string; port: number };

/** One backend of one HAProxy. */
export interface HaproxySource {
  address: HaproxyAddress;
  backend: string;
}

/** A name of a backend or a server, as HAProxy's configuration takes it. */
const namePattern = /^[A-Za-z0-9_:.-]{1,255}$/;

/**
 * Reads `haproxy://127.0.0.1:9999/backend` and `haproxy:///run/haproxy.sock?backend=b`.
 * @throws {HaproxyError} INVALID
 */
export function readHaproxySource(source: string): HaproxySource {
  if (!URL.canParse(source)) throw invalidSource(source, 'it is no URL');
  const { protocol, hostname, port, pathname, searchParams, username, password } = new URL(source);
  if (protocol !== 'haproxy:') throw invalidSource(source, `its scheme is ${protocol}`);
  if (username !== '' || password !== '') throw invalidSource(source, 'it names a user');
  if (hostname === '') {
    const path = decodeURIComponent(pathname);
    if (path.length < 2) throw invalidSource(source, 'it names no socket');
    const backend = searchParams.get('backend') ?? '';
    return { address: { path }, backend: haproxyName(backend, 'backend') };
  }
  if (port === '') throw invalidSource(source, 'it names no port');
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const backend = haproxyName(decodeURIComponent(pathname.slice(1)), 'backend');
  return { address: { host, port: Number(port) }, backend };
}

/**
 * The name, if it can be one: it goes into a command line.
 * @throws {HaproxyError} INVALID
 */
export function haproxyName(name: string, of: 'backend' | 'server'): string {
  if (namePattern.test(name)) return name;
  const what = `"${name.slice(0, 80)}" is no name of a ${of}: letters, digits, - _ . : up to 255`;
  throw new HaproxyError('INVALID', what);
}

/** For messages. */
export function addressText(address: HaproxyAddress): string {
  return 'path' in address ? address.path : `${address.host}:${address.port}`;
}

function invalidSource(source: string, why: string): HaproxyError {
  const forms = 'haproxy://host:port/backend or haproxy:///run/haproxy.sock?backend=b';
  return new HaproxyError('INVALID', `"${source.slice(0, 200)}" is not ${forms}: ${why}`);
}
