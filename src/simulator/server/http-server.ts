import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { addressOf } from "./client-address.ts";
import type { Served } from "./serve-request.ts";
import { json } from "./serve-request.ts";
import type { RawRequest } from "./answer-request.ts";

const BODY_LIMIT_BYTES = 1_048_576;

/** The REST API and the control calls. It does not listen yet. */
export function createHttpServer(answer: (request: RawRequest) => Promise<Served>): Server {
  return createServer((request, response) => {
    void serve(answer, request, response).catch(() => request.socket.destroy());
  });
}

async function serve(
  answer: (request: RawRequest) => Promise<Served>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    send(request, response, json({ status: 413, body: { code: 413, msg: "Request body too large" } }));
    return;
  }
  const target = request.url ?? "/";
  const queryAt = target.indexOf("?");
  const served = await answer({
    method: request.method ?? "GET",
    path: queryAt < 0 ? target : target.slice(0, queryAt),
    rawQuery: queryAt < 0 ? "" : target.slice(queryAt + 1),
    rawBody: body,
    headers: request.headers,
    address: addressOf(request),
  });
  send(request, response, served);
}

function send(request: IncomingMessage, response: ServerResponse, served: Served): void {
  if (served.kind === "hang-up") {
    request.socket.destroy();
    return;
  }
  const { status, headers, text } = served;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
}

/** @returns undefined for a body no client means */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
