import { KernelError } from './kernel-error.ts';
import { pageBytes } from './page-bytes.ts';
import { checkSysctlWritable, readSysctl, writeSysctl } from './sysctl.ts';

const GIB = 1_073_741_824;

/** How one parameter holds a limit of buffers. */
interface LimitField {
  /** Place of the limit among the numbers of the parameter. */
  field: number;
  unit: 'bytes' | 'pages';
  /** Bounds in the parameter's own unit. */
  min: number;
  max: number;
}

/** One number: the largest or the default buffer of a socket, bytes. */
const single: LimitField = { field: 0, unit: 'bytes', min: 4_608, max: GIB };
/** Least, default and largest buffer, bytes: the largest is the limit. */
const triple: LimitField = { field: 2, unit: 'bytes', min: 4_608, max: GIB };
/** Low, pressure, high, pages: high is the limit; with pages of 4 KiB from 4 MiB to 1 TiB. */
const pages: LimitField = { field: 2, unit: 'pages', min: 1_024, max: 0x1000_0000 };

/**
 * Parameters that bound buffers (`Documentation/networking/ip-sysctl.rst`, `admin-guide/sysctl/
 * net.rst`). Nothing else is ever written.
 */
const limitFields: Readonly<Record<SysctlLimitKey, LimitField>> = {
  'net.core.rmem_max': single,
  'net.core.wmem_max': single,
  'net.core.rmem_default': single,
  'net.core.wmem_default': single,
  'net.ipv4.tcp_rmem': triple,
  'net.ipv4.tcp_wmem': triple,
  'net.ipv4.tcp_mem': pages,
};

/** Names of the parameters that can be driven. */
export const sysctlLimitKeys = [
  'net.core.rmem_max',
  'net.core.wmem_max',
  'net.core.rmem_default',
  'net.core.wmem_default',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
  'net.ipv4.tcp_mem',
] as const;

/** One of the parameters that can be driven. */
export type SysctlLimitKey = (typeof sysctlLimitKeys)[number];

/** Which parameter of which namespace. */
export interface SysctlLimitPlace {
  key: SysctlLimitKey;
  netns?: string | undefined;
}

/** A limit as it stands. */
export interface SysctlLimit {
  /** In the parameter's own unit. */
  limit: number;
  bytesPerUnit: number;
}

/** @throws KernelError `not-found`, `bad-answer` */
export function readSysctlLimit(place: SysctlLimitPlace): SysctlLimit {
  const { field, unit } = limitFields[place.key];
  const bytesPerUnit = unit === 'pages' ? pageBytes() : 1;
  return { limit: numbersOf(place)[field] ?? 0, bytesPerUnit };
}

/**
 * Change the limit among the numbers of a parameter, leave the others, and read it back.
 * @param limit in the parameter's own unit
 * @throws KernelError `out-of-range` outside its bounds or below the number before it, which the
 * kernel would take and not make sense of; `permission-denied`, `verification-failed`
 */
export function writeSysctlLimit(place: SysctlLimitPlace, limit: number): { previous: number } {
  const { field, min, max } = limitFields[place.key];
  const numbers = numbersOf(place);
  const least = Math.max(min, numbers[field - 1] ?? 0);
  if (!Number.isInteger(limit) || limit < least || limit > max) {
    const what = `setting sysctl ${place.key} to ${limit}`;
    const why = `it must be a whole number from ${least} to ${max}`;
    throw new KernelError({ code: 'out-of-range', what, why, next: 'give one of those' });
  }
  return put(place, numbers, limit);
}

/**
 * As `writeSysctlLimit` for a limit that was there before, whatever the bounds say.
 * @throws KernelError `permission-denied`, `verification-failed`
 */
export function restoreSysctlLimit(place: SysctlLimitPlace, limit: number): void {
  put(place, numbersOf(place), limit);
}

/** @throws KernelError `permission-denied`, `not-found` where the limit cannot be changed here */
export function checkSysctlLimit({ key, netns }: SysctlLimitPlace): void {
  checkSysctlWritable(key, netns);
}

function put(
  place: SysctlLimitPlace,
  numbers: readonly number[],
  limit: number,
): { previous: number } {
  const { key, netns } = place;
  const { field } = limitFields[key];
  const previous = numbers[field] ?? 0;
  if (previous === limit) return { previous };
  writeSysctl(key, numbers.with(field, limit).join('\t'), netns);
  const after = numbersOf(place)[field];
  if (after === limit) return { previous };
  const what = `setting sysctl ${key} to ${limit}`;
  const why = `the kernel reads back ${after}`;
  const next = 'see who else sets it, and whether a file below /etc/sysctl.d does';
  throw new KernelError({ code: 'verification-failed', what, why, next });
}

function numbersOf({ key, netns }: SysctlLimitPlace): number[] {
  const text = readSysctl(key, netns);
  const numbers = text.split(/\s+/).map(Number);
  if (numbers.length > limitFields[key].field && numbers.every(Number.isSafeInteger)) {
    return numbers;
  }
  const what = `reading sysctl ${key}`;
  const next = 'report this with the kernel version (`uname -r`)';
  throw new KernelError({ code: 'bad-answer', what, why: `it reads "${text}"`, next });
}
