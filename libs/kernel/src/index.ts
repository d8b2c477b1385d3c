export type { Capability, CapabilityName } from './capability.ts';
export { missingCapabilities, probeCapabilities } from './capability-probe.ts';
export { FileLock, type FileLockOutcome } from './file-lock.ts';
export {
  errnoName,
  KernelError,
  type KernelErrorCode,
  kernelErrorFromErrno,
} from './kernel-error.ts';
export {
  createNamespace,
  deleteNamespace,
  listNamespaces,
  NAMESPACE_DIRECTORY,
  namespaceInode,
  namespacePath,
  withNamespace,
} from './namespace.ts';
export { handleText, notControllableReason, type Qdisc, ROOT_PARENT } from './qdisc.ts';
export type { QdiscAddress } from './qdisc-codec.ts';
export { type LimitSet, QdiscTable, type QdiscTableOptions } from './qdisc-table.ts';
export {
  BorrowedSocket,
  type SocketBufferChange,
  type SocketBuffers,
} from './sockets/borrowed-socket.ts';
export { findSocketOwners, type SocketOwner } from './sockets/socket-owner.ts';
export { connectionsOfPort } from './sockets/tcp-table.ts';
export { readSysctl } from './sysctl.ts';
export {
  checkSysctlLimit,
  readSysctlLimit,
  restoreSysctlLimit,
  type SysctlLimit,
  type SysctlLimitKey,
  type SysctlLimitPlace,
  sysctlLimitKeys,
  writeSysctlLimit,
} from './sysctl-limit.ts';
