import type { AppError } from "../../core/domain/errors.ts";
import type { Mode } from "../../core/domain/mode.ts";
import type { Denial } from "../../core/domain/risk-request.ts";
import type { Output } from "../io.ts";
import type { Paint } from "./paint.ts";

/** How an error is told; the same members in text and JSON. */
export interface FaultView {
  readonly code: string;
  readonly message: string;
  readonly notDone?: string | undefined;
  readonly hint?: string | undefined;
  readonly venueCode?: number | string | undefined;
  /** Every rule that said no. */
  readonly denials?: readonly Denial[] | undefined;
}

export interface FaultSink {
  readonly err: Output;
  readonly paint: Paint;
  readonly json: boolean;
  readonly mode: Mode | undefined;
}

export function viewOfAppError(fault: AppError): FaultView {
  const { code, message, notDone, hint, venueCode } = fault;
  return { code, message, notDone, hint, venueCode };
}

/** Says what happened, what was not done, the next step and the code. */
export function reportFault(fault: FaultView, { err, paint, json, mode }: FaultSink): void {
  if (json) {
    const error = {
      code: fault.code,
      message: fault.message,
      notDone: fault.notDone ?? null,
      hint: fault.hint ?? null,
      ...(fault.venueCode === undefined ? {} : { venueCode: fault.venueCode }),
      ...(fault.denials === undefined ? {} : { denials: fault.denials }),
    };
    err.write(`${JSON.stringify({ schema: "tapedeck.error/1", mode: mode ?? null, error })}\n`);
    return;
  }
  const venue = fault.venueCode === undefined ? "" : `, exchange ${fault.venueCode}`;
  const lines = [`${paint.red("error:")} ${fault.message} ${paint.dim(`(${fault.code}${venue})`)}`];
  const several = (fault.denials?.length ?? 0) > 1 ? (fault.denials ?? []) : [];
  for (const denial of several)
    lines.push(`  ${denial.message} ${paint.dim(`(${denial.code})`)}`, `    ${denial.hint}`);
  if (fault.notDone !== undefined) lines.push(fault.notDone);
  if (fault.hint !== undefined) lines.push(fault.hint);
  err.write(`${lines.join("\n")}\n`);
}
