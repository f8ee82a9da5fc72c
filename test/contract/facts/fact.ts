/** A row of the fact sheet the simulated exchange and the adapter are built from, and what holds them to it. */
export interface Fact {
  /** Its section, such as "3.3". */
  readonly section: string;
  /** What it says, in a line; a numbered or coded row begins with its number or code. */
  readonly says: string;
  /**
   * The cases under `test/contract/mexc` that break when it no longer holds: a mark such as "§10.8" is every case that bears it,
   * a mark and a text such as "§3.3 depth:" are those whose text begins so. Empty for what no case can hold.
   */
  readonly cases: readonly string[];
  /** Why no case can hold it. */
  readonly untested?: string;
}

export function fact(section: string, says: string, ...cases: readonly string[]): Fact {
  return { section, says, cases };
}

export function untested(section: string, says: string, why: string): Fact {
  return { section, says, cases: [], untested: why };
}

/** A test case as Vitest lists it. */
export interface Case {
  readonly title: string;
  /** Its file, from the root of the repository. */
  readonly file: string;
}

const TITLE = /^((?:§\d+(?:\.\d+)? )+)(.*)$/s;

/** The marks of a title, and what follows them; undefined for a title without a mark. */
export function readTitle(title: string) {
  const [, marks = "", text = ""] = TITLE.exec(`${title} `) ?? [];
  return marks === "" ? undefined : { marks: marks.trim().split(" "), text: text.trimEnd() };
}

/** Whether a case is one of those that `selector` means. */
export function isMeant(selector: string, title: string): boolean {
  const wanted = readTitle(selector);
  const told = readTitle(title);
  if (wanted === undefined || told === undefined) return false;
  if (!wanted.marks.every((mark) => told.marks.includes(mark))) return false;
  // "30002" is not the beginning of "300021".
  return told.text.startsWith(wanted.text) && !/^\w\w$/.test(`${wanted.text.at(-1)}${told.text[wanted.text.length]}`);
}
