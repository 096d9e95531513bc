import { parseFuzzyDate } from '@/lib/people/fuzzy-date'

/** How days and months stand in a file that does not write them as ISO 8601 does. */
export type DateOrder = 'day-first' | 'month-first'

const numbers = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/
const withTime = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*$/

/** A year, month or day in ISO 8601. `ambiguous`: the file’s order of day and month is not known. */
export function readDate(
  given: string,
  order: DateOrder | null,
): { date: string } | { fault: 'not_a_date' | 'ambiguous_date' } {
  const text = withTime.exec(given)?.[1] ?? given
  const iso = parseFuzzyDate(text)
  if (iso) return { date: iso }
  const [, first = '', second = '', year = ''] = numbers.exec(text) ?? []
  if (year === '') return { fault: 'not_a_date' }
  const inOrder = {
    'day-first': parseFuzzyDate(`${year}-${second}-${first}`),
    'month-first': parseFuzzyDate(`${year}-${first}-${second}`),
  }
  const isDay = order ? inOrder[order] : (inOrder['day-first'] ?? inOrder['month-first'])
  if (!isDay) return { fault: 'not_a_date' }
  return order ? { date: isDay } : { fault: 'ambiguous_date' }
}

/** The orders in which every one of these dates is a day. Empty where no date needs an order. */
export function possibleOrders(dates: Iterable<string>): DateOrder[] {
  let needed = false
  const possible = new Set<DateOrder>(['day-first', 'month-first'])
  for (const text of dates) {
    if (!numbers.test(text)) continue
    needed = true
    for (const order of possible) if (!('date' in readDate(text, order))) possible.delete(order)
  }
  return needed ? [...possible] : []
}
