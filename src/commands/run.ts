import { AppError, EXIT_CODES } from "../core/domain/errors.ts";
import { COMMANDS } from "./command-table.ts";
import type { CommandContext } from "./define-command.ts";
import type { Io } from "./io.ts";
import { exitCodeWithoutOutput, outputFault } from "./output/output-fault.ts";
import { chooseFormat } from "./output/output-format.ts";
import { createPaint, wantsColor } from "./output/paint.ts";
import type { Printer } from "./output/printer.ts";
import { createPrinter } from "./output/printer.ts";
import type { FaultSink } from "./output/report-fault.ts";
import { reportFault, viewOfAppError } from "./output/report-fault.ts";
import type { ParsedLine } from "./parse/parse-line.ts";
import { parseLine } from "./parse/parse-line.ts";
import type { Services } from "./services.ts";

/** Runs one command line. Never throws: whatever happens becomes words on stderr and an exit code. */
export async function run(argv: readonly string[], io: Io, services: Services): Promise<number> {
  let printer: Printer | undefined;
  try {
    const line = parseLine(argv, { ...COMMANDS, version: services.readVersion });
    if (line.kind === "text") {
      io.out.write(line.text);
      return await proveOutput(EXIT_CODES.ok, argv, io, printer);
    }
    printer = printerFor(line, io);
    const code = await line.spec.run(contextOf(line, io, services, printer));
    return await proveOutput(code, argv, io, printer);
  } catch (fault) {
    return tell(fault, argv, io, printer);
  }
}

/** Nothing has been said until it is written: a disk may be full, and then somebody has to hear of it. */
async function proveOutput(
  code: number,
  argv: readonly string[],
  io: Io,
  printer: Printer | undefined,
): Promise<number> {
  await io.out.drained();
  if (io.out.failure === undefined) return code;
  reportFault(outputFault(io.out.failure, printer?.deed), faultSink(argv, io, printer));
  return exitCodeWithoutOutput(code);
}

function faultSink(argv: readonly string[], io: Io, printer: Printer | undefined): FaultSink {
  return {
    err: io.err,
    paint: createPaint(wantsColor(io.env, io.err.isTty, argv.includes("--no-color"))),
    json: printer?.jsonMessages ?? wantsJsonUnparsed(argv, io),
    mode: printer?.mode,
  };
}

type CommandLine = Extract<ParsedLine, { kind: "command" }>;

function printerFor({ output, globals, spec }: CommandLine, io: Io): Printer {
  return createPrinter({
    ...chooseFormat(output, io.out.isTty || spec.textByDefault === true),
    out: io.out,
    err: io.err,
    paint: createPaint(wantsColor(io.env, io.out.isTty, !globals.color)),
    errPaint: createPaint(wantsColor(io.env, io.err.isTty, !globals.color)),
    ascii: globals.ascii,
  });
}

function contextOf(line: CommandLine, io: Io, services: Services, print: Printer): CommandContext {
  const { args, options, globals } = line;
  const errPaint = createPaint(wantsColor(io.env, io.err.isTty, !globals.color));
  return {
    io,
    services,
    args,
    options,
    globals,
    print,
    signal: io.interrupt,
    async withApp(work, over) {
      const app = await services.createApp({ env: io.env, profile: globals.profile, ...over });
      print.mode = app.mode;
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },
    fail(fault, exitCode) {
      reportFault(fault, { err: io.err, paint: errPaint, json: print.jsonMessages, mode: print.mode });
      return exitCode;
    },
  };
}

/** Words for what a command threw. @returns its exit code. */
export function tell(fault: unknown, argv: readonly string[], io: Io, printer?: Printer): number {
  const sink = faultSink(argv, io, printer);
  if (argv.includes("--debug") && fault instanceof Error) io.err.write(`${fault.stack ?? fault.message}\n`);
  if (io.interrupt.aborted) {
    reportFault({ code: "INTERRUPTED", message: "Interrupted before the end." }, sink);
    return EXIT_CODES.interrupted;
  }
  if (fault instanceof AppError) {
    reportFault(viewOfAppError(fault), sink);
    return fault.exitCode;
  }
  const message = fault instanceof Error ? fault.message : String(fault);
  reportFault(
    {
      code: "BUG",
      message: `This is a fault of Tapedeck: ${message}`,
      hint: "Run it again with --debug and report what it shows. Orders, if any, are listed by `tapedeck order ls`.",
    },
    sink,
  );
  return EXIT_CODES.bug;
}

/** The line could not be parsed, so its flags are looked for by hand. */
function wantsJsonUnparsed(argv: readonly string[], io: Io): boolean {
  if (argv.includes("--json")) return true;
  const format = argv[argv.findIndex((word) => word === "-o" || word === "--output") + 1];
  if (argv.some((word) => word === "-o" || word === "--output")) return format === "json" || format === "ndjson";
  return !io.out.isTty && !io.err.isTty;
}
