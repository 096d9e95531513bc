import { getFormatter } from 'next-intl/server'

/** Writes a calendar day of an address out. */
export async function getDayWords(): Promise<(day: string) => string> {
  const format = await getFormatter()
  return (day) => format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })
}
