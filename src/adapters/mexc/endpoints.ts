import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { safeText } from "../../core/domain/safe-text.ts";

export interface MexcEndpoints {
  readonly restUrl: string;
  readonly wsUrl: string;
}

const REST_HOST = "api.mexc.com";
const STREAM_HOST = "wbs-api.mexc.com";

/** MEXC's own names over TLS, and loopback, and nothing else: keys are signed for nobody who only looks like it. */
export function checkEndpoints({ restUrl, wsUrl }: MexcEndpoints): void {
  check(restUrl, "https:", REST_HOST, "http:");
  check(wsUrl, "wss:", STREAM_HOST, "ws:");
  if (isLoopback(new URL(restUrl).hostname) === isLoopback(new URL(wsUrl).hostname)) return;
  // Real orders at simulated prices, or the other way round.
  throw new AppError({
    code: "HOST_NOT_TRUSTED",
    message: "One address is the exchange's and the other one is this machine's.",
    notDone: "Nothing was sent and nothing was signed.",
    hint: "Point both addresses at the same exchange.",
    exitCode: EXIT_CODES.configuration,
  });
}

function check(text: string, secure: string, host: string, plain: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const clean = url !== undefined && url.username === "" && url.password === "";
  if (clean && url.protocol === secure && url.host === host) return;
  if (clean && (url.protocol === plain || url.protocol === secure) && isLoopback(url.hostname)) return;
  throw new AppError({
    code: "HOST_NOT_TRUSTED",
    message: `${safeText(url?.host ?? text, 80)} is neither ${host} over TLS nor an address of this machine.`,
    notDone: "Nothing was sent and nothing was signed.",
    hint: `Use ${secure}//${host}, or a simulated exchange on 127.0.0.1.`,
    exitCode: EXIT_CODES.configuration,
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
