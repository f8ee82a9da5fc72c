import type { JournalBatch } from "../../../src/core/ports/journal.ts";
import { applyProtectionEvent } from "../../../src/core/domain/protection-events.ts";
import type { ProtectionEvent } from "../../../src/core/domain/protection-events.ts";
import type { Protection, ProtectionLeg } from "../../../src/core/domain/protection.ts";
import type { World, Writer } from "./world.ts";

/** A change of a protection as it came to be on disk. */
export interface ProtectionStep {
  readonly writer: Writer;
  readonly event: Exclude<ProtectionEvent, { type: "protection-armed" }>;
  /** As it stood before the event. */
  readonly protection: Protection;
  readonly leg: ProtectionLeg | undefined;
}

/** Every protection of a world as its commits make it, in the order in which they survived. */
export interface ProtectionRecord {
  readonly protections: ReadonlyMap<string, Protection>;
  /** When each was armed, by the world's time. */
  readonly armedAt: ReadonlyMap<string, number>;
  /** Heard before the step counts. */
  onStep(listener: (step: ProtectionStep) => void): void;
}

export function keepProtections(world: World): ProtectionRecord {
  const protections = new Map<string, Protection>();
  const armedAt = new Map<string, number>();
  const listeners: ((step: ProtectionStep) => void)[] = [];
  world.onCommitted((writer: Writer, batch: JournalBatch) => {
    for (const event of batch.events) {
      if (event.type === "protection-armed") {
        protections.set(event.protection.protectionId, event.protection);
        armedAt.set(event.protection.protectionId, world.queue.now);
        continue;
      }
      if (!("protectionId" in event)) continue;
      const protection = protections.get(event.protectionId);
      if (protection === undefined) {
        world.violate("no-bugs", `${writer.process} changes ${event.protectionId}, which nobody armed`);
        continue;
      }
      const leg = "legId" in event ? protection.legs.find(({ legId }) => legId === event.legId) : undefined;
      for (const listener of listeners) listener({ writer, event, protection, leg });
      protections.set(protection.protectionId, applyProtectionEvent(protection, event, batch.at).protection);
    }
  });
  return {
    protections,
    armedAt,
    onStep: (listener) => {
      listeners.push(listener);
    },
  };
}
