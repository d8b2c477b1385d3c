import { libc } from '../libc.ts';
import { objectInfo } from './object-info.ts';

/** Where a program hangs. */
export type HookName = 'xdp' | 'tcx' | 'clsact' | 'tracepoint';

/** A program that hangs on a hook of the kernel until it is closed. */
export interface Attachment extends Disposable {
  readonly hook: HookName;
  /** For people: how and where it hangs, and why not better. */
  readonly detail: string;
  /** XDP only: `native` runs in the driver, `generic` after it, at some cost. */
  readonly xdpMode?: 'native' | 'generic';
  /** Whether it still hangs there: an interface that is deleted takes its programs along. */
  isAttached(): boolean;
  /** Take the program off. Closing twice is one close. */
  close(): void;
}

/**
 * An attachment that is a BPF link held by a file descriptor: it ends with the process, however
 * that ends.
 */
export class LinkAttachment implements Attachment {
  readonly hook: HookName;
  readonly detail: string;
  readonly xdpMode?: 'native' | 'generic';
  #fd: number;

  constructor(link: {
    fd: number;
    hook: HookName;
    detail: string;
    xdpMode?: 'native' | 'generic' | undefined;
  }) {
    this.#fd = link.fd;
    this.hook = link.hook;
    this.detail = link.detail;
    if (link.xdpMode !== undefined) this.xdpMode = link.xdpMode;
  }

  isAttached(): boolean {
    if (this.#fd < 0) return false;
    if (this.hook === 'tracepoint') return true;
    // `struct bpf_link_info`: the interface's index becomes 0 when the interface is gone.
    return objectInfo(this.#fd, this.detail).getUint32(16, true) !== 0;
  }

  close(): void {
    if (this.#fd >= 0) libc().close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
