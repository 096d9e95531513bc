import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { State } from '@/app/_components/state'
import { getDayWords } from '@/app/staff/_components/day-words'
import { PersonLink } from '@/app/staff/_components/person-link'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { type ServedPerson, servedMax, type Told } from '@/lib/systems/telling'

/** How many of those whom a system is for were told of it, and are covered; and who they are. */
export async function ToldFacts({ told }: { told: Told | 'too_many' }) {
  const t = await getTranslations('staff.systems.page')
  const toWords = await getDayWords()
  if (told === 'too_many') {
    return (
      <section aria-labelledby="told" className="space-y-2">
        <h2 id="told">{t('told')}</h2>
        <p className="max-w-[65ch]">{t('toldTooMany')}</p>
        <p className="note max-w-[65ch]">{t('toldRule')}</p>
      </section>
    )
  }
  return (
    <section aria-labelledby="told" className="space-y-2">
      <h2 id="told">{t('told')}</h2>
      <p className="font-medium">
        {t('toldOf', { told: told.told, people: told.people, covered: told.covered })}{' '}
        {told.allFrom ? t('allFrom', { day: toWords(toDay(told.allFrom)) }) : null}
      </p>
      <p className="note max-w-[65ch]">
        {t('toldRule')} {told.told < told.people ? t(env().mail ? 'byMail' : 'byPage') : null}
      </p>
      {told.served.length > 0 ? (
        <Fold id="served" title={t('served', { count: told.people })}>
          {told.people > told.served.length ? <p className="note">{t('servedFirst', { count: servedMax })}</p> : null}
          <ul className="divide-y divide-line">
            {told.served.map((person) => (
              <Served key={person.id} person={person} />
            ))}
          </ul>
        </Fold>
      ) : null}
    </section>
  )
}

const shapes = { not_told: 'not_connected', waits: 'waiting', seen: 'connected', not_allowed: 'identity_only' } as const

async function Served({ person: { id, orcid, name, department, standing, from } }: { person: ServedPerson }) {
  const t = await getTranslations('staff.systems.page')
  const toWords = await getDayWords()
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-2">
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <PersonLink orcid={orcid} id={id} name={name} />{' '}
        <bdi translate="no" className="note">
          {department}
        </bdi>
      </span>
      <State state={shapes[standing]}>
        {standing === 'waits' && from
          ? t('standings.waitsUntil', { day: toWords(toDay(from)) })
          : t(`standings.${standing}`)}
      </State>
    </li>
  )
}
