import { getFormatter, getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { daysAgo, toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import type { PersonState } from '@/lib/people/person'

export type Leaving = {
  state: PersonState
  leavesOn: Date | null
  pausedAt: Date | null
  leftAt: Date | null
}

/** Words for the days of somebody who leaves. */
export async function getLeavingWords({ leavesOn, pausedAt, leftAt }: Leaving) {
  const format = await getFormatter()
  const { pauseDays } = env().leavers
  const day = (date: Date) => format.dateTime(date, { dateStyle: 'long', timeZone: 'UTC' })
  const moment = (date: Date | null) => (date ? format.dateTime(date, { dateStyle: 'long' }) : '')
  return {
    last: leavesOn ? day(leavesOn) : '',
    // A job follows within half an hour of midnight.
    isOver: leavesOn && leavesOn.toISOString().slice(0, 10) < toDay(new Date()) ? 'yes' : 'no',
    since: moment(pausedAt ?? leftAt),
    left: moment(leftAt),
    // The pause is over on this day.
    until: pausedAt ? day(new Date(daysAgo(1 - pauseDays, pausedAt))) : '',
    institution: env().institution.name,
    isRevoked: env().leavers.steps.includes('revoke') ? 'yes' : 'no',
  }
}

/** For staff: that somebody leaves, is paused or has left, and what that means. */
export async function LeavingNotice({ person }: { person: Leaving }) {
  const { state } = person
  if (state === 'active') return null
  const t = await getTranslations('staff')
  return (
    <Notice tone={state === 'leaving' ? 'info' : 'warn'}>{t(`leaving.${state}`, await getLeavingWords(person))}</Notice>
  )
}
