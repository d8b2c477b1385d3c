/** One thing this host may or may not allow. */
export interface Capability {
  name: CapabilityName;
  present: boolean;
  /** What was found. */
  detail: string;
  /** What to do about it; empty when present. */
  fix: string;
  /** Whether the real kernel path needs it; the rest is information. */
  isRequired: boolean;
}

/** Everything that is probed, in the order of the report. */
export type CapabilityName =
  | 'linux'
  | 'cap-net-admin'
  | 'cap-sys-admin'
  | 'cap-bpf'
  | 'cap-perfmon'
  | 'cap-sys-ptrace'
  | 'ffi'
  | 'netlink'
  | 'writable-sysctl'
  | 'ip'
  | 'tc'
  | 'bpftool'
  | 'clang'
  | 'network-namespaces'
  | 'tbf'
  | 'qdisc-kinds'
  | 'xdp'
  | 'tcx'
  | 'clsact'
  | 'btf'
  | 'libbpf'
  | 'bpffs'
  | 'bpf-tracepoints'
  | 'ring-buffer';

/** One capability before it was looked at. */
export interface Attempt {
  name: CapabilityName;
  /** What to do where the failure itself does not tell. */
  fix: string;
  isRequired: boolean;
  /** Tries it. @returns what was found @throws why it is not there */
  look: () => string;
}

/** Look at one thing. Never throws. */
export function attempt({ name, fix, isRequired, look }: Attempt): Capability {
  try {
    return { name, present: true, detail: look(), fix: '', isRequired };
  } catch (error) {
    const detail = error instanceof Error ? firstLine(error) : String(error);
    return { name, present: false, detail, fix, isRequired };
  }
}

function firstLine(error: Error): string {
  const stderr = (error as Error & { stderr?: string }).stderr?.trim();
  const line = (stderr || error.message).split('\n')[0] ?? error.message;
  // The next step of an error is about the trial; that of the capability stands in its fix.
  return line.replace(/\. Next: .*$/, '');
}
