import { getFormatter, getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { orcidUri } from '@/lib/orcid/id'
import type { ShownPerson } from '@/lib/people/queries'

/** Whether there is more to tell than that the person connected. */
export const hasHistory = ({ bindings }: ShownPerson) => bindings.some(({ proof }) => proof !== 'connection')

/** Which iDs were taken for this person’s, by which proof, and how that ended. */
export async function BindingHistory({ person: { bindings } }: { person: ShownPerson }) {
  const t = await getTranslations('staff.people.person')
  const format = await getFormatter()
  const toWords = (at: Date) => format.dateTime(at, { dateStyle: 'medium' })
  return (
    <section aria-labelledby="bindings-title" id="bindings" className="space-y-3">
      <h2 id="bindings-title">{t('bindings')}</h2>
      <ul className="divide-y divide-line">
        {bindings.map(({ researcher, proof, madeAt, confirmedAt, endedAt, ended, reason }) => (
          <li key={`${researcher.orcid} ${madeAt.toISOString()}`} className="space-y-1 py-2">
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
              <OrcidId
                uri={orcidUri(researcher.orcid, researcher.registry)}
                name={researcher.name}
                format="compact"
                authenticated
              />
              <span>{t(`proofs.${proof}`)}</span>
            </p>
            <p className="note [overflow-wrap:anywhere]">
              {[
                endedAt
                  ? t('fromTo', { from: toWords(madeAt), to: toWords(endedAt) })
                  : t('from', { day: toWords(madeAt) }),
                confirmedAt ? t('confirmedAt', { day: toWords(confirmedAt) }) : null,
                ended ? t(`endings.${ended}`) : null,
                reason ? t('reason', { reason }) : null,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
