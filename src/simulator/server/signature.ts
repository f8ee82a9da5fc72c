import { createHmac, timingSafeEqual } from "node:crypto";
import { Refusal, missingParameter } from "../engine/refusal.ts";
import type { Switches } from "../switches.ts";
import type { ApiKey, ApiKeys } from "./api-keys.ts";
import { isExpired } from "./api-keys.ts";

const DEFAULT_RECV_WINDOW_MS = 5_000;
const MOST_RECV_WINDOW_MS = 60_000;
const EARLY_MS = 1_000;

/** What the signature covers, as it came over the wire. */
export interface SignedRequest {
  readonly rawQuery: string;
  readonly rawBody: string;
  readonly apiKey: string | undefined;
  /** Where it came from. */
  readonly address: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export interface Gate {
  readonly keys: ApiKeys;
  readonly switches: Switches;
  readonly serverTime: number;
}

/** Lower-case hex of HMAC-SHA256 over the query directly followed by the body, both without the signature itself. */
export function signatureOf(rawQuery: string, rawBody: string, secret: string): string {
  return createHmac("sha256", secret).update(signedText(rawQuery, rawBody)).digest("hex");
}

/**
 * Who sent this?
 * @returns the key of a request that is signed and on time
 * @throws Refusal with the venue's code
 */
export function authenticate(request: SignedRequest, gate: Gate): ApiKey {
  const { parameters, apiKey } = request;
  if (apiKey === undefined || apiKey === "") throw new Refusal(400, "api key required");
  const signature = parameters.get("signature");
  if (signature === undefined || signature === "") throw missingParameter("signature");
  const timestamp = wholeNumber(parameters.get("timestamp"));
  if (timestamp === undefined) throw missingParameter("timestamp");
  const recvWindow = parameters.has("recvWindow") ? wholeNumber(parameters.get("recvWindow")) : DEFAULT_RECV_WINDOW_MS;
  if (recvWindow === undefined) throw missingParameter("recvWindow");
  if (recvWindow > MOST_RECV_WINDOW_MS) throw new Refusal(700005, "recvWindow must be less than 60000");
  const key = knownKey(apiKey, gate);
  if (key.ipWhiteList.length > 0 && !key.ipWhiteList.includes(request.address)) {
    throw new Refusal(700006, `IP [${request.address}] not in the ip white list`);
  }
  if (!isSignedBy(request, signature, key.secret, gate.switches)) throw invalidSignature();
  const { serverTime } = gate;
  if (timestamp >= serverTime + EARLY_MS || serverTime - timestamp > recvWindow) {
    throw new Refusal(700003, "Timestamp for this request is outside of the recvWindow.");
  }
  return key;
}

function knownKey(apiKey: string, { keys, switches, serverTime }: Gate): ApiKey {
  const key = keys.find(apiKey);
  if (key === undefined && !/^mx0[A-Za-z0-9]{4,64}$/.test(apiKey)) {
    throw new Refusal(700001, "API-key format invalid.");
  }
  if (key === undefined || key.status !== "VALID") {
    if (switches.get("unknown-key-code") === "700002") throw invalidSignature();
    throw new Refusal(10072, "Api key info invalid", 401);
  }
  if (isExpired(key, serverTime)) {
    if (switches.get("expired-key-code") === "700002") throw invalidSignature();
    throw new Refusal(402, "API Key expired");
  }
  return key;
}

function isSignedBy(request: SignedRequest, signature: string, secret: string, switches: Switches): boolean {
  const { rawQuery, rawBody } = request;
  if (!isEncodedAsSigned(signedText(rawQuery, rawBody))) return false;
  const given = switches.get("signature-case") === "any" ? signature.toLowerCase() : signature;
  const wanted = signatureOf(rawQuery, rawBody, secret);
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given, "utf8"), Buffer.from(wanted, "utf8"));
}

/** The venue signs the text with upper-case escapes, and with brackets, commas and quotes escaped. */
function isEncodedAsSigned(text: string): boolean {
  return /^(?:[\w\-.~*+=&!'@:/$;?]|%[\dA-F]{2})*$/.test(text);
}

function signedText(rawQuery: string, rawBody: string): string {
  return withoutSignature(rawQuery) + withoutSignature(rawBody);
}

function withoutSignature(raw: string): string {
  return raw
    .split("&")
    .filter((part) => !part.startsWith("signature="))
    .join("&");
}

function invalidSignature(): Refusal {
  return new Refusal(700002, "Signature for this request is not valid.");
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
