import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { realBpf, realKernelLab } from '@levitate/testing';
import { expect } from 'vitest';
import { libbpf } from './bpf/libbpf.ts';
import type { Capability } from './capability.ts';
import { missingCapabilities, probeCapabilities } from './capability-probe.ts';

/** What the probe makes in the kernel carries this name. */
const TRIAL = 'lev_trial';

realKernelLab.it('the probe leaves the thread at home and no interface', () => {
  const home = readlinkSync('/proc/thread-self/ns/net');
  const report = probeCapabilities();
  expect(readlinkSync('/proc/thread-self/ns/net')).toBe(home);
  const present = report.filter((one) => one.present).map((one) => one.name);
  expect(present).toEqual(expect.arrayContaining(['network-namespaces', 'tbf']));
  expect(execFileSync('ip', ['link'], { encoding: 'utf8' })).not.toContain('lvt0');
});

realBpf.it('no program or map of the probe is left', () => {
  const present = probeCapabilities().filter((one) => one.present);
  expect(present.map((one) => one.name)).toEqual(
    expect.arrayContaining(['libbpf', 'xdp', 'bpf-tracepoints', 'ring-buffer']),
  );
  const inKernel = () =>
    ['prog', 'map', 'link']
      .map((kind) => execFileSync('bpftool', [kind, 'show'], { encoding: 'utf8' }))
      .join('');
  // The kernel frees what was closed a moment later, when no processor can still run it.
  return expect.poll(inKernel, { timeout: 60_000 }).not.toContain(TRIAL);
});

realKernelLab.it('a process without rights gets a whole report, a fix for all it lacks', () => {
  const program = ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--', process.execPath];
  const absent = probedBy(program).filter((one) => !one.present);
  expect(absent.map((one) => one.name)).toEqual(
    expect.arrayContaining([
      ...['cap-net-admin', 'cap-sys-admin', 'cap-bpf', 'cap-perfmon', 'network-namespaces'],
      ...['tbf', 'xdp', 'tcx', 'clsact', 'bpf-tracepoints', 'ring-buffer'],
    ]),
  );
  for (const { fix, detail } of absent) {
    expect(fix).not.toBe('');
    expect(detail).not.toContain('\n');
  }
  expect(absent.find((one) => one.name === 'xdp')?.detail).toMatch(/not tried: .*EPERM/);
});

realBpf.it('without libbpf only BPF is missing, and nothing that is required', () => {
  libbpf();
  const maps = readFileSync('/proc/self/maps', 'utf8');
  const library = /\S*\/libbpf\.so\S*/.exec(maps)?.[0] ?? '';
  // In a mount namespace of its own an empty file lies over the library.
  const hidden = 'mount --bind /dev/null "$0" && exec "$@"';
  const program = ['unshare', '--mount', 'sh', '-c', hidden, library, process.execPath];
  const report = probedBy(program);
  // Debian's ip and tc need the library themselves.
  const others = report.filter(({ name }) => name !== 'ip' && name !== 'tc');
  expect(missingCapabilities(others)).toBeUndefined();
  const absent = report.filter((one) => !one.present).map((one) => one.name);
  const needing = ['xdp', 'tcx', 'clsact', 'libbpf', 'bpf-tracepoints', 'ring-buffer'];
  expect(absent).toEqual(expect.arrayContaining(needing));
  expect(report.find((one) => one.name === 'libbpf')?.fix).toMatch(/apt-get install libbpf1/);
});

/** The report of another process. @param program what runs node, and node */
function probedBy([command = '', ...args]: string[]): Capability[] {
  const script = `
    import { probeCapabilities } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
    console.log(JSON.stringify(probeCapabilities()));
  `;
  const printed = execFileSync(command, [...args, '--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(printed);
}
