import { createHash } from 'node:crypto';

/** Longer names, and those with other characters, are told apart by a digest. */
const plain = /^[\w-]{1,100}$/;

/** A file name for a target, different for different targets. */
export function fileNameOf(target: string): string {
  if (plain.test(target)) return target;
  const digest = createHash('sha256').update(target).digest('hex').slice(0, 32);
  return `${target.replaceAll(/[^\w-]+/g, '_').slice(0, 60)}~${digest}`;
}
