/**
 * Whether a host is this machine. Takes the host name of a parsed address, where every way of writing an IPv4 address
 * (decimal, hex, short) has become the dotted one.
 */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
