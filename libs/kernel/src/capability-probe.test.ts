import { realKernelLab } from '@levitate/testing';
import { expect, it } from 'vitest';
import { attempt } from './capability.ts';
import { missingCapabilities, probeCapabilities } from './capability-probe.ts';
import { KernelError } from './kernel-error.ts';
import { listNamespaces } from './namespace.ts';

it('whatever the host allows, the report is whole and each missing thing has a fix', () => {
  const report = probeCapabilities();
  expect(report.map((one) => one.name)).toEqual([
    'linux',
    'cap-net-admin',
    'cap-sys-admin',
    'cap-bpf',
    'cap-perfmon',
    'cap-sys-ptrace',
    'ffi',
    'netlink',
    'writable-sysctl',
    'ip',
    'tc',
    'bpftool',
    'clang',
    'network-namespaces',
    'tbf',
    'qdisc-kinds',
    'xdp',
    'tcx',
    'clsact',
    'btf',
    'libbpf',
    'bpffs',
    'bpf-tracepoints',
    'ring-buffer',
  ]);
  expect(report.filter((one) => one.isRequired).map((one) => one.name)).toEqual([
    ...['linux', 'cap-net-admin', 'cap-sys-admin', 'ffi', 'netlink', 'ip', 'tc'],
    ...['network-namespaces', 'tbf'],
  ]);
  for (const one of report) {
    expect(one.detail).not.toBe('');
    expect(one.fix === '').toBe(one.present);
  }
});

realKernelLab.it(
  'where the lab works nothing required is missing and nothing is left behind',
  () => {
    const before = listNamespaces();
    expect(missingCapabilities(probeCapabilities())).toBeUndefined();
    expect(listNamespaces()).toEqual(before);
  },
);

it('a thing that fails is missing with the reason alone, whatever failed', () => {
  const look = () => {
    const parts = { what: 'trying', why: 'EPERM', next: 'something about the trial' };
    throw new KernelError({ code: 'refused', ...parts });
  };
  const base = { name: 'xdp', fix: 'do this', isRequired: false } as const;
  const missing = { ...base, present: false };
  expect(attempt({ ...base, look })).toEqual({ ...missing, detail: 'trying: EPERM' });
  const throwsText = () => {
    throw 'no error at all';
  };
  expect(attempt({ ...base, look: throwsText })).toEqual({ ...missing, detail: 'no error at all' });
});

it('what is missing is named with its reason, information left out', () => {
  const base = { detail: 'why', fix: 'do', present: false };
  const report = [
    { ...base, name: 'tc' as const, isRequired: true },
    { ...base, name: 'btf' as const, isRequired: false },
  ];
  expect(missingCapabilities(report)).toBe('tc (why)');
});
