import { KernelError } from '../kernel-error.ts';
import { attachClsact, type ClsactOptions } from './attach-clsact.ts';
import { attachTcx } from './attach-tcx.ts';
import type { Attachment } from './attachment.ts';

/** How a tc program may hang. */
export interface TcAttachOptions extends ClsactOptions {
  /** Default `auto`: tcx, which ends with the process, else clsact. */
  hook?: 'auto' | 'tcx' | 'clsact' | undefined;
}

/**
 * Attach a tc program the best way the kernel has: by a link (tcx), else as a filter on a clsact.
 * @throws KernelError as `attachTcx` and `attachClsact`
 */
export function attachTc(options: TcAttachOptions): Attachment {
  const { hook = 'auto' } = options;
  if (hook === 'clsact') return attachClsact(options);
  try {
    return attachTcx(options);
  } catch (error) {
    // EINVAL is what a kernel says that does not know tcx.
    const isUnknown = error instanceof KernelError && /refused|unsupported/.test(error.code);
    if (hook === 'tcx' || !isUnknown) throw error;
    return attachClsact(options);
  }
}
