import { workerData } from 'node:worker_threads';
import { testRun } from '@levitate/kernel/bpf';

/** What a thread of its own runs over and over. */
export interface RepeatedRuns {
  fd: number;
  data: Uint8Array;
  repeat: number;
}

const { fd, data, repeat } = workerData as RepeatedRuns;
testRun({ program: { fd, name: 'xdp_buffer_control' }, data, repeat });
