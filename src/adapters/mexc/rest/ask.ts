import type { z } from "zod";
import { unreadable } from "../to-domain/unreadable.ts";
import type { RestCall, RestClient } from "./client.ts";
import { faultOf } from "./error-table.ts";

/** Asks and reads the answer by its schema. @throws AppError for anything but a readable answer. */
export async function ask<T extends z.ZodType>(
  client: RestClient,
  call: RestCall,
  schema: T,
  what: string,
): Promise<z.infer<T>> {
  const result = await client.call(call);
  if (result.kind !== "ok") throw faultOf(result, what);
  const parsed = schema.safeParse(result.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(`${what}, ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
