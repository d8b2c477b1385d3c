/**
 * Loaded before the agent by `node --import`, in tests only: counts the steps by which a limit and
 * its record change, system call by system call, and kills the process at one of them. The agent
 * itself knows nothing of it; what runs is the real agent on a real kernel.
 *
 * `crash-points.ts?role=agent&step=12&both=1&log=FILE`: the process of that role (`agent`, or
 * `supervisor`, which inherits this) dies with SIGKILL at its twelfth step; with `both` the
 * supervisor dies just before. Without `step` nobody dies. Each step is a line of the log.
 */
import fs from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const plan = new URL(import.meta.url).searchParams;
const role = process.argv[1]?.endsWith('supervisor.ts') ? 'supervisor' : 'agent';
const isVictim = plan.get('role') === role;
const killAt = Number(plan.get('step') ?? Number.POSITIVE_INFINITY);
const log = plan.get('log');
const appendLine = fs.appendFileSync;
let steps = 0;

/** One step is done, or about to be where the label says `before`. */
function step(label: string): void {
  if (!isVictim) return;
  if (log !== null) appendLine(log, `${label}\n`);
  steps += 1;
  if (steps !== killAt) return;
  if (plan.get('both') === '1') for (const pid of supervisors()) process.kill(pid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
}

function supervisors(): number[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isOurs = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
        const isSupervisor = fs.readFileSync(`/proc/${pid}/cmdline`).includes('supervisor.ts');
        return Number(isOurs) === process.pid && isSupervisor;
      } catch {
        return false; // It ended meanwhile.
      }
    });
}

/** The durable record: temporary file opened, written, synced, renamed, folder synced. */
function watchRecords(): void {
  const { open, rename } = fsPromises;
  let renamed = '';
  fsPromises.open = async (path, flags, mode) => {
    const handle = await open(path, flags, mode);
    const name = basename(String(path), '.tmp');
    if (String(path).endsWith('.json.tmp')) {
      step(`${name}: temporary file opened`);
      after(handle, 'writeFile', () => `${name}: written`);
      after(handle, 'sync', () => `${name}: synced`);
    } else if (renamed !== '' && fs.existsSync(join(String(path), renamed))) {
      after(handle, 'sync', () => `${renamed}: folder synced`);
    }
    return handle;
  };
  fsPromises.rename = async (from, to) => {
    await rename(from, to);
    if (!String(to).endsWith('.json')) return;
    renamed = basename(String(to));
    step(`${renamed}: renamed`);
  };
}

function after(handle: FileHandle, method: 'writeFile' | 'sync', label: () => string): void {
  const original = handle[method].bind(handle) as (...args: unknown[]) => Promise<void>;
  handle[method] = (async (...args: unknown[]) => {
    await original(...args);
    step(label());
  }) as FileHandle['writeFile'] & FileHandle['sync'];
}

/** Kernel parameters: about to be written, written, read back. */
function watchParameters(): void {
  const { readFileSync, writeFileSync } = fs;
  let written = '';
  fs.writeFileSync = (path, bytes, options) => {
    const isParameter = String(path).startsWith('/proc/sys/');
    if (isParameter) step('sysctl: before the write');
    writeFileSync(path, bytes, options);
    if (!isParameter) return;
    written = String(path);
    step('sysctl: written');
  };
  fs.readFileSync = ((path: fs.PathOrFileDescriptor, options: undefined) => {
    const bytes = readFileSync(path, options);
    if (written === path) {
      written = '';
      step('sysctl: read back');
    }
    return bytes;
  }) as typeof fs.readFileSync;
}

/** Calls of libc, by the C declaration they are bound with. */
type Call = (...args: never[]) => number;

/** Qdiscs over netlink and buffers of sockets: what goes through libc. */
async function watchLibc(): Promise<void> {
  const kernel = createRequire(fileURLToPath(import.meta.resolve('@levitate/kernel')));
  const path = pathToFileURL(join(dirname(kernel.resolve('koffi')), 'index.js')).href;
  const { default: koffi } = (await import(path)) as {
    default: { load: (path: null) => { func: (declaration: string) => Call } };
  };
  const load = koffi.load;
  koffi.load = (name) => {
    const library = load(name);
    const func = library.func.bind(library);
    const watched = (declaration: string): Call => watch(declaration, func(declaration));
    return new Proxy(library, {
      get: (target, key) => (key === 'func' ? watched : Reflect.get(target, key, target)),
    });
  };
}

const NEW_QDISC = 36;
const GET_QDISC = 38;
const DUMP = 0x300;
/** A qdisc that is made is a trial of the capability probe; limits are changed in place. */
const CREATE = 0x400;
const buffers: Readonly<Record<number, string>> = { 32: 'send buffer', 33: 'receive buffer' };
const BUFFER_LOCK = 72;
/** What the next answer of netlink means, and whether socket buffers wait to be read back. */
let awaited: 'acknowledged' | 'read back' | undefined;
let isChanged = false;
let areBuffersSet = false;

function watch(declaration: string, call: Call): Call {
  if (/ send\(/.test(declaration)) return watchSend(call);
  if (/ recv\(/.test(declaration)) return watchReceive(call);
  if (/ setsockopt\(/.test(declaration)) return watchSet(call);
  if (/ getsockopt\(/.test(declaration)) return watchGet(call);
  return call;
}

function watchSend(call: Call): Call {
  return ((fd: number, bytes: Uint8Array, length: number, flags: number) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const [type, options] = [view.getUint16(4, true), view.getUint16(6, true)];
    const isChange = type === NEW_QDISC && (options & CREATE) === 0;
    const isGet = type === GET_QDISC && (options & DUMP) === 0;
    if (isChange) step('qdisc: before the change');
    const sent = (call as (...args: unknown[]) => number)(fd, bytes, length, flags);
    if (isChange) {
      awaited = 'acknowledged';
      isChanged = true;
      step('qdisc: changed');
    } else if (isGet && isChanged) {
      awaited = 'read back';
      isChanged = false;
    }
    return sent;
  }) as Call;
}

function watchReceive(call: Call): Call {
  return ((...args: unknown[]) => {
    const received = (call as (...args: unknown[]) => number)(...args);
    const meaning = awaited;
    awaited = undefined;
    if (meaning !== undefined) step(`qdisc: ${meaning}`);
    return received;
  }) as Call;
}

function watchSet(call: Call): Call {
  return ((fd: number, level: number, name: number, ...rest: unknown[]) => {
    const what = name === BUFFER_LOCK ? 'autotuning' : buffers[name];
    const isOurs = level === 1 && what !== undefined;
    if (isOurs && !areBuffersSet) step('socket: before the change');
    const result = (call as (...args: unknown[]) => number)(fd, level, name, ...rest);
    if (isOurs) {
      areBuffersSet = true;
      step(`socket: ${what} set`);
    }
    return result;
  }) as Call;
}

function watchGet(call: Call): Call {
  return ((fd: number, level: number, name: number, ...rest: unknown[]) => {
    const result = (call as (...args: unknown[]) => number)(fd, level, name, ...rest);
    if (level === 1 && name === BUFFER_LOCK && areBuffersSet) {
      areBuffersSet = false;
      step('socket: read back');
    }
    return result;
  }) as Call;
}

if (isVictim) {
  watchRecords();
  watchParameters();
  await watchLibc();
  syncBuiltinESMExports();
}
