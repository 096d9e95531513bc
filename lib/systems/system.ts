export const operators = ['institution', 'processor', 'member'] as const
export type Operator = (typeof operators)[number]

/** From being told to being covered. */
export const daysAfterTelling = 14
