const form = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/

/** Returns `2021`, `2021-03` or `2021-03-31`; null for anything else. ORCID accepts years from 1900. */
export function parseFuzzyDate(text: string): string | null {
  const [, year, month, day] = form.exec(text.trim()) ?? []
  if (year === undefined || Number(year) < 1900 || Number(year) > 2100) return null
  if (month === undefined) return year
  if (Number(month) < 1 || Number(month) > 12) return null
  const upToMonth = `${year}-${month.padStart(2, '0')}`
  if (day === undefined) return upToMonth
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  if (Number(day) < 1 || Number(day) > daysInMonth) return null
  return `${upToMonth}-${day.padStart(2, '0')}`
}

/** Compares at the shared precision: `2021` is not before `2021-03`. */
export function isBefore(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  return one.slice(0, length) < other.slice(0, length)
}

/** The last day of a year or a month; a day as it is. */
export function lastDayOf(date: string): string {
  const [year = '', month = '12', day] = date.split('-')
  return day ? date : new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10)
}

/** A date as ORCID's API has it: year, month and day apart; null for none. */
export function toOrcidDate(date: string | null) {
  if (date === null) return null
  const [year = '', month, day] = date.split('-')
  return { year: { value: year }, month: month ? { value: month } : null, day: day ? { value: day } : null }
}
