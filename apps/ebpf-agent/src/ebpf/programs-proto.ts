import type { ebpfAgent } from '@levitate/contracts';
import type { OpenedPrograms } from './open-programs.ts';

/** The programs and what they counted, in the words of the wire. @throws KernelError */
export function programsToProto(opened: OpenedPrograms): ebpfAgent.ListProgramsResponseInit {
  const { programs, reason: unavailableReason } = opened;
  if (programs === undefined) return { unavailableReason };
  return {
    programs: programs.status().map(({ program: name, xdpMode = '', ...status }) => {
      return { name, xdpMode, ...status };
    }),
    ingress: programs.ingress().map(({ queue, ...reading }) => {
      return { ...reading, maxSizeBytes: queue.maxSize };
    }),
    drops: programs.drops(),
  };
}
