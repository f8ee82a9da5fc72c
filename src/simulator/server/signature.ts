import { createHmac } from "node:crypto";
import { Refusal, missingParameter } from "../engine/refusal.ts";

const DEFAULT_RECV_WINDOW_MS = 5_000;
const MOST_RECV_WINDOW_MS = 60_000;
const EARLY_MS = 1_000;

/** What the signature covers, as it came over the wire. */
export interface SignedRequest {
  readonly rawQuery: string;
  readonly rawBody: string;
  readonly apiKey: string | undefined;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Lower-case hex of HMAC-SHA256 over the query directly followed by the body, both without the signature itself. */
export function signatureOf(rawQuery: string, rawBody: string, secret: string): string {
  return createHmac("sha256", secret)
    .update(withoutSignature(rawQuery) + withoutSignature(rawBody))
    .digest("hex");
}

/**
 * Who sent this?
 * @returns the API key of a request that is signed and on time
 * @throws Refusal with the venue's code
 */
export function authenticate(request: SignedRequest, secrets: ReadonlyMap<string, string>, serverTime: number): string {
  const { parameters, apiKey } = request;
  if (apiKey === undefined || apiKey === "") throw new Refusal(400, "api key required");
  const signature = parameters.get("signature");
  if (signature === undefined || signature === "") throw missingParameter("signature");
  const timestamp = wholeNumber(parameters.get("timestamp"));
  if (timestamp === undefined) throw missingParameter("timestamp");
  const recvWindow = parameters.has("recvWindow") ? wholeNumber(parameters.get("recvWindow")) : DEFAULT_RECV_WINDOW_MS;
  if (recvWindow === undefined) throw missingParameter("recvWindow");
  if (recvWindow > MOST_RECV_WINDOW_MS) throw new Refusal(700005, "recvWindow must be less than 60000");
  const secret = secrets.get(apiKey);
  if (secret === undefined) {
    if (!/^mx0[A-Za-z0-9]{4,64}$/.test(apiKey)) throw new Refusal(700001, "API-key format invalid.");
    throw new Refusal(10072, "Api key info invalid", 401);
  }
  if (signature !== signatureOf(request.rawQuery, request.rawBody, secret)) {
    throw new Refusal(700002, "Signature for this request is not valid.");
  }
  if (timestamp >= serverTime + EARLY_MS || serverTime - timestamp > recvWindow) {
    throw new Refusal(700003, "Timestamp for this request is outside of the recvWindow.");
  }
  return apiKey;
}

function withoutSignature(raw: string): string {
  return raw
    .split("&")
    .filter((part) => !part.startsWith("signature="))
    .join("&");
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
