export type { AuditFault, AuditFaultKind } from './audit-chain.ts';
export type { AuditSource } from './audit-files.ts';
export { auditFolder } from './audit-folder.ts';
export { AuditLog, type AuditLogOptions, type AuditOutcome } from './audit-log.ts';
export type { AuditEntry, AuditRecord, AuditValue, ChainPoint } from './audit-record.ts';
export { type NewestOptions, newestRecords } from './newest-records.ts';
export { type AuditSegment, type AuditVerdict, verifyAudit } from './verify-audit.ts';
