const gapMs = 30 * 60_000

/** Groups events, newest first, into visits: half an hour without an event begins another. */
export function groupByVisit<E extends { at: Date }>(events: readonly E[]): E[][] {
  const visits: E[][] = []
  for (const event of events) {
    const visit = visits.at(-1)
    const after = visit?.at(-1)
    if (visit && after && after.at.getTime() - event.at.getTime() < gapMs) visit.push(event)
    else visits.push([event])
  }
  return visits
}
