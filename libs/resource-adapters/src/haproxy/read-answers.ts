import { HaproxyError } from './haproxy-error.ts';

/** Which HAProxy answers. */
export interface ProcessInfo {
  version: string;
  pid: number;
  uptimeS: number;
  /** Which run it is: the process and its start. */
  instance: string;
}

/** A server as it is set, of `show servers state`. */
export interface ServerState {
  name: string;
  /** Whether health checks, where there are any, let it have requests. */
  isUp: boolean;
  /** An operator, or the configuration, has put it into maintenance or drain. */
  isHeld: boolean;
  /** In force, 0 to 256. */
  weight: number;
  /** Of the configuration. */
  nominalWeight: number;
  /** It serves only where all others are down. */
  isBackup: boolean;
}

/** What a backend, or one of its servers, did, of `show stat`. */
export interface TrafficRow {
  /** Waiting for a place now. */
  queued: number;
  /** In service now. */
  current: number;
  /** Since the start. */
  arrivals: number;
  /** Since the start: requests no server was found for, refused connections. */
  failed: number;
  /** Since the start: answered with 5xx. */
  errors: number;
  /** Since the start. */
  retried: number;
  /** In the last second. */
  perSecond: number;
  /** Means over the last requests (HAProxy keeps 1,024), seconds. */
  queueS: number;
  connectS: number;
  responseS: number;
  totalS: number;
}

/** A backend and its servers by name. */
export interface BackendTraffic {
  backend: TrafficRow;
  servers: Map<string, TrafficRow>;
  /** Servers that are for emergencies only. */
  backups: Set<string>;
}

/** Servers of one backend that are read. */
export const serversMax = 4_096;

/** @throws {HaproxyError} GARBAGE */
export function readInfo(text: string): ProcessInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const pid = countOf(fields.get('Pid'), 'Pid');
  const uptimeS = countOf(fields.get('Uptime_sec'), 'Uptime_sec');
  // Since HAProxy 2.5; before that the process alone tells one run from another.
  const start = fields.get('Start_time_sec');
  const instance = start === undefined ? `${pid}` : `${pid}-${countOf(start, 'Start_time_sec')}`;
  return { version: fields.get('Version') ?? '', pid, uptimeS, instance };
}

/** Bits of `srv_admin_state` that keep requests from a server, but for one without an address. */
const heldBits = 0x01 | 0x02 | 0x04 | 0x08 | 0x10;
const unresolvedBit = 0x20;

/** @throws {HaproxyError} GARBAGE, NOT_FOUND for a backend without servers */
export function readServerStates(text: string, backups: ReadonlySet<string>): ServerState[] {
  const [version, head = '', ...lines] = text.split('\n');
  if (version !== '1' || !head.startsWith('# ')) throw garbage('show servers state', text);
  const columnOf = columns(head.slice(2).split(' '));
  const [name, operational, admin, weight, initial] = [
    'srv_name',
    'srv_op_state',
    'srv_admin_state',
    'srv_uweight',
    'srv_iweight',
  ].map(columnOf) as [number, number, number, number, number];
  if (lines.length === 0) throw new HaproxyError('NOT_FOUND', 'the backend has no server');
  return atMost(lines).map((line) => {
    const cells = line.split(' ');
    const adminBits = countOf(cells[admin], 'srv_admin_state');
    const server = textOf(cells[name], 'srv_name');
    return {
      name: server,
      isBackup: backups.has(server),
      isUp: countOf(cells[operational], 'srv_op_state') > 0 && (adminBits & unresolvedBit) === 0,
      isHeld: (adminBits & heldBits) !== 0,
      weight: countOf(cells[weight], 'srv_uweight', 256),
      nominalWeight: countOf(cells[initial], 'srv_iweight', 256),
    };
  });
}

/** @throws {HaproxyError} GARBAGE */
export function readTraffic(text: string): BackendTraffic {
  const [head = '', ...lines] = text.split('\n');
  if (!head.startsWith('# pxname,svname,')) throw garbage('show stat', text);
  const columnOf = columns(head.slice(2).split(','));
  const servers = new Map<string, TrafficRow>();
  const backups = new Set<string>();
  let backend: TrafficRow | undefined;
  const [nameColumn, backupColumn] = [columnOf('svname'), columnOf('bck')];
  for (const line of atMost(lines)) {
    const cells = cellsOf(line);
    const row = rowOf((column, least) => {
      const cell = cells[columnOf(column)];
      return cell === '' && least !== undefined ? least : countOf(cell, column);
    });
    const name = textOf(cells[nameColumn], 'svname');
    if (name === 'BACKEND') backend = row;
    else servers.set(name, row);
    if (name !== 'BACKEND' && cells[backupColumn] === '1') backups.add(name);
  }
  if (backend === undefined) throw garbage('show stat', text);
  return { backend, servers, backups };
}

/** @param cell by column, with what an empty one means */
function rowOf(cell: (column: string, empty?: number) => number): TrafficRow {
  return {
    queued: cell('qcur', 0),
    current: cell('scur'),
    arrivals: cell('stot'),
    failed: cell('econ', 0),
    errors: cell('hrsp_5xx', 0),
    retried: cell('wretr', 0),
    perSecond: cell('rate', 0),
    queueS: cell('qtime', 0) / 1000,
    connectS: cell('ctime', 0) / 1000,
    responseS: cell('rtime', 0) / 1000,
    totalS: cell('ttime', 0) / 1000,
  };
}

/** Of a line of CSV (RFC 4180): words of a health check may hold commas, in quotes. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)) {
    cells.push(quoted ?? plain ?? '');
  }
  return cells;
}

function columns(names: string[]): (name: string) => number {
  const indices = new Map(names.map((name, index) => [name, index]));
  return (name) => {
    const index = indices.get(name);
    if (index !== undefined) return index;
    throw new HaproxyError('GARBAGE', `an answer of HAProxy lacks the column ${name}`);
  };
}

function atMost(lines: string[]): string[] {
  if (lines.length <= serversMax + 1) return lines;
  const what = `the backend has ${lines.length} servers, and at most ${serversMax} are ruled`;
  throw new HaproxyError('TOO_LARGE', what);
}

/** A whole number of at least 0, as all that HAProxy counts. */
function countOf(cell: string | undefined, name: string, most = Number.MAX_SAFE_INTEGER): number {
  const value = cell !== undefined && /^\d{1,19}$/.test(cell) ? Number(cell) : Number.NaN;
  if (value <= most) return value;
  const what = `${name} is "${(cell ?? '').slice(0, 40)}", not a number from 0 to ${most}`;
  throw new HaproxyError('GARBAGE', what);
}

function textOf(cell: string | undefined, name: string): string {
  if (cell !== undefined && cell !== '') return cell;
  throw new HaproxyError('GARBAGE', `${name} is empty in an answer of HAProxy`);
}

function garbage(command: string, text: string): HaproxyError {
  const what = `the answer to ${command} begins with ${JSON.stringify(text.slice(0, 60))}`;
  return new HaproxyError('GARBAGE', what);
}
