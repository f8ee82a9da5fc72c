/** A market of the seeded exchange, with sizes like the venue's. */
export interface CatalogueRow {
  readonly base: string;
  readonly quote: string;
  readonly fullName: string;
  /** Around where it opens. */
  readonly price: number;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly minQuantity: string;
  /** Actions of makers and takers a second. */
  readonly activity: number;
  /** Deviation of a day's relative change. */
  readonly volatility: number;
  readonly priceBand?: string;
  readonly specialTreatment?: true;
  readonly closedToApi?: true;
  /** 2 buy only, 3 sell only; all unless it stands here. */
  readonly tradeSideType?: 2 | 3;
}
