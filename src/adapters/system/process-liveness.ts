import { readFileSync } from "node:fs";

/** Whether a process of this machine can still act, ours or another user's. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // Not allowed to signal it: then it is there.
    return cause instanceof Error && "code" in cause && cause.code === "EPERM";
  }
  return !isZombie(pid);
}

/** Dead, but nobody has asked how it ended: its number is still taken. Told by Linux alone. */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
