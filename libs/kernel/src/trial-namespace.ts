import assert from 'node:assert';
import { closeSync, openSync } from 'node:fs';
import { kernelErrorFromErrno } from './kernel-error.ts';
import { libc } from './libc.ts';
import { LINK_MESSAGE } from './link-codec.ts';
import { MessageWriter, NETLINK } from './netlink-message.ts';
import { NetlinkSocket } from './netlink-socket.ts';

const CLONE_NEWNET = 0x4000_0000;
/** `NLM_F_CREATE` and `NLM_F_EXCL`. */
const CREATE = 0x600;
const IFLA = { name: 3, linkInfo: 18 } as const;
const IFLA_INFO_KIND = 1;

/**
 * Run `body` with this thread inside a new, empty network namespace that has no name and ends when
 * `body` does, with all that was made in it; so it does when the process is killed meanwhile.
 * Everything in `body` must be synchronous.
 * @throws KernelError `permission-denied`, `unsupported`
 */
export function inTrialNamespace<T>(body: () => T): T {
  const c = libc();
  const home = openSync('/proc/thread-self/ns/net', 'r');
  try {
    if (c.unshare(CLONE_NEWNET) !== 0) {
      throw kernelErrorFromErrno({ what: 'making a network namespace', errno: c.errno() });
    }
    try {
      return body();
    } finally {
      // A thread left in the wrong namespace would change the wrong machine: stop at once.
      assert.equal(c.setns(home, CLONE_NEWNET), 0, 'cannot return to the own namespace');
    }
  } finally {
    closeSync(home);
  }
}

/** Make a veth pair in the namespace of this thread. @returns the index of the named end */
export function createVeth(name: string): number {
  const socket = new NetlinkSocket();
  try {
    const sequence = socket.nextSequence();
    const flags = NETLINK.flagRequest | NETLINK.flagAck | CREATE;
    const request = new MessageWriter({ type: LINK_MESSAGE.newLink, flags, sequence })
      .words(0, 0, 0, 0)
      .attributeText(IFLA.name, name)
      .nest(IFLA.linkInfo, (nest) => nest.attributeText(IFLA_INFO_KIND, 'veth'))
      .finish();
    socket.exchange({ request, sequence, what: `making the veth pair ${name}` });
  } finally {
    socket.close();
  }
  return libc().if_nametoindex(name);
}
