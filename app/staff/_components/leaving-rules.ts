import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { env } from '@/lib/config/env'

/** What happens once somebody’s last day is over. */
export async function getLeavingRules(): Promise<string> {
  const t = await getTranslations('staff.leavers')
  const { steps, pauseDays, keepMonths } = env().leavers
  return [
    t('when'),
    ...(steps.includes('end-date') ? [t('rules.endDate')] : []),
    ...(steps.includes('pause') ? [t('rules.pause', { days: pauseDays })] : []),
    ...(steps.includes('revoke')
      ? [t(steps.includes('pause') ? 'rules.revoke' : 'rules.revokeAtOnce')]
      : [t('rules.keep')]),
    t('rules.erase', { months: keepMonths }),
  ].join(' ')
}

const daysAfter = (day: Date, days: number) => new Date(day.getTime() + days * 86_400_000).toISOString().slice(0, 10)

/** On which days that is for somebody who leaves on this day. */
export async function getLeavingDates(leavesOn: Date): Promise<string> {
  const t = await getTranslations('staff.lastDay')
  const toWords = await getDayWords()
  const { steps, pauseDays } = env().leavers
  const begins = t('begins', { day: toWords(daysAfter(leavesOn, 1)) })
  const hasPause = steps.includes('pause') && steps.includes('revoke')
  return hasPause ? `${begins} ${t('givenBack', { day: toWords(daysAfter(leavesOn, 1 + pauseDays)) })}` : begins
}
