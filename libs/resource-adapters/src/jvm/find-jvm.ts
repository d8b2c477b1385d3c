import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { JvmError } from './jvm-error.ts';
import { parsePerfCounters } from './perf-counters.ts';
import type { ProcessFacts } from './process-facts.ts';

/** JVMs of a host that are looked through; more are an error. */
const jvmsMax = 1_000;

/**
 * The process id of the one running JVM of this host that was started with a main class, or with
 * a jar of that name, and the arguments that are given with it. JVMs in containers of their own,
 * and those under `-XX:-UsePerfData`, are not seen; name them by number.
 *
 * @param command `com.example.Shop`, `shop.jar` or `shop.jar --lane 3`
 * @param temporaryFolder where `hsperfdata_<user>` folders are; `/tmp` on every Linux
 * @throws {JvmError} `no-such-jvm`: none, or more than one
 */
export async function findJvm(command: string, temporaryFolder = '/tmp'): Promise<number> {
  const found: number[] = [];
  for (const { pid, path } of await counterFiles(temporaryFolder)) {
    if (isCommand(await commandOf(path), command) && isRunning(pid)) found.push(pid);
  }
  const [pid] = found;
  if (found.length === 1 && pid !== undefined) return pid;
  const why = found.length === 0 ? 'no JVM here runs' : `${found.length} JVMs here run`;
  const next = found.length === 0 ? 'jcmd -l lists those that run' : 'say which by process id';
  throw new JvmError('no-such-jvm', `${why} ${command}; ${next}`);
}

/** Where the performance counters of a JVM are; undefined: it keeps none. */
export async function countersFileOf(facts: ProcessFacts): Promise<string | undefined> {
  const files = await counterFiles(facts.temporaryFolder);
  return files.find(({ pid }) => pid === facts.innerPid)?.path;
}

async function counterFiles(temporaryFolder: string): Promise<{ pid: number; path: string }[]> {
  const files: { pid: number; path: string }[] = [];
  const users = await entriesOf(temporaryFolder);
  for (const user of users.filter((each) => each.startsWith('hsperfdata_'))) {
    const names = await entriesOf(join(temporaryFolder, user));
    for (const name of names.filter((each) => /^\d+$/.test(each))) {
      files.push({ pid: Number(name), path: join(temporaryFolder, user, name) });
    }
  }
  if (files.length <= jvmsMax) return files;
  throw new JvmError('too-long', `over ${jvmsMax} JVMs on this host; name one by process id`);
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Another user's, or gone meanwhile: nothing there that could be ruled from here.
    return [];
  }
}

/** Of a jar only its name, whichever folder it was started from. */
async function commandOf(path: string): Promise<string | undefined> {
  try {
    const command = parsePerfCounters(await readFile(path)).get('sun.rt.javaCommand');
    return `${command ?? ''}`.replace(/^\S*\/(?=[^\s/]+\.jar( |$))/, '');
  } catch {
    return undefined;
  }
}

function isCommand(started: string | undefined, wanted: string): boolean {
  return started !== undefined && `${started} `.startsWith(`${wanted} `);
}

/** The file of a JVM that was killed stays until the next JVM starts. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
