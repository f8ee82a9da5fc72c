/** How far the cancelling of everything has come: what the exchange lists, and what nobody is sure of. */
export interface CancelProgress {
  readonly open: number;
  readonly unproven: number;
  /** Whether the exchange's list was read; if not, there may be more of both. */
  readonly isListRead: boolean;
}

/** In words, for whoever waits. No answer is not the answer that there is nothing. */
export function cancelProgressText({ open, unproven, isListRead }: CancelProgress): string {
  const known = `${open} open, ${unproven} unknown`;
  return isListRead ? known : `the exchange does not tell what is open; of those known here ${known}`;
}
