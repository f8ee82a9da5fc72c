/**
 * What can be done to the program and to its stores, as opposed to what happens on an account: past tense, the subject
 * first. A kind that is written once stays readable for ever, so none is ever taken out.
 */
export const AUDIT_TYPES = [
  "database-migrated",
  "backup-created",
  "backup-failed",
  "backup-missed",
  "backup-verified",
  "backup-restored",
  "backup-pruned",
  "backup-drilled",
  "sync-enabled",
  "sync-disabled",
  "sync-refused",
  "sync-conflict-found",
  "device-renewed",
  "guard-taken-over",
  "storage-mode-changed",
  "shadow-verified",
] as const;

export type AuditType = (typeof AUDIT_TYPES)[number];

/** One thing done. Never holds a secret: it is synchronised, backed up and exported. */
export interface AuditEntry {
  readonly type: AuditType;
  /** `person`, or the part of the program that did it by itself: `schedule`, `syncer`, `guardian`. */
  readonly by: string;
  /** The reason, where one was given. */
  readonly why?: string;
  /** Figures and names that say what exactly, to be read by people: `{"from":"local","to":"shadow"}`. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

const AUDIT_TYPE_SET: ReadonlySet<string> = new Set(AUDIT_TYPES);

export function isAuditType(type: string): type is AuditType {
  return AUDIT_TYPE_SET.has(type);
}
