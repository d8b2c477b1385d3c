import { enumWord } from './enum-word.ts';
import type * as ebpfAgent from './generated/ebpf_agent.v1.ts';

/** What drives the limit of a link, as people are told. */
export interface LinkActuator {
  /** `qdisc`, `socket-buffers`, `sysctl`, `bpf-map`, `simulated`; `none` where nothing does. */
  readonly kind: string;
  /** The place in words; empty where there is none. */
  readonly target: string;
  /** Why nothing does; empty where something does. */
  readonly reason: string;
  /** What stands before it in the chain, in order, each with why it cannot be driven. */
  readonly unavailable: readonly { readonly kind: string; readonly reason: string }[];
}

/** The agent's word on one link; one that does not know of actuators yet drives the qdisc. */
export function linkActuator(link: ebpfAgent.Link): LinkActuator {
  const { actuator, actuatorTarget, controllable, notControllableReason, qdisc } = link;
  const isKnown = actuator !== 'ACTUATOR_KIND_UNSPECIFIED';
  return {
    kind: isKnown ? enumWord(actuator) : controllable ? 'qdisc' : 'none',
    target: actuatorTarget === '' && controllable ? qdisc : actuatorTarget,
    reason: controllable ? '' : notControllableReason,
    unavailable: link.actuatorsUnavailable.map(({ kind, reason }) => ({
      kind: enumWord(kind),
      reason,
    })),
  };
}
