import { createHash } from "node:crypto";

/** Coins of chains of their own, which have no contract. */
const NATIVE = new Set(["BTC", "ETH", "SOL", "ADA", "XRP", "DOGE", "BNB", "TRX", "AVAX", "DOT", "BCH", "LTC", "XMR"]);

/** A plate as the venue sorts coins by. */
export interface ConceptPlate {
  readonly id: number;
  readonly name: string;
}

const PLATES: readonly ConceptPlate[] = [
  { id: 5, name: "mc-trade-zone-Layer1" },
  { id: 12, name: "mc-trade-zone-DeFi" },
  { id: 39, name: "mc-trade-zone-AI" },
  { id: 50, name: "mc-trade-zone-MEME" },
];

/** What the venue's web knows a coin by: 32 hex digits that are the same after every start. */
export function coinIdOf(asset: string): string {
  return digestOf(`coin ${asset}`).slice(0, 32);
}

export function marketIdOf(symbol: string): string {
  return digestOf(`market ${symbol}`).slice(0, 32);
}

/** Empty for a coin of its own chain; now and then a word where an address should stand. */
export function contractAddressOf(asset: string): string {
  if (NATIVE.has(asset)) return "";
  return asset === "MX" ? "xtokens" : `0x${digestOf(`contract ${asset}`).slice(0, 40)}`;
}

export function platesOf(asset: string): readonly ConceptPlate[] {
  const digest = Number.parseInt(digestOf(`plates ${asset}`).slice(0, 2), 16);
  return PLATES.filter((_plate, at) => (digest >> at) % 2 === 1);
}

/** An address deposits of an asset would go to. Nothing of worth ever arrives at it. */
export function depositAddressOf(account: string, asset: string, network: string): string {
  return `0x${digestOf(`deposit ${account} ${asset} ${network}`).slice(0, 40)}`;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
