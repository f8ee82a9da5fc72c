import { AppError, EXIT_CODES } from "../../core/domain/errors.ts";
import { isLoopbackHost } from "../../core/domain/loopback.ts";
import { safeText } from "../../core/domain/safe-text.ts";

export interface MexcEndpoints {
  readonly restUrl: string;
  readonly wsUrl: string;
  /** Hosts that the profile trusts by name, as they stand in an address: "host" or "host:port". TLS is still needed. */
  readonly trustedHosts?: readonly string[];
}

const REST_HOST = "api.mexc.com";
const STREAM_HOST = "wbs-api.mexc.com";

type HostKind = "mexc" | "loopback" | "trusted";

/**
 * MEXC's own names over TLS, loopback, and what the profile trusts by name: keys are signed for nobody who only looks
 * like it, and both addresses belong to the same exchange.
 * @throws AppError HOST_NOT_TRUSTED
 */
export function checkEndpoints({ restUrl, wsUrl, trustedHosts = [] }: MexcEndpoints): void {
  const rest = kindOf(restUrl, { secure: "https:", plain: "http:", host: REST_HOST, anyPath: false }, trustedHosts);
  const stream = kindOf(wsUrl, { secure: "wss:", plain: "ws:", host: STREAM_HOST, anyPath: true }, trustedHosts);
  if (rest === stream) return;
  // Real orders at simulated prices, or the other way round.
  throw new AppError({
    code: "HOST_NOT_TRUSTED",
    message: `The address for orders is ${NAMES[rest]}, and the one for streams is ${NAMES[stream]}.`,
    notDone: NOTHING_DONE,
    hint: "Point both addresses at the same exchange.",
    exitCode: EXIT_CODES.configuration,
  });
}

const NOTHING_DONE = "Nothing was sent and nothing was signed.";
const NAMES: Readonly<Record<HostKind, string>> = {
  mexc: "MEXC's",
  loopback: "this machine's",
  trusted: "a host that the profile trusts",
};

interface Expected {
  readonly secure: string;
  readonly plain: string;
  readonly host: string;
  readonly anyPath: boolean;
}

function kindOf(text: string, expected: Expected, trustedHosts: readonly string[]): HostKind {
  const { secure, plain, host, anyPath } = expected;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isBare(url, anyPath)) {
    if (isLoopbackHost(url.hostname) && (url.protocol === plain || url.protocol === secure)) return "loopback";
    if (url.protocol === secure && url.host === host) return "mexc";
    if (url.protocol === secure && trustedHosts.includes(url.host)) return "trusted";
  }
  const named = safeText(url?.host || text, 80);
  throw new AppError({
    code: "HOST_NOT_TRUSTED",
    message: `${named} is neither ${host} over TLS, nor an address of this machine, nor a host that the profile trusts.`,
    notDone: NOTHING_DONE,
    hint: `Use ${secure}//${host} or a simulated exchange on 127.0.0.1. A profile may name a host of its own in trusted_hosts.`,
    exitCode: EXIT_CODES.configuration,
  });
}

/** No user name that hides the host, and nothing behind it that would change what is asked. */
function isBare(url: URL, anyPath: boolean): boolean {
  const { username, password, search, hash, pathname } = url;
  return [username, password, search, hash].every((part) => part === "") && (anyPath || /^\/*$/.test(pathname));
}
