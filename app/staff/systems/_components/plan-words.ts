import { getFormatter, getTranslations } from 'next-intl/server'
import type { PlanEntry } from '@/lib/exports/plan-schema'

/** `2026-06-01` is a Monday. */
const weekdayOf = (weekday: number) => new Date(Date.UTC(2026, 5, weekday))

/** The names of the days, from Monday. */
export async function getWeekdays(): Promise<{ value: string; words: string }[]> {
  const format = await getFormatter()
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({
    value: String(day),
    words: format.dateTime(weekdayOf(day), { weekday: 'long', timeZone: 'UTC' }),
  }))
}

export const hourWords = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** When the files of a plan are due. */
export async function getPlanTime(): Promise<(plan: Pick<PlanEntry, 'every' | 'weekday' | 'hour'>) => string> {
  const t = await getTranslations('staff.systems.files')
  const weekdays = await getWeekdays()
  return ({ every, weekday, hour }) =>
    every === 'daily'
      ? t('daily', { hour: hourWords(hour) })
      : t('weekly', { hour: hourWords(hour), day: weekdays[(weekday ?? 1) - 1]?.words ?? '' })
}
