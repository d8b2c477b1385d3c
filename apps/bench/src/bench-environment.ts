import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** The machine and the settings that every figure of a run rests on. */
export function benchEnvironment(run: {
  seed: number;
  quick: boolean;
  data: string;
}): Record<string, unknown> {
  return {
    ...run,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    root: process.getuid?.() === 0,
    started: new Date().toISOString(),
  };
}
