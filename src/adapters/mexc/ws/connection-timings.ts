export interface ConnectionTimings {
  /** The exchange closes a connection that says nothing for a minute. */
  readonly pingMs: number;
  /** Silence after which the connection counts as lost; PONGs break the silence too. */
  readonly silenceMs: number;
  /** A socket that leaves a subscription unanswered for this long, and pushes nothing of it, counts as lost. */
  readonly answerMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** A connection that stood this long was of use, even when there was nothing to say. */
  readonly steadyMs: number;
  /** The exchange ends every connection after 24 hours; a new one takes over before that. */
  readonly lifetimeMs: number;
  /** Both the old and the new connection are listened to for at least this long. */
  readonly overlapMs: number;
  /** A new connection that has not taken over by now is given up; the old one goes on. */
  readonly takeOverMs: number;
}

export const TIMINGS: ConnectionTimings = {
  pingMs: 15_000,
  silenceMs: 40_000,
  answerMs: 10_000,
  firstRetryMs: 500,
  longestRetryMs: 30_000,
  steadyMs: 5 * 60_000,
  lifetimeMs: 23 * 3_600_000,
  overlapMs: 2_000,
  takeOverMs: 30_000,
};
