import { chainOldEntries } from "./chain-old-entries.ts";
import { dropRowids } from "./drop-rowids.ts";
import type { MigrationSteps } from "./migrate.ts";

/** By the number of the migration. Like its SQL, a released step is never edited. */
export const MIGRATION_STEPS: MigrationSteps = {
  2: (client) => {
    dropRowids(client, ["journal", "intents", "orders", "sync_dirty", "sync_state"]);
    chainOldEntries(client);
  },
};
