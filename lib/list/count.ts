/** Counts of rows stop here. */
export const countedMax = 10_000
