import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkEndpoints } from "../../../src/adapters/mexc/endpoints.ts";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";
import { createSystemClock } from "../../../src/adapters/system/system-clock.ts";

const MEXC = { restUrl: "https://api.mexc.com", wsUrl: "wss://wbs-api.mexc.com/ws" };
const LOCAL = { restUrl: "http://127.0.0.1:8080", wsUrl: "ws://localhost:8080/ws" };
const OWN = { restUrl: "https://mx.example.org", wsUrl: "wss://mx.example.org/ws" };
const trusting = (...trustedHosts: readonly string[]) => ({ ...OWN, trustedHosts });
const check = (endpoints: Parameters<typeof checkEndpoints>[0]) => () => {
  checkEndpoints(endpoints);
};

describe("addresses", () => {
  it.each([
    MEXC,
    { ...MEXC, restUrl: "https://API.MEXC.COM/" },
    { ...MEXC, restUrl: "https://api.mexc.com:443" },
    LOCAL,
    { restUrl: "http://[::1]:1", wsUrl: "ws://127.0.0.9:1/ws" },
    // Other ways to write this machine's own address: that is where they lead.
    { ...LOCAL, restUrl: "http://2130706433:8080" },
    { ...LOCAL, restUrl: "http://0x7f.1:8080" },
    trusting("mx.example.org"),
    {
      restUrl: "https://mx.example.org:8443",
      wsUrl: "wss://mx.example.org:8443/ws",
      trustedHosts: ["mx.example.org:8443"],
    },
  ])("%o are fine", (endpoints) => {
    expect(check(endpoints)).not.toThrow();
  });

  it.each([
    { ...MEXC, restUrl: "http://api.mexc.com" },
    { ...MEXC, restUrl: "https://api.mexc.com:8443" },
    { ...MEXC, restUrl: "https://api.mexc.com@example.org" },
    { ...MEXC, restUrl: "https://user:word@api.mexc.com" },
    { ...MEXC, restUrl: "https://api.mexc.com." },
    { ...MEXC, restUrl: "https://api.mexc.com.example.org" },
    { ...MEXC, restUrl: "https://example.org/api.mexc.com" },
    { ...MEXC, restUrl: "https://api.mexc.com\\@example.org" },
    { ...MEXC, restUrl: "https://api.mexc.com%2eexample.org" },
    // Cyrillic letters that look the same.
    { ...MEXC, restUrl: "https://api.m\u0435xc.com" },
    { ...MEXC, restUrl: "https://api.mexc.c\u043em" },
    { ...MEXC, restUrl: "https://api.mexc.com/v2" },
    { ...MEXC, restUrl: "https://api.mexc.com/?to=" },
    { ...MEXC, restUrl: "https://api.mexc.com/#x" },
    { ...MEXC, restUrl: "file:///etc/passwd" },
    { ...MEXC, restUrl: "wss://api.mexc.com" },
    { ...MEXC, wsUrl: "wss://api.mexc.com/ws" },
    { ...MEXC, wsUrl: "ws://wbs-api.mexc.com/ws" },
    { ...MEXC, wsUrl: "wss://wbs-api.mexc.com/ws?listenKey=x" },
    { ...LOCAL, restUrl: "http://127.0.0.1.example.org" },
    { ...LOCAL, restUrl: "http://localhost.example.org" },
    { ...LOCAL, restUrl: "http://localhost." },
    { ...LOCAL, restUrl: "http://0.0.0.0:8080" },
    { ...LOCAL, restUrl: "http://[::ffff:10.0.0.1]:8080" },
    { ...LOCAL, restUrl: "http://127.0.0.1@example.org" },
    { ...LOCAL, restUrl: "http://2130706434.example.org" },
    { ...LOCAL, wsUrl: "nonsense" },
    // Two exchanges at once.
    { restUrl: MEXC.restUrl, wsUrl: LOCAL.wsUrl },
    { restUrl: LOCAL.restUrl, wsUrl: MEXC.wsUrl },
    { restUrl: MEXC.restUrl, wsUrl: OWN.wsUrl, trustedHosts: ["mx.example.org"] },
    // Trusted by name, and only by the exact one, over TLS.
    trusting(),
    trusting("example.org"),
    trusting("mx.example.org:8443"),
    trusting("mx.example.org."),
    trusting("*.example.org"),
    { ...trusting("mx.example.org"), restUrl: "http://mx.example.org" },
    { ...trusting("mx.example.org"), wsUrl: "ws://mx.example.org/ws" },
    { ...trusting("mx.example.org"), restUrl: "https://sub.mx.example.org" },
    { ...trusting("mx.example.org"), restUrl: "https://mx.example.org:8443" },
  ])("%o are not trusted", (endpoints) => {
    expect(check(endpoints)).toThrow(
      expect.objectContaining({ code: "HOST_NOT_TRUSTED", exitCode: 3, hint: expect.stringMatching(/\.$/) as unknown }),
    );
  });
});

async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(restUrl: string) {
  const client = createRestClient({ restUrl, keys: undefined, clock: createSystemClock() });
  onTestFinished(() => client.close());
  const signal = new AbortController().signal;
  return client.call({ method: "GET", path: "/api/v3/ping", signed: false, signal });
}

describe("an answer from the right address", () => {
  it.each([301, 302, 303, 307, 308])("is not followed elsewhere by a %i", async (status) => {
    let followed = 0;
    const elsewhere = await serve((_request, response) => {
      followed += 1;
      response.end("{}");
    });
    const here = await serve((_request, response) => {
      response.writeHead(status, { location: `${elsewhere}/api/v3/ping` });
      response.end("{}");
    });
    expect(await ask(here)).toMatchObject({ kind: "unclear", status });
    expect(followed).toBe(0);
  });

  it("is not unfolded: what was not asked to be compressed is no JSON", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    const here = await serve((_request, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" });
      response.end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    expect(await ask(here)).toMatchObject({ kind: "unclear", why: "the exchange's answer is no JSON" });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
  });

  it("may call itself what it likes: the body decides", async () => {
    const here = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("{}");
    });
    expect(await ask(here)).toMatchObject({ kind: "ok" });
  });
});
