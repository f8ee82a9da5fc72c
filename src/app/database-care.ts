import type { Mode } from "../core/domain/mode.ts";

/** The database of a home, looked at and brought up to date without a session. */
export interface DatabaseCare {
  readonly mode: Mode;
  readonly file: string;
  /** Changes nothing. Undefined where there is no database yet. @throws AppError DATABASE_UNREADABLE */
  status(options: { readonly checked: boolean }): DatabaseStatus | undefined;
  /** @throws AppError DATABASE_NEWER, DATABASE_UNREADABLE or STORAGE_FAILED; then nothing was changed. */
  migrate(): Migration;
}

export interface DatabaseStatus {
  readonly state: "current" | "pending" | "newer" | "foreign";
  readonly version: number;
  /** The newest that this program knows. */
  readonly known: number;
  readonly sizeBytes: number;
  readonly logBytes: number;
  readonly deviceId: string | undefined;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly faults: readonly string[] | undefined;
}

export interface Migration {
  readonly from: number;
  readonly to: number;
  /** The state before; undefined where nothing was in it, or nothing had to be done. */
  readonly backup: string | undefined;
}
