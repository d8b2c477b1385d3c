// A process of `levitate dev --resources`: a JVM under load, whose heap the agent serves.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Jcmd } from '@levitate/resource-adapters/jvm';
import { compileLoad, LoadJvm } from '@levitate/resource-adapters/jvm/lab';
import { jvmHeapCommand } from './resource-plan.ts';
import { runSystem } from './run-system.ts';
import { jvmHeap } from './shown-resources.ts';

const { min, max, baseBytes, requestBytes, heldBytes, heldMs } = jvmHeap;
const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)}m`;
// Memory that it has not used for five seconds goes back to the operating system.
const options = ['-XX:+UseZGC', '-XX:ZUncommitDelay=5', `-Xms${mib(min)}`, `-Xmx${mib(max)}`];

await runSystem(jvmHeap.load, async ({ folder }) => {
  const compiled = await compileLoad();
  const [, ...name] = jvmHeapCommand(folder).split(' ');
  const jvm = await LoadJvm.start(compiled, options, name.join(' '));
  const access = new Jcmd({ jvm: jvm.pid, deadlineMs: 3_000 });
  return {
    system: `the heap of ${await javaVersion()} under ZGC`,
    async size(signal) {
      const { flags, maxBytes } = await access.read(signal);
      // 0: nobody has set a ceiling below the heap's own.
      return flags.SoftMaxHeapSize || maxBytes;
    },
    play: ({ rates, seed, signal }) =>
      jvm.play(
        { seed, baseBytes, requestBytes, heldBytes, heldMs, tickMs: 1_000, warmTicks: 0, rates },
        signal,
      ),
    async stop() {
      await jvm.stop();
      await compiled[Symbol.asyncDispose]();
    },
  };
});

/** `OpenJDK 17.0.13`. */
async function javaVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)('java', ['--version']);
  const [name = 'Java', version = ''] = stdout.split(/\s+/);
  return `${name === 'openjdk' ? 'OpenJDK' : name} ${version}`;
}
