const hourMs = 3_600_000

/** How long a session lives, in milliseconds, whatever is done in it. */
export const sessionLifetimeMs = { researcher: 12 * hourMs, staff: 8 * hourMs }
