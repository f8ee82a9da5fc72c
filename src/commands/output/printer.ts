import type { Mode } from "../../core/domain/mode.ts";
import type { Output } from "../io.ts";
import { renderCsv } from "./csv.ts";
import type { ChosenFormat, OutputFormat } from "./output-format.ts";
import type { Deed } from "./output-fault.ts";
import type { Paint } from "./paint.ts";
import type { Column } from "./table.ts";
import { renderFields, renderTable } from "./table.ts";

/** Several things of a kind. JSON is one object with the things under their plural; NDJSON is one thing a line. */
export interface ListView<T> {
  /** Schema of the whole: "tapedeck.orders/1". */
  readonly schema: string;
  /** Schema of one: "tapedeck.order/1". */
  readonly itemSchema: string;
  /** The plural the things stand under: "orders". */
  readonly key: string;
  readonly items: readonly T[];
  readonly json: (item: T) => object;
  /** The row of a CSV, where it differs: its columns must not depend on what the things hold. */
  readonly csv?: (item: T) => object;
  readonly columns: readonly Column<T>[];
  /** Further members of the JSON object. */
  readonly about?: object;
  /** Said on stderr when there is nothing. */
  readonly empty: string;
}

/** One thing. */
export interface RecordView {
  readonly schema: string;
  readonly json: object;
  readonly fields: readonly (readonly [name: string, value: string | null | undefined])[];
  /** Lines under the fields, for people. */
  readonly below?: readonly string[];
  /** What was done in the world, said on stderr should the record not get out. */
  readonly deed?: Deed;
}

/** Writes data to stdout in the chosen format, and messages to stderr. */
export interface Printer {
  readonly format: OutputFormat;
  /** The format was asked for, not chosen by what stdout is. */
  readonly explicit: boolean;
  /** Errors and notices are objects too, for a program that reads stderr. */
  readonly jsonMessages: boolean;
  readonly paint: Paint;
  /** What the JSON objects say once the app is open. */
  mode: Mode | undefined;
  /** Of the newest record. */
  readonly deed: Deed | undefined;
  list<T>(view: ListView<T>): void;
  record(view: RecordView): void;
  /** Lines of a table as wide as the terminal, for what stands below a record. */
  table<T>(columns: readonly Column<T>[], rows: readonly T[]): readonly string[];
  /** One object a line, whatever the format. */
  event(schema: string, json: object): void;
  /** The same as text, for streams that gather their lines. */
  eventLine(schema: string, json: object): string;
  /** A line of data for people. */
  line(text: string): void;
  /** Progress, for people at a terminal only. */
  progress(text: string): void;
  /** What the reader of the data has to know about it. */
  warn(text: string): void;
}

export interface PrinterParts extends ChosenFormat {
  readonly out: Output;
  readonly err: Output;
  readonly paint: Paint;
  readonly errPaint: Paint;
  readonly ascii: boolean;
}

export function createPrinter(parts: PrinterParts): Printer {
  const { out, err, format, paint, errPaint } = parts;
  const jsonMessages = (format === "json" || format === "ndjson") && (parts.explicit || !err.isTty);
  const plain = (text: string) => (parts.ascii ? asAscii(text) : text);
  const write = (lines: readonly string[]) => {
    if (lines.length > 0) out.write(`${lines.join("\n")}\n`);
  };
  /** Only a terminal has an edge; what goes to a file or to another program loses no column to it. */
  const width = () => (out.isTty ? out.columns : Number.POSITIVE_INFINITY);
  const document = (json: object) => write([out.isTty ? JSON.stringify(json, null, 2) : JSON.stringify(json)]);
  const headed = (schema: string, json: object) => ({ schema, mode: printer.mode ?? null, ...json });

  let deed: Deed | undefined;
  const printer: Printer = {
    format,
    explicit: parts.explicit,
    jsonMessages,
    paint,
    mode: undefined,
    get deed() {
      return deed;
    },
    list(view) {
      switch (format) {
        case "json":
          document(headed(view.schema, { ...view.about, [view.key]: view.items.map(view.json) }));
          return;
        case "ndjson":
          write(view.items.map((item) => JSON.stringify(headed(view.itemSchema, view.json(item)))));
          return;
        case "csv":
          write(renderCsv(view.items.map(view.csv ?? view.json)));
          return;
        case "table":
          if (view.items.length === 0) printer.progress(view.empty);
          else write(renderTable(view.columns, view.items, width(), paint).map(plain));
      }
    },
    record(view) {
      deed = view.deed;
      switch (format) {
        case "json":
          document(headed(view.schema, view.json));
          return;
        case "ndjson":
          write([JSON.stringify(headed(view.schema, view.json))]);
          return;
        case "csv":
          write(renderCsv([view.json]));
          return;
        case "table": {
          const mode = printer.mode === undefined ? [] : ([["mode", printer.mode]] as const);
          write([...renderFields([...view.fields, ...mode], paint), ...(view.below ?? [])].map(plain));
        }
      }
    },
    table: (columns, rows) => renderTable(columns, rows, width(), paint),
    event: (schema, json) => write([printer.eventLine(schema, json)]),
    eventLine: (schema, json) => JSON.stringify(headed(schema, json)),
    line: (text) => write([plain(text)]),
    progress: (text) => {
      if (!jsonMessages && err.isTty) err.write(`${plain(text)}\n`);
    },
    warn: (text) => {
      if (jsonMessages) err.write(`${JSON.stringify(headed("tapedeck.warning/1", { message: text }))}\n`);
      else err.write(`${errPaint.yellow("warning:")} ${plain(text)}\n`);
    },
  };
  return printer;
}

const ASCII: readonly (readonly [RegExp, string])[] = [
  [/—/g, "-"],
  [/[–−]/g, "-"],
  [/·/g, "|"],
  [/…/g, "..."],
  [/[→›]/g, ">"],
  [/[✓✔]/g, "ok"],
  [/×/g, "x"],
];

/** For terminals without Unicode; names of markets stay as the exchange spells them. */
function asAscii(text: string): string {
  return ASCII.reduce((left, [sign, plain]) => left.replaceAll(sign, plain), text);
}
