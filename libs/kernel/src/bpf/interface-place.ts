import { KernelError } from '../kernel-error.ts';
import { libc } from '../libc.ts';
import { withNamespace } from '../namespace.ts';

/** `IFNAMSIZ`. */
const IF_NAME_BYTES = 16;

/** One interface of one network namespace. */
export interface InterfacePlace {
  /** Name below /run/netns or absolute path; `undefined` is the namespace of this process. */
  netns?: string | undefined;
  ifindex: number;
}

/** @returns the index of an interface. @throws KernelError `not-found` */
export function interfaceIndex(name: string, netns?: string): number {
  const index = withNamespace(netns, () => libc().if_nametoindex(name));
  if (index > 0) return index;
  const place = netns === undefined ? '' : ` in the namespace ${netns}`;
  const what = `looking for the interface ${name}${place}`;
  const next = 'list the interfaces with `ip link`';
  throw new KernelError({ code: 'not-found', what, why: 'there is none', next });
}

/**
 * Tell a missing interface from other failures, which the kernel does not always.
 * @param what is tried, for the error text; the namespace of the calling thread is asked
 * @throws KernelError `not-found`
 */
export function checkInterface(ifindex: number, what: string): void {
  const isIndex = Number.isInteger(ifindex) && ifindex > 0 && ifindex < 2 ** 31;
  if (isIndex && libc().if_indextoname(ifindex, new Uint8Array(IF_NAME_BYTES)) !== null) return;
  const why = `there is no interface ${ifindex}`;
  throw new KernelError({ code: 'not-found', what, why, next: 'list them with `ip link`' });
}

/** For error texts. */
export function placeText({ netns, ifindex }: InterfacePlace): string {
  return netns === undefined ? `interface ${ifindex}` : `interface ${ifindex} of ${netns}`;
}
