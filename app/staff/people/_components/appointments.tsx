import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import type { ShownPerson } from '@/lib/people/queries'

/** The posts and courses of study of a person, the primary one first. */
export async function Appointments({ person: { appointments } }: { person: ShownPerson }) {
  const t = await getTranslations('staff.people.person')
  const people = await getTranslations('staff.people')
  if (appointments.length === 0) return <p className="note">{t('noAppointments')}</p>
  return (
    <ul aria-label={t('appointments')} className="divide-y divide-line border-line border-y">
      {appointments.map(({ id, title, department, kind, startOn, endOn, primary }) => (
        <li key={id} className="grid gap-x-6 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_auto]">
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {title ? (
              <bdi translate="no" className="font-medium">
                {title}
              </bdi>
            ) : (
              <span className="text-ink-soft">{t('noTitle')}</span>
            )}
            <span className="note block">
              {[people(`kinds.${kind}`), department, primary ? t('primary') : null].filter(Boolean).join(' · ')}
            </span>
          </span>
          <span className="text-ink-soft text-sm">
            <Period startOn={startOn} endOn={endOn} />
          </span>
        </li>
      ))}
    </ul>
  )
}
