import type { App } from "../../src/app/app.ts";
import { run } from "../../src/commands/run.ts";
import type { Services } from "../../src/commands/services.ts";
import type { FakeIoOptions } from "./fake-io.ts";
import { createFakeIo } from "./fake-io.ts";

/** Services that know one app and nothing else. */
export function servicesWith(app: App | undefined, over: Partial<Services> = {}): Services {
  const absent = (what: string) => () => Promise.reject(new Error(`the test has no ${what}`));
  return {
    createApp: app === undefined ? absent("app") : () => Promise.resolve(app),
    serveSimulator: absent("simulator"),
    startBackgroundGuard: absent("background"),
    openGuardLog: absent("log"),
    openBackups: absent("backups"),
    openDatabaseCare: absent("database"),
    openJournalBook: absent("journal"),
    openSyncing: absent("synchronisation"),
    runTui: absent("screen"),
    readVersion: () => "9.9.9",
    ...over,
  };
}

/** Runs one line to its end. */
export async function runLine(
  argv: readonly string[],
  app?: App,
  options: FakeIoOptions & { readonly services?: Partial<Services> } = {},
) {
  const fake = createFakeIo(options);
  const code = await run(argv, fake.io, servicesWith(app, options.services));
  return {
    code,
    out: fake.out(),
    err: fake.err(),
    objects: fake.objects,
    errors: fake.errors,
    questions: fake.questions,
  };
}
