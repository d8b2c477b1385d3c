import { errnoName, type KernelError } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { withNamespace } from '../namespace.ts';
import { type Attachment, LinkAttachment } from './attachment.ts';
import { bpfError } from './bpf-error.ts';
import { type BpfProgram, programInfo } from './bpf-program.ts';
import { checkInterface, type InterfacePlace, placeText } from './interface-place.ts';
import { libbpf } from './libbpf.ts';

const BPF_XDP = 37;
const EBUSY = 16;
const EEXIST = 17;
/** `linux/if_link.h`, `XDP_FLAGS_*`. */
const MODE_FLAGS = { native: 1 << 2, generic: 1 << 1 } as const;

/** What hangs where. */
export interface XdpOptions extends InterfacePlace {
  program: Pick<BpfProgram, 'fd' | 'name'>;
  /** Default `auto`: native, else generic. */
  mode?: 'auto' | 'native' | 'generic' | undefined;
}

/** The XDP program that an interface has. */
export interface XdpHolder {
  programId: number;
  /** At most 15 characters; empty where it may not be asked. */
  name: string;
  mode: 'native' | 'generic' | 'hardware' | 'several';
}

/**
 * Attach an XDP program by a BPF link: in the driver where it can, else generic. A program that is
 * there already stays, whoever made it: the kernel allows one per interface.
 * @throws KernelError `occupied` with the holder's name and number; `unsupported`, `refused`
 */
export function attachXdp(options: XdpOptions): Attachment {
  const { program, mode = 'auto' } = options;
  const modes = mode === 'auto' ? (['native', 'generic'] as const) : ([mode] as const);
  const what = `attaching the XDP program ${program.name} to ${placeText(options)}`;
  return withNamespace(options.netns, () => {
    checkInterface(options.ifindex, what);
    const refusals: string[] = [];
    let failure: KernelError | undefined;
    for (const xdpMode of modes) {
      const fd = createLink(program.fd, options.ifindex, MODE_FLAGS[xdpMode]);
      if (fd >= 0) {
        const detail = [`XDP ${xdpMode} on ${placeText(options)}`, ...refusals].join('; ');
        return new LinkAttachment({ fd, hook: 'xdp', detail, xdpMode });
      }
      if (fd === -EBUSY || fd === -EEXIST) throw occupied(what, fd, options.ifindex);
      refusals.push(`${xdpMode} refused with ${errnoName(-fd)}`);
      failure = bpfError({ what, errno: fd, words: refusals.join('; ') });
    }
    throw failure;
  });
}

/**
 * The XDP program of an interface, whoever made it.
 * @returns `undefined` when there is none. @throws KernelError
 */
export function xdpHolder(place: InterfacePlace): XdpHolder | undefined {
  return withNamespace(place.netns, () => holderOf(place.ifindex));
}

function createLink(programFd: number, ifindex: number, flags: number): number {
  const options = Buffer.alloc(16);
  options.writeBigUInt64LE(BigInt(options.length), 0);
  options.writeUInt32LE(flags, 8);
  return libbpf().bpf_link_create(programFd, ifindex, BPF_XDP, options);
}

function occupied(what: string, errno: number, ifindex: number): KernelError {
  const holder = holderOf(ifindex);
  const words =
    holder === undefined
      ? 'another XDP program holds the interface'
      : `the XDP program ${holder.name} (id ${holder.programId}, ${holder.mode}) holds it`;
  const next = 'it is left alone; take it off (`ip link set DEV xdp off`) or go without XDP here';
  return bpfError({ what, errno, words, next });
}

/** `struct bpf_xdp_query_opts`. */
function holderOf(ifindex: number): XdpHolder | undefined {
  const options = Buffer.alloc(32);
  options.writeBigUInt64LE(BigInt(options.length), 0);
  const result = libbpf().bpf_xdp_query(ifindex, 0, options);
  if (result !== 0) {
    throw bpfError({ what: `asking for the XDP program of interface ${ifindex}`, errno: result });
  }
  const mode = (['several', 'native', 'generic', 'hardware', 'several'] as const)[options[24] ?? 0];
  const ids = [8, 12, 20, 16].map((at) => options.readUInt32LE(at));
  const programId = ids.find((id) => id > 0);
  if (programId === undefined) return undefined;
  return { programId, mode: mode ?? 'several', name: programName(programId) };
}

function programName(id: number): string {
  const fd = libbpf().bpf_prog_get_fd_by_id(id);
  if (fd < 0) return '';
  try {
    return programInfo(fd, `program ${id}`).name;
  } finally {
    libc().close(fd);
  }
}
