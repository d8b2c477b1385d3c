import { attachClsactTrial, attachTcxTrial, attachXdpTrial } from './bpf/hook-trial.ts';
import { type Attempt, attempt, type Capability } from './capability.ts';
import { DRIVEN_KINDS, presentKinds } from './qdisc-trial.ts';
import { createVeth, inTrialNamespace } from './trial-namespace.ts';

/** What is tried on an interface: in a namespace with one veth pair, gone at the end. */
export function trialCapabilities(): Capability[] {
  let found: Capability[] = [];
  const namespaces = attempt({
    name: 'network-namespaces',
    isRequired: true,
    fix: 'run as root on a kernel with CONFIG_NET_NS and veth',
    look: () => {
      found = inTrialNamespace(() => attemptsOn(createVeth('lvt0')).map(attempt));
      return 'a namespace with a veth pair was made and is gone';
    },
  });
  if (namespaces.present) return [namespaces, ...found];
  // Nothing could be tried: each says so, with the fix that comes first.
  const untried = attemptsOn(0).map(({ name, isRequired, fix }) => {
    const detail = `not tried: ${namespaces.detail}`;
    return { name, present: false, detail, fix: `${namespaces.fix}; then ${fix}`, isRequired };
  });
  return [namespaces, ...untried];
}

function attemptsOn(ifindex: number): Attempt[] {
  let kinds: string[] = [];
  return [
    {
      name: 'tbf',
      isRequired: true,
      fix: '`modprobe sch_tbf`',
      look: () => {
        kinds = presentKinds(ifindex);
        if (!kinds.includes('tbf')) throw new Error('the kernel knows no qdisc of kind tbf');
        return 'a tbf was made in a namespace and is gone';
      },
    },
    {
      name: 'qdisc-kinds',
      isRequired: false,
      fix: 'a kernel with CONFIG_NET_SCH_FQ and CONFIG_NET_SCH_FQ_CODEL, where links have those',
      look: () => {
        const absent = DRIVEN_KINDS.filter((kind) => !kinds.includes(kind));
        if (absent.length > 0) {
          throw new Error(`${kinds.join(', ') || 'none'}; not here: ${absent.join(', ')}`);
        }
        return kinds.join(', ');
      },
    },
    {
      name: 'xdp',
      isRequired: false,
      fix: 'needs libbpf 1.x, CAP_BPF, CAP_NET_ADMIN and Linux 5.9; else ingress is not watched',
      look: () => attachXdpTrial(ifindex),
    },
    {
      name: 'tcx',
      isRequired: false,
      fix: 'Linux 6.6 or newer; with an older one clsact does the same',
      look: () => attachTcxTrial(ifindex),
    },
    {
      name: 'clsact',
      isRequired: false,
      fix: 'a kernel with CONFIG_NET_CLS_BPF and CONFIG_NET_SCH_INGRESS (`modprobe cls_bpf`)',
      look: () => attachClsactTrial(ifindex),
    },
  ];
}
