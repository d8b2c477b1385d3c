import { execFileSync } from 'node:child_process';
import { createNamespace, deleteNamespace } from '@levitate/kernel';
import { realKernelLab } from '@levitate/testing';
import { afterEach, beforeEach, expect } from 'vitest';
import { openChain } from './actuators/open-chain.ts';
import { agentConfig } from './config.ts';
import { RealKernel } from './real-kernel.ts';

const netns = `lev-t${process.pid}-many`;
/** Ends of veth pairs. */
const INTERFACES = 10_000;
const LINKS = 1_000;

realKernelLab.describe(`a namespace of ${INTERFACES} interfaces`, () => {
  beforeEach(() => {
    deleteNamespace(netns);
    createNamespace(netns);
    const names = Array.from({ length: INTERFACES }, (_, index) => `d${index}`);
    const pairs = names.filter((_, index) => index % 2 === 0);
    const links = pairs.map((name) => {
      const peer = `d${Number(name.slice(1)) + 1}`;
      return `link add ${name} type veth peer name ${peer}`;
    });
    const queue = 'root handle 1: bfifo limit 60000';
    const queues = names.map((name) => `qdisc add dev ${name} ${queue}`);
    batch('ip', links);
    batch('tc', queues);
  });
  afterEach(() => deleteNamespace(netns));

  realKernelLab.it(`${LINKS} links are found, each with its own queue, in passable time`, () => {
    const { links } = agentConfig.parse({
      links: Array.from({ length: LINKS }, (_, index) => ({
        name: `link-${index}`,
        interface: `d${INTERFACES - 1 - index}`,
        netns,
      })),
    });
    const faults: string[] = [];
    const kernel = new RealKernel({
      links,
      capabilities: [],
      onFault: ({ error }) => faults.push(error.message),
    });
    const chain = openChain({ kernel, links });
    chain.find();
    const startMs = performance.now();
    const outcomes = chain.find();
    const tookMs = performance.now() - startMs;
    process.stdout.write(`${LINKS} links of ${INTERFACES} listed in ${tookMs.toFixed(1)} ms\n`);
    expect(faults).toEqual([]);
    expect(outcomes.map(({ actuation }) => actuation?.label)).toEqual(
      links.map((link) => `bfifo 1: of ${link.interface}`),
    );
    // Far above what it takes; looking for each link among all queues would take longer.
    expect(tookMs).toBeLessThan(3_000);
    kernel.close();
  });
});

/** Many commands in one process: a process each would take minutes. */
function batch(program: 'ip' | 'tc', commands: readonly string[]): void {
  const input = commands.join('\n');
  execFileSync(program, ['-n', netns, '-batch', '-'], {
    input,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}
