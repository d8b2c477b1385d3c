import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { realBpf, realKernelLab } from '@levitate/testing';
import { expect } from 'vitest';
import { probeCapabilities } from './capability-probe.ts';

/** What the probe makes in the kernel carries this name. */
const TRIAL = 'lev_trial';

realKernelLab.it('the probe leaves the thread at home and nothing in the kernel', () => {
  const home = readlinkSync('/proc/thread-self/ns/net');
  const report = probeCapabilities();
  expect(readlinkSync('/proc/thread-self/ns/net')).toBe(home);
  const tried = ['network-namespaces', 'tbf'];
  const present = report.filter((one) => one.present).map((one) => one.name);
  expect(present).toEqual(expect.arrayContaining(tried));
  expect(execFileSync('ip', ['link'], { encoding: 'utf8' })).not.toContain('lvt0');
});

realKernelLab.it(
  'a process without rights gets a whole report, with a fix for all it lacks',
  () => {
    const script = `
    import { probeCapabilities } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
    console.log(JSON.stringify(probeCapabilities()));
  `;
    const program = ['--input-type=module', '-e', script];
    const printed = execFileSync(
      'setpriv',
      ['--bounding-set=-all', '--inh-caps=-all', '--', process.execPath, ...program],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const report: ReturnType<typeof probeCapabilities> = JSON.parse(printed);
    const absent = report.filter((one) => !one.present);
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
  },
);

realBpf.it('no program or map of the probe is left', () => {
  probeCapabilities();
  const inKernel = () =>
    ['prog', 'map'].map((kind) => execFileSync('bpftool', [kind, 'show'], { encoding: 'utf8' }));
  // The kernel frees what was closed a moment later, when no processor can still run it.
  return expect
    .poll(inKernel, { timeout: 60_000 })
    .toEqual([expect.not.stringContaining(TRIAL), expect.not.stringContaining(TRIAL)]);
});
