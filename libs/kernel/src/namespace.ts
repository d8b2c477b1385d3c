import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { KernelError, kernelErrorFromErrno } from './kernel-error.ts';
import { libc } from './libc.ts';

/** Where `ip netns` keeps its namespaces. */
export const NAMESPACE_DIRECTORY = '/run/netns';

const CLONE_NEWNET = 0x4000_0000;
/** `ip` answers in milliseconds; beyond this it hangs. */
const COMMAND_TIMEOUT_MS = 10_000;

/**
 * Run `body` with this thread inside a network namespace, then come back. Everything in `body` must
 * be synchronous: sockets it opens stay in that namespace, and no other JavaScript runs meanwhile.
 * @param netns name below /run/netns or absolute path; `undefined` stays where we are
 * @throws KernelError `not-found`, `permission-denied`
 */
export function withNamespace<T>(netns: string | undefined, body: () => T): T {
  if (netns === undefined) return body();
  const path = namespacePath(netns);
  const home = openNamespace('/proc/thread-self/ns/net');
  try {
    const target = openNamespace(path);
    try {
      enter(target, path);
    } finally {
      closeSync(target);
    }
    try {
      return body();
    } finally {
      // A thread left in the wrong namespace would change the wrong machine: stop at once.
      assert.equal(libc().setns(home, CLONE_NEWNET), 0, 'cannot return to the own namespace');
    }
  } finally {
    closeSync(home);
  }
}

/** @returns the path of a namespace given by name or by path */
export function namespacePath(netns: string): string {
  return isAbsolute(netns) ? netns : join(NAMESPACE_DIRECTORY, netns);
}

/** Identity of a namespace: it changes when one is deleted and made anew under the same name. */
export function namespaceInode(netns: string | undefined): number | undefined {
  const path = netns === undefined ? '/proc/self/ns/net' : namespacePath(netns);
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Make a namespace and bring its loopback up. @throws KernelError */
export function createNamespace(name: string): void {
  runIp(['netns', 'add', name]);
  runIp(['-n', name, 'link', 'set', 'lo', 'up']);
}

/** Delete a namespace with all that is in it; one that is not there is no error. */
export function deleteNamespace(name: string): void {
  if (!listNamespaces().includes(name)) return;
  runIp(['netns', 'delete', name]);
}

/** Names of all namespaces made by `ip netns`. */
export function listNamespaces(): string[] {
  try {
    return readdirSync(NAMESPACE_DIRECTORY).sort();
  } catch {
    return [];
  }
}

function openNamespace(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new KernelError({
      code: 'not-found',
      what: `opening the network namespace ${path}`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: 'list the namespaces with `ip netns list`',
      cause,
    });
  }
}

function enter(fd: number, path: string): void {
  if (libc().setns(fd, CLONE_NEWNET) === 0) return;
  throw kernelErrorFromErrno({
    what: `entering the network namespace ${path}`,
    errno: libc().errno(),
  });
}

function runIp(args: string[]): void {
  try {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: COMMAND_TIMEOUT_MS });
  } catch (cause) {
    const stderr = (cause as { stderr?: Buffer }).stderr?.toString().trim();
    throw new KernelError({
      code: 'command-failed',
      what: `ip ${args.join(' ')}`,
      why: stderr || (cause instanceof Error ? cause.message : String(cause)),
      next: 'needs root and iproute2 (`apt-get install iproute2`)',
      cause,
    });
  }
}
