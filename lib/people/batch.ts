export const batchActions = ['mark_leaving', 'add_items'] as const
export type BatchAction = (typeof batchActions)[number]

/** What can be done with several people at once. An export writes nothing, and proposed iDs are confirmed one by one. */
export const bulkActions = ['export', 'bind', ...batchActions] as const
export type BulkAction = (typeof bulkActions)[number]

export const stepStates = ['planned', 'done', 'left_out', 'undone', 'kept'] as const
export type StepState = (typeof stepStates)[number]

/** Above so many writes, the first ten are written and shown before the others. */
export const writtenAtOnceMax = 25
export const writtenFirst = 10

/** Written at one press, so that the answer does not take minutes. */
export const writtenPerRunMax = 500

/** The most people in a batch. */
export const batchPeopleMax = 5_000

/** How many of the planned steps the next run writes. */
export function nextSteps({ planned, begun }: { planned: number; begun: boolean }): number {
  return !begun && planned > writtenAtOnceMax ? writtenFirst : Math.min(planned, writtenPerRunMax)
}
