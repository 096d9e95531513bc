import { getTranslations } from 'next-intl/server'
import { EventLine } from '@/app/_components/event-line'
import { Fold } from '@/app/_components/fold'
import { getRightWords } from '@/app/staff/systems/_components/system-words'
import type { StaffSystem } from '@/lib/systems/queries'

/** How what a system may do changed, newest first. */
export async function TermList({ terms }: { terms: StaffSystem['terms'] }) {
  const t = await getTranslations('staff.systems.page')
  const toRight = await getRightWords()
  return (
    <Fold id="terms" title={t('terms')}>
      <ol className="ms-1.5 border-line border-s">
        {terms.map(({ number, purposeNumber, rights, madeAt, madeBy }) => (
          <EventLine key={number} at={madeAt}>
            {t('term', { number, rights: rights.map(toRight).join(' · ') })}
            {number > 1 && purposeNumber === number ? `, ${t('termNewPurpose')}` : null}{' '}
            <bdi translate="no" className="note">
              {madeBy.name ?? madeBy.orcid}
            </bdi>
          </EventLine>
        ))}
      </ol>
    </Fold>
  )
}
