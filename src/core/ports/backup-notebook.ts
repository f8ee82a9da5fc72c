import type { BackupNotes } from "../domain/backup/backup-notes.ts";

/** What this machine remembers of its backups. Local, and no loss when it is gone: then a backup is due. */
export interface BackupNotebook {
  read(): BackupNotes;
  /** Changes what is given and leaves the rest. Never throws: a note that cannot be written must not stop a backup. */
  note(change: Partial<BackupNotes>): void;
}
