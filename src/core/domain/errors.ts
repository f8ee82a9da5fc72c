/** Exit codes a script can rely on; the same meaning in every command. */
export const EXIT_CODES = {
  ok: 0,
  failure: 1,
  usage: 2,
  configuration: 3,
  signInNeeded: 4,
  denied: 5,
  rejected: 6,
  unavailable: 7,
  outcomeUnknown: 8,
  partial: 9,
  bug: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export interface AppErrorInit {
  /** Stable UPPER_SNAKE code; what scripts and docs refer to. */
  readonly code: string;
  /** What happened, in one sentence, already safe to print. */
  readonly message: string;
  /** What therefore was not done: "No order was sent." */
  readonly notDone?: string;
  /** The next step for the person. */
  readonly hint?: string;
  readonly exitCode: ExitCode;
  /** The exchange's own code, where there is one. */
  readonly venueCode?: number | string;
  readonly cause?: unknown;
}

/**
 * A fault of the outside world (exchange, network, disk, configuration). Created in adapters and config only; outcomes
 * that a caller must handle are unions instead, and bugs are plain errors.
 */
export class AppError extends Error {
  readonly code: string;
  readonly notDone: string | undefined;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  readonly venueCode: number | string | undefined;

  constructor(init: AppErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "AppError";
    this.code = init.code;
    this.notDone = init.notDone;
    this.hint = init.hint;
    this.exitCode = init.exitCode;
    this.venueCode = init.venueCode;
  }
}

/** What any thrown thing says of itself. Not made safe: it may hold words from outside. */
export function causeWords(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
