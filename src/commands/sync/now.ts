import { confirmTyped } from "../confirm.ts";
import { defineCommand } from "../define-command.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { createCounter } from "../output/counter.ts";
import { statusFields, statusJson, withSyncing } from "./sync-view.ts";

export const syncNow = defineCommand({
  path: ["sync", "now"],
  summary: "Exchange with the remote what changed here and what changed on other machines.",
  details: [
    "A running console or guardian does this by itself, every few seconds. Fills, orders, protections, the journal, settings",
    "and the trading state are exchanged; market data and keys never leave this machine. Breaking off does no harm.",
    'JSON: {"schema":"tapedeck.sync/1","mode":…,"pushed":…,"pulled":…,"conflicts":…,"putAside":…,"clockOffsetMs":…,',
    '"status":{…}}, the status as `sync status` gives it.',
  ],
  examples: [
    { line: "tapedeck sync now", what: "both sides are equal afterwards" },
    { line: "tapedeck sync now --as-new-device", what: "in a home that was copied from another machine" },
  ],
  options: [{ flags: "--as-new-device", what: "take a new name first: this home is a copy of another" }],
  next: "tapedeck sync status",
  run: (context) =>
    withSyncing(context, async (syncing) => {
      const { options, print, signal } = context;
      if (options.has("as-new-device")) {
        await confirmTyped(
          context,
          "This home takes a new name. No other tapedeck may have it open: end the console and the guardian first.",
          "new device",
        );
        syncing.renewDevice();
      }
      const counter = createCounter(context);
      const result = await syncing.synchronise(signal, ({ pushed, pulled }) => {
        counter.say(`${pushed} rows pushed, ${pulled} pulled`);
      });
      counter.end();
      const status = syncing.status();
      const now = syncing.now();
      print.record({
        schema: "tapedeck.sync/1",
        json: { ...result, status: statusJson(status, now) },
        fields: [
          ["pushed", `${result.pushed} rows`],
          ["pulled", `${result.pulled} rows`],
          ...statusFields(status, now),
        ],
      });
      if (result.putAside > 0) {
        print.warn(`${result.putAside} rows were not let in. See why: \`tapedeck sync conflicts\`.`);
      }
      return EXIT_CODES.ok;
    }),
});
