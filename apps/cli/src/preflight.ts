import type { Capability } from '@levitate/kernel';
import { isPortFree } from './free-port.ts';
import { findProgram, type Program, resourcePrograms } from './programs.ts';
import { serviceNames, services } from './services.ts';

/** What something is needed for, in the order in which `levitate check` shows it. */
export const uses = [
  ...(['everything', 'real kernel', 'eBPF', 'options'] as const),
  ...(['resources', 'tests', 'ports'] as const),
] as const;

/** @see uses */
export type Use = (typeof uses)[number];

/** One line of `levitate check`. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What one cannot do without it. */
  readonly neededFor: Use;
  readonly detail: string;
  /** What to do; empty when it is there. */
  readonly fix: string;
  /** Debian package that brings it, if one does. */
  readonly debian?: string;
}

/** Programs of the tests beside those the kernel library looks for. */
const testPrograms: readonly Program[] = [
  { what: 'redis-server', names: ['redis-server'], debian: 'redis-server' },
  {
    what: 'chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
  },
];
const debianOf: Record<string, string> = {
  ip: 'iproute2',
  tc: 'iproute2',
  bpftool: 'bpftool',
  libbpf: 'libbpf1',
  clang: 'clang',
};
const nodeMajorMin = 24;

/** Looks at the machine; changes nothing. */
export async function preflight({
  env,
  capabilities,
  nodeVersion = process.versions.node,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly capabilities: readonly Capability[];
  readonly nodeVersion?: string;
}): Promise<Finding[]> {
  return [
    nodeFinding(nodeVersion),
    ...capabilities.map(capabilityFinding),
    ...Object.values(resourcePrograms).map((each) => programFinding(each, 'resources', env.PATH)),
    ...testPrograms.map((each) => programFinding(each, 'tests', env.PATH)),
    ...(await Promise.all(serviceNames.map(portFinding))),
  ];
}

function nodeFinding(version: string): Finding {
  const ok = Number(version.split('.')[0]) >= nodeMajorMin;
  const fix = ok ? '' : 'npm ci brings one on Linux and macOS; or install Node 24';
  return { what: 'node', ok, neededFor: 'everything', detail: `Node ${version}`, fix };
}

function capabilityFinding(capability: Capability): Finding {
  const { name, present, detail, fix } = capability;
  const debian = debianOf[name];
  const base = { what: name, ok: present, neededFor: useOf(capability), detail, fix };
  return debian === undefined ? base : { ...base, debian };
}

/** Programs run in the kernel and are read only where all of these are there. */
const ebpf: readonly string[] = [
  ...['cap-bpf', 'cap-perfmon', 'btf', 'libbpf', 'xdp', 'clsact'],
  ...['bpf-tracepoints', 'ring-buffer'],
];
/** Needed to build programs and to look at them; the built ones come along. */
const forTests: readonly string[] = ['clang', 'bpftool'];

/** What the kernel library requires, then what its programs need; the rest adds to it. */
function useOf({ name, isRequired }: Capability): Use {
  if (isRequired) return 'real kernel';
  if (forTests.includes(name)) return 'tests';
  return ebpf.includes(name) ? 'eBPF' : 'options';
}

function programFinding(program: Program, neededFor: Use, path: string | undefined): Finding {
  const { what, debian } = program;
  const found = findProgram(program, path);
  const ok = found !== undefined;
  const detail = found ?? 'not found';
  return { what, ok, neededFor, detail, fix: ok ? '' : `install ${debian}`, debian };
}

async function portFinding(service: (typeof serviceNames)[number]): Promise<Finding> {
  const { port } = services[service];
  const ok = await isPortFree(port);
  return {
    what: `port ${port}`,
    ok,
    neededFor: 'ports',
    detail: ok ? `free, for ${service}` : `taken; wanted by ${service}`,
    fix: ok ? '' : 'levitate dev takes the next free one; `ss -ltnp` names who has it',
  };
}
