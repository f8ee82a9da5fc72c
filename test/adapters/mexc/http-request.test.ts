import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHttpSender } from "../../../src/adapters/mexc/rest/http-request.ts";
import { createRestClient } from "../../../src/adapters/mexc/rest/client.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function serve(handler: RequestListener): Promise<string> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(url: string, timeoutMs = 2_000, signal = new AbortController().signal) {
  const sender = createHttpSender();
  cleanups.push(() => {
    sender.close();
  });
  return sender.send({ method: "POST", url, headers: {}, timeoutMs, signal });
}

describe("a request", () => {
  it("was not sent when nobody listens", async () => {
    const server = createSocketServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "not-sent" });
  });

  it.each([
    ["is broken off", true],
    ["never ends", false],
  ])("was not sent when the TLS handshake %s", async (_name, breaks) => {
    const server = createSocketServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        if (breaks) socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    const { port } = server.address() as AddressInfo;
    expect(await send(`https://127.0.0.1:${port}/`, 300)).toMatchObject({ kind: "not-sent" });
  });

  it("was not sent when it was given up beforehand", async () => {
    const url = await serve(() => undefined);
    expect(await send(url, 2_000, AbortSignal.abort())).toMatchObject({ kind: "not-sent" });
  });

  it("is unclear when the connection breaks after it arrived", async () => {
    const url = await serve((request) => request.socket.destroy());
    expect(await send(url)).toMatchObject({ kind: "unclear" });
  });

  it("is unclear when no answer comes in time", async () => {
    const url = await serve(() => undefined);
    expect(await send(url, 100)).toMatchObject({ kind: "unclear", why: "no answer within 0.1 s" });
  });

  it("is unclear when it is given up on the way", async () => {
    const stop = new AbortController();
    const url = await serve(() => {
      stop.abort();
    });
    expect(await send(url, 2_000, stop.signal)).toMatchObject({ kind: "unclear" });
  });

  it("is unclear when the answer is cut off or has no end", async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      response.socket?.destroySoon();
    });
    expect(await send(cut)).toMatchObject({ kind: "unclear" });
    const endless = await serve((_request, response) => {
      response.writeHead(200);
      response.end(Buffer.alloc(11 * 1024 * 1024));
    });
    expect(await send(endless)).toMatchObject({ kind: "unclear", why: "the answer is larger than 10 MB" });
  });

  it("is unclear on a kept connection that dies under it", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      if (requests === 1) response.end("{}");
      else request.socket.destroy();
    });
    const sender = createHttpSender();
    cleanups.push(() => {
      sender.close();
    });
    const signal = new AbortController().signal;
    const once = () => sender.send({ method: "POST", url, headers: {}, timeoutMs: 1_000, signal });
    expect(await once()).toMatchObject({ kind: "answer" });
    expect(await once()).toMatchObject({ kind: "unclear" });
    expect(requests).toBe(2);
  });
});

describe("an answer", () => {
  const cases: readonly [string, number, string, string][] = [
    ["plain success", 200, '{"orderId":"1"}', "ok"],
    ["success in an envelope", 200, '{"code":200,"data":[]}', "ok"],
    ["success with code 0", 200, '{"code":0,"data":[]}', "ok"],
    ["a list", 200, "[]", "ok"],
    ["a refusal", 400, '{"code":30004,"msg":"Insufficient position"}', "refused"],
    ["a refusal with status 200", 200, '{"code":10007,"msg":"bad symbol"}', "refused"],
    ["the firewall's page", 403, "<html>denied</html>", "unclear"],
    ["a refusal inside a server error", 500, '{"code":30004,"msg":"x"}', "unclear"],
    ["no JSON", 200, "<html>", "unclear"],
    ["an empty body", 200, "", "unclear"],
    ["an error without a code", 400, "{}", "unclear"],
    ["a poisoned object", 200, '{"__proto__":{"code":5},"constructor":1}', "ok"],
  ];
  it.each(cases)("of %s", async (_name, status, body, kind) => {
    const url = await serve((_request, response) => {
      response.writeHead(status);
      response.end(body);
    });
    const client = createRestClient({
      restUrl: url,
      keys: undefined,
      clock: { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() },
    });
    cleanups.push(() => {
      client.close();
    });
    const signal = new AbortController().signal;
    const result = await client.call({ method: "GET", path: "/api/v3/ping", signed: false, signal });
    expect(result.kind).toBe(kind);
    expect(({} as { code?: number }).code).toBeUndefined();
  });
});
