// The table of docs/ARCHITECTURE.md, as rules. Each comment tells whoever breaks it what to do instead.

/** Anything that is not a file of this repository: packages and Node's own modules. */
const OUTSIDE = ["node_modules", "^node:"];
const BUILTIN_OR_PACKAGE = ["core", "npm", "npm-dev", "npm-optional", "npm-peer", "npm-no-pkg", "npm-unknown"];

/** Forbids a folder every file of this repository outside of a list. */
function only(name, from, allowed, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: typeof from === "string" ? { path: from } : from,
    to: { path: "^(src|test|tools|bin)/", pathNot: allowed },
  };
}

/** Forbids packages and Node's modules in a folder. */
function nothingFromOutside(name, from, comment) {
  return { name, comment, severity: "error", from: { path: from }, to: { dependencyTypes: BUILTIN_OR_PACKAGE } };
}

/** Keeps a package at home in one place. */
function packageOnlyIn(name, packages, home, comment) {
  return {
    name,
    comment,
    severity: "error",
    from: { path: "^src/", pathNot: home },
    to: { path: `(^|/)node_modules/(@types/)?(${packages})(/|$)|^(${packages})(/|$)` },
  };
}

module.exports = {
  forbidden: [
    only(
      "domain-imports-only-domain",
      "^src/core/domain/",
      "^src/core/domain/",
      "The domain knows nothing but itself. Move the type it needs into core/domain, or the code that needs more into a use-case.",
    ),
    only(
      "ports-import-only-domain",
      "^src/core/ports/",
      "^src/core/(domain|ports)/",
      "A port speaks in domain types. Put the type it needs into core/domain.",
    ),
    only(
      "use-cases-import-only-core",
      "^src/core/use-cases/",
      "^src/core/",
      "A use-case reaches the world through a port: declare one in core/ports, implement it in adapters, pass it in from app/compose.",
    ),
    nothingFromOutside(
      "core-has-no-packages",
      "^src/core/",
      "The core is free of packages and of node:. Declare a port for what you need and implement it in an adapter.",
    ),
    only(
      "simulator-imports-only-domain",
      "^src/simulator/",
      "^src/(core/domain|simulator)/",
      "The simulated exchange is another company's machine: it shares the domain's words and nothing else. Speak to it over its wire.",
    ),
    {
      name: "simulator-packages",
      comment:
        "The simulated exchange needs ws, zod and Node's own modules. Write the rest by hand or ask why it is needed.",
      severity: "error",
      from: { path: "^src/simulator/" },
      to: {
        dependencyTypes: BUILTIN_OR_PACKAGE.filter((type) => type !== "core"),
        pathNot: "(^|/)node_modules/(@types/)?(ws|zod)/|^(ws|zod)$",
      },
    },
    {
      name: "adapters-know-ports-not-use-cases",
      comment:
        "An adapter implements a port; it does not decide. Move the decision into a use-case that calls the port.",
      severity: "error",
      from: { path: "^src/adapters/" },
      to: { path: "^src/core/use-cases/" },
    },
    {
      name: "adapters-know-no-sibling",
      comment: "Adapters do not know each other. Put what both need into adapters/shared, or join them in app/compose.",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/($1|shared)/" },
    },
    only(
      "adapters-import-only-core",
      { path: "^src/adapters/", pathNot: "^src/adapters/paper/" },
      "^src/(core|adapters)/",
      "An adapter never reaches up. Pass what it needs as an argument from app/compose.",
    ),
    only(
      "paper-uses-only-the-engine",
      "^src/adapters/paper/",
      "^src/(core|adapters|simulator/engine)/",
      "Paper trading may borrow the matching engine and nothing else of the simulated exchange.",
    ),
    only(
      "app-imports-core-and-app",
      { path: "^src/app/", pathNot: "^src/app/(create-app\\.ts$|compose/)" },
      "^src/(core|app)/",
      "Only create-app.ts and compose/ know adapters and the simulator. Take a port as an argument and let them fill it in.",
    ),
    only(
      "composition-imports-no-face",
      "^src/app/(create-app\\.ts$|compose/)",
      "^src/(core|app|adapters|simulator)/",
      "The app does not know its faces. Export what the face needs and let the face call it.",
    ),
    only(
      "tui-imports-only-domain-and-app",
      "^src/tui/",
      "^src/(core/domain|app|tui)/",
      "The screen reads selectors and calls the app. Add what is missing to src/app, not an import of a port, use-case or adapter.",
    ),
    only(
      "commands-import-only-domain-and-app",
      "^src/commands/",
      "^src/(core/domain|app|commands|tui|companion)/",
      "A command calls the app. Add what is missing to src/app, not an import of a port, use-case, adapter or the simulator.",
    ),
    {
      name: "faces-load-lazily",
      comment:
        "A script should not pay for React or a web server: load tui and companion with `await import()` inside the command.",
      severity: "error",
      from: { path: "^src/commands/" },
      to: { path: "^src/(tui|companion)/", dependencyTypesNot: ["dynamic-import", "type-only"] },
    },
    only(
      "companion-imports-only-domain-and-app",
      "^src/companion/",
      "^src/(core/domain|app|companion)/",
      "The companion calls the app. Add what is missing to src/app.",
    ),
    packageOnlyIn(
      "redux-only-in-the-store",
      "@reduxjs/toolkit|redux|immer|reselect",
      "^src/app/store/",
      "Redux is a detail of src/app/store. Export a selector or an action from there.",
    ),
    packageOnlyIn(
      "ink-and-react-only-in-tui",
      "ink|react|react-dom|react-redux",
      "^src/tui/",
      "Only the screen draws. Move this to src/tui, or the logic in it out of the component.",
    ),
    packageOnlyIn(
      "commander-only-in-commands",
      "commander",
      "^src/commands/",
      "Only src/commands reads the command line. Pass plain options on.",
    ),
    packageOnlyIn(
      "fastify-only-in-companion",
      "fastify|@fastify/[^/]+",
      "^src/companion/",
      "Only src/companion is a web server for people. The simulated exchange uses node:http.",
    ),
    packageOnlyIn(
      "database-only-in-storage",
      "better-sqlite3|drizzle-orm",
      "^src/adapters/(storage|backup)/",
      "The database is a detail of adapters/storage, and its copies of adapters/backup. Use the ports of the core.",
    ),
    packageOnlyIn(
      "remote-only-in-sync",
      "@libsql/[^/]+",
      "^src/adapters/sync/",
      "The remote is a detail of adapters/sync. Use the port core/ports/sync-remote.ts.",
    ),
    packageOnlyIn(
      "sockets-only-at-the-edge",
      "ws",
      "^src/(adapters|simulator)/",
      "Sockets belong to adapters. Use the market feed or account feed in core/ports.",
    ),
    packageOnlyIn(
      "toml-only-in-config",
      "smol-toml",
      "^src/app/config/",
      "The config file is read once, in src/app/config. Take the value from the loaded config.",
    ),
    {
      name: "other-clients-only-beside-the-peers",
      comment:
        "Clients written by others are there to be compared with. Only test/peers and test/perf may load them, from their own package.",
      severity: "error",
      from: { pathNot: "^test/(peers|perf)/" },
      to: { path: "(^|/)node_modules/(ccxt|mexc-api-sdk)(/|$)|^(ccxt|mexc-api-sdk)(/|$)" },
    },
    {
      name: "no-bare-libsql",
      comment:
        "@libsql/client loads a second SQLite library; two in one process lose acknowledged writes. Import @libsql/client/http.",
      severity: "error",
      // A remote for tests stands on that library, on files of its own.
      from: { pathNot: "^test/remotes/sqlite-backend[.]ts$" },
      to: { path: "(^|/)node_modules/(libsql|@libsql/client/lib-(esm|cjs)/(node|sqlite3))|^@libsql/client$" },
    },
    {
      name: "no-cycles",
      comment:
        "Two files that need each other are one concept, or lack a third. Move the shared part into its own file.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "src-knows-no-tests-or-tools",
      comment: "The product does not know its tests or its tools. Move what both need into src.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|tools)/" },
    },
    {
      name: "no-barrels",
      comment: "Import the file that holds the thing. A barrel hides who uses what and makes cycles.",
      severity: "error",
      from: {},
      to: { path: "/index[.]tsx?$", pathNot: "node_modules" },
    },
    {
      name: "no-development-packages-in-src",
      comment:
        "The product ships without devDependencies. Move the package to dependencies, or the code to tools or test.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
    },
    {
      name: "every-import-resolves",
      comment: "This file or package is not there, or package.json does not name it.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "every-package-is-declared",
      comment: "A package that came along with another may leave with it. Name it in package.json.",
      severity: "error",
      from: { path: "^(src|test|tools)/" },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: OUTSIDE },
    // A file in the package of test/peers may use what the package around it declares.
    combinedDependencies: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
    skipAnalysisNotInRules: true,
  },
};
