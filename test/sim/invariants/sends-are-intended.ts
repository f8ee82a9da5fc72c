import type { World } from "../world/world.ts";

const ORDER_PATH = "/api/v3/order";

/** Each order that leaves has its intent on disk, and leaves once, whoever sends it. */
export interface SendWatch {
  /** How often each client order id left a process. */
  readonly sent: ReadonlyMap<string, number>;
}

export function watchSends(world: World): SendWatch {
  const sent = new Map<string, number>();
  world.onRequest(({ process, request }) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method !== "POST" || pathname !== ORDER_PATH) return;
    const id = searchParams.get("newClientOrderId") ?? "";
    if (world.disk.countIntents(id) !== 1)
      world.violate("intent-before-send", `${process} sends ${id}, which no intent names`);
    const times = (sent.get(id) ?? 0) + 1;
    sent.set(id, times);
    if (times > 1) world.violate("sent-once", `${process} sends ${id} for the ${String(times)}th time`);
  });
  return { sent };
}
