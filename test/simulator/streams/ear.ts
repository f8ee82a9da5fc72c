import { StreamSession } from "../../../src/simulator/streams/session.ts";
import type { Fields } from "../decode-push.ts";
import { decodePush } from "../decode-push.ts";
import type { runSimulation } from "../simulation-run.ts";

/** Somebody who listens to a simulation without a socket; with an account, also to what is private to it. */
export function listen(run: ReturnType<typeof runSimulation>, apiKey?: string) {
  const frames: Uint8Array[] = [];
  const session = new StreamSession({
    hub: run.hub,
    switches: run.switches,
    listener: { apiKey, push: (frame) => frames.push(frame), hangUp: () => session.close() },
    onSubscribed: () => undefined,
  });
  const say = (message: unknown): { readonly id: number; readonly code: number; readonly msg: string } =>
    JSON.parse(session.receive(JSON.stringify(message))) as never;
  const subscribe = (...params: string[]): string => say({ method: "SUBSCRIPTION", params }).msg;
  const bodies = (kind: string): Fields[] =>
    frames.map(decodePush).flatMap((frame) => (frame[kind] === undefined ? [] : [frame[kind] as Fields]));
  return { frames, session, say, subscribe, bodies };
}
