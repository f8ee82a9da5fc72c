import { expect, it } from "vitest";
import { run } from "../../../src/commands/run.ts";
import { createFakeApp } from "../fake-app.ts";
import { createFakeIo } from "../fake-io.ts";
import { servicesWith } from "../run-line.ts";

async function runWithoutOutput(line: string, cause = "ENOSPC") {
  const io = createFakeIo();
  io.failOut(cause);
  const code = await run(line.split(" "), io.io, servicesWith(createFakeApp().app));
  return { code, errors: io.errors() };
}

it("names the order where the output cannot", async () => {
  expect(await runWithoutOutput("order place buy BTCUSDT 0.001 @ 65000 --client-id mine-1")).toMatchObject({
    code: 1,
    errors: [
      {
        schema: "tapedeck.error/1",
        error: {
          code: "OUTPUT_FAILED",
          message: "Writing the output failed: no space is left on the disk.",
          notDone: "The output is incomplete, but order mine-1 is open.",
          hint: "Look with `tapedeck order show mine-1`; placing it again would make a second order.",
        },
      },
    ],
  });
});

it.each([
  ["EDQUOT", "the disk quota is used up"],
  ["EIO", "the device failed"],
  ["ENXIO", "ENXIO"],
])("says %s in words", async (cause, words) => {
  const { code, errors } = await runWithoutOutput("market ls", cause);
  expect(code).toBe(1);
  expect(errors).toMatchObject([
    { error: { message: `Writing the output failed: ${words}.`, notDone: "The output is incomplete." } },
  ]);
});

it("keeps the code of a command that had more to tell", async () => {
  const line = "order place buy BTCUSDT 0.001 @ 65000 --wait filled --timeout 1";
  const { code, errors } = await runWithoutOutput(line);
  expect(code).toBe(9);
  expect(errors).toMatchObject([{ error: { code: "NOT_FILLED" } }, { error: { code: "OUTPUT_FAILED" } }]);
});

it("does not take a reader that went away for a failure", async () => {
  const io = createFakeIo();
  io.closeOut();
  expect(await run(["market", "ls"], io.io, servicesWith(createFakeApp().app))).toBe(0);
  expect(io.err()).toBe("");
});
