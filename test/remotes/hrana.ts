/** The part of Hrana over HTTP, version 2 in JSON, that `@libsql/client/http` speaks. */

export type HranaValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "blob"; readonly base64: string };

export interface HranaStatement {
  readonly sql?: string | null;
  readonly sql_id?: number | null;
  readonly args?: readonly HranaValue[];
  readonly named_args?: readonly { readonly name: string; readonly value: HranaValue }[];
  readonly want_rows?: boolean;
}

export type HranaCondition =
  | { readonly type: "ok" | "error"; readonly step: number }
  | { readonly type: "not"; readonly cond: HranaCondition }
  | { readonly type: "and" | "or"; readonly conds: readonly HranaCondition[] }
  | { readonly type: "is_autocommit" };

export interface HranaBatch {
  readonly steps: readonly { readonly condition?: HranaCondition | null; readonly stmt: HranaStatement }[];
}

export type HranaRequest =
  | { readonly type: "close" }
  | { readonly type: "get_autocommit" }
  | { readonly type: "execute"; readonly stmt: HranaStatement }
  | { readonly type: "batch"; readonly batch: HranaBatch }
  | { readonly type: "sequence" | "describe"; readonly sql?: string | null; readonly sql_id?: number | null }
  | { readonly type: "store_sql"; readonly sql_id: number; readonly sql: string }
  | { readonly type: "close_sql"; readonly sql_id: number };

export interface HranaError {
  readonly message: string;
  readonly code: string;
}

export type HranaResult =
  | { readonly type: "ok"; readonly response: Readonly<Record<string, unknown>> }
  | { readonly type: "error"; readonly error: HranaError };

export interface PipelineRequest {
  readonly baton?: string | null;
  readonly requests: readonly HranaRequest[];
}

export interface PipelineAnswer {
  readonly baton: string | null;
  readonly base_url: string | null;
  readonly results: readonly HranaResult[];
}

/** What stands behind the server: an engine in this process, or another server. */
export interface PipelineBackend {
  answer(request: PipelineRequest): Promise<PipelineAnswer>;
  close(): Promise<void>;
}

/** The texts that a client has stored on a stream, put back in place of their numbers. */
export class StoredTexts {
  readonly #texts = new Map<number, string>();

  store(id: number, sql: string): void {
    this.#texts.set(id, sql);
  }

  forget(id: number): void {
    this.#texts.delete(id);
  }

  textOf(statement: Pick<HranaStatement, "sql" | "sql_id">): string {
    const text = statement.sql ?? this.#texts.get(statement.sql_id ?? -1);
    if (text === undefined) throw Object.assign(new Error("SQL text not found"), { code: "SQL_NOT_FOUND" });
    return text;
  }
}

export function toHranaError(cause: unknown): HranaError {
  const code =
    cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "SQLITE_ERROR";
  return { message: cause instanceof Error ? cause.message : String(cause), code };
}
