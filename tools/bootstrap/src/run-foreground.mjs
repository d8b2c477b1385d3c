import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { spawnOnLifeline } from './spawn-on-lifeline.mjs';

/** Signals that end a foreground program. */
const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Copies of one Ctrl-C arrive here from the terminal and from npm within milliseconds of each
 * other; what comes later was meant.
 */
const sameSignalMs = 500;
const parentPollMs = 1000;

/**
 * Runs a Node program as if it were this one: same screen, same exit code, each signal passed on
 * once, and no program left when this process is killed.
 *
 * @param {{ node: string, args: string[], cwd?: string, env: NodeJS.ProcessEnv }} program
 * @returns {Promise<number>} its exit code, 128 + n when signal n ended it.
 */
export function runForeground(program) {
  const child = spawnOnLifeline({ ...program, stdout: 'inherit', stderr: 'inherit' });
  const passSignal = signalPasser((signal) => child.kill(signal));
  for (const signal of signals) process.on(signal, passSignal);
  const parentWatch = watchParent(() => passSignal('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(parentWatch);
      for (const each of signals) process.off(each, passSignal);
      child.stdio[3]?.destroy();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {(signal: NodeJS.Signals) => void} send
 * @param {() => number} [nowMs]
 * @returns {(signal: NodeJS.Signals) => void} drops the echoes of one signal.
 */
export function signalPasser(send, nowMs = Date.now) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastMs = new Map();
  return (signal) => {
    const now = nowMs();
    if (now - (lastMs.get(signal) ?? Number.NEGATIVE_INFINITY) < sameSignalMs) return;
    lastMs.set(signal, now);
    send(signal);
  };
}

/**
 * npm killed by `kill -9` tells nobody; the change of a parent does.
 *
 * @param {() => void} onGone
 */
function watchParent(onGone) {
  const first = parents();
  const watch = setInterval(() => {
    if (parents() === first) return;
    clearInterval(watch);
    onGone();
  }, parentPollMs);
  // A shell that started us with `&` may end before we do; npm may not.
  if (process.env.npm_lifecycle_event === undefined) clearInterval(watch);
  return watch;
}

/** Our parent, and where that is the shell that npm puts between, the parent of that. */
function parents() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'latin1');
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    const grandparent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return /^(da|ba|)sh$/.test(name) ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`; // No /proc here.
  }
}
