/** Tells that another process wrote to the store. */
export interface StoreChanges {
  /** Whether anybody else has committed since the last question. The first answer is no. */
  seen(): boolean;
}
