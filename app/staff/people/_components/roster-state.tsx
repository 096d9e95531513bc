import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { getDayWords } from '@/app/staff/_components/day-words'
import type { PersonState } from '@/lib/people/person'

type Props = {
  person: { state: PersonState; leavesOn: string | null; pausedAt: Date | null; leftAt: Date | null }
}

/** How the person stands with the institution, with their last day where it is known. */
export async function RosterState({ person: { state, leavesOn, pausedAt, leftAt } }: Props) {
  const t = await getTranslations('staff.people')
  const toWords = await getDayWords()
  const since = state === 'paused' ? pausedAt : state === 'left' ? leftAt : null
  return (
    <>
      {t(`states.${state}`)}
      {leavesOn ? <small className="note block">{t('lastDay', { day: toWords(leavesOn) })}</small> : null}
      {since && !leavesOn ? (
        <small className="note block">
          <When at={since} show="date" />
        </small>
      ) : null}
    </>
  )
}
