import { AppError, EXIT_CODES } from "../../../core/domain/errors.ts";
import type { Timestamp } from "../../../core/domain/identifiers.ts";
import type { SyncStore } from "../../../core/ports/sync-store.ts";
import type { Shadowing } from "../../syncing.ts";
import { moveMode, planCutover, readShadow, refuseUnlessPassed, verifyShadow } from "./shadow.ts";
import type { SyncRoundParts } from "./sync-round.ts";
import { runSyncRound } from "./sync-round.ts";

export function createShadowing(options: {
  /** @throws AppError SYNC_NOT_SET */
  readonly need: () => SyncRoundParts;
  readonly store: () => SyncStore;
  /** When the newest backup was made and proved. */
  readonly backupAt: () => Timestamp | undefined;
}): Shadowing {
  const { need, store, backupAt } = options;
  const record = () => readShadow(store());
  return {
    record,
    async enter(signal, onProgress) {
      const parts = need();
      const { mode } = record();
      if (mode !== "local") throw refused("SHADOW_ALREADY", `The mode is ${mode} already.`);
      parts.store.markEverything();
      const result = await runSyncRound(parts, signal, onProgress);
      moveMode(parts, "shadow", "person");
      return result;
    },
    leave() {
      const { mode } = record();
      if (mode !== "shadow") throw refused("SHADOW_NOT_ON", `The mode is ${mode}, and no shadow to leave.`);
      moveMode(need(), "local", "person");
    },
    verify: (kind, signal, onProgress) => verifyShadow(need(), kind, "person", signal, onProgress),
    plan: (signal) => planCutover(need(), backupAt(), signal),
    async cutOver(signal) {
      const parts = need();
      refuseUnlessPassed(await planCutover(parts, backupAt(), signal));
      moveMode(parts, "primary", "person");
    },
    async rollBack(signal) {
      const parts = need();
      const { mode } = record();
      if (mode === "local") throw refused("ROLLBACK_REFUSED", "The mode is local: there is no step back.");
      if (mode === "primary") {
        const { findings } = await verifyShadow(parts, "fast", "person", signal);
        if (findings.length > 0) {
          throw refused(
            "ROLLBACK_REFUSED",
            `${String(findings.length)} rows differ between this machine and the remote, so this file cannot be the record.`,
          );
        }
      }
      return moveMode(parts, mode === "primary" ? "shadow" : "local", "person").mode;
    },
  };
}

function refused(code: string, message: string): AppError {
  return new AppError({
    code,
    message,
    notDone: "The mode is what it was.",
    hint: "See it with `tapedeck db shadow status`.",
    exitCode: EXIT_CODES.denied,
  });
}
