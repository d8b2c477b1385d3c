import { fileURLToPath } from 'node:url';

/** The compiled programs, as they are committed. */
export const objectPath = fileURLToPath(new URL('../../bpf/levitate.bpf.o', import.meta.url));
