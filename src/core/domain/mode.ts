/** What stands behind the screen; shown on every screen and in every JSON object. */
export type Mode = "live" | "paper" | "demo" | "replay";
