export {
  type Capability,
  type CapabilityName,
  missingCapabilities,
  probeCapabilities,
} from './capability-probe.ts';
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
export { readSysctl } from './sysctl.ts';
