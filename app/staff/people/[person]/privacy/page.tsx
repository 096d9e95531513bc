import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { type ObjectionReason, objectionReasons } from '@/lib/people/objections'
import { findPerson, type ShownPerson } from '@/lib/people/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.privacy'))('person.title'), robots: { index: false } }
}

type Props = { params: Promise<{ person: string }>; searchParams: Promise<{ reason?: string | string[] }> }

/** The rights of one person: to see, to have corrected, to object and to be erased. */
export default availablePage(async function PersonPrivacyPage({ params, searchParams }: Props) {
  const actor = await requireStaff('erasePeople')
  const id = z.uuid().safeParse((await params).person)
  const person = id.success ? await findPerson(actor, id.data) : null
  if (!person) notFound()
  const t = await getTranslations('staff')
  const asked = (await searchParams).reason
  const reason = objectionReasons.find((known) => known === asked)
  return (
    <div className="max-w-[44rem] space-y-8">
      <div>
        <BackLink href="/staff/privacy">{t('privacy.back')}</BackLink>
        <h1>{t('privacy.person.title')}</h1>
      </div>
      <Held person={person} />
      <section aria-labelledby="access" className="space-y-3">
        <h2 id="access">{t('privacy.access.title')}</h2>
        <p>
          {person.orcid
            ? t.rich('privacy.access.meansWithId', {
                link: (words) => (
                  <a key="id" href={`/staff/researchers/${person.orcid}`}>
                    {words}
                  </a>
                ),
              })
            : t('privacy.access.means')}
        </p>
        <a href={`/staff/people/${person.id}/privacy/data`} download className="btn btn-quiet">
          {t('privacy.access.button')}
        </a>
      </section>
      <section aria-labelledby="correction" className="space-y-3">
        <h2 id="correction">{t('privacy.correction.title')}</h2>
        <p>{t(person.origin === 'imported' ? 'privacy.correction.imported' : 'privacy.correction.entered')}</p>
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          <a href={`/staff/people/${person.id}/edit`}>{t('privacy.correction.edit')}</a>
          <a href={`/staff/people/${person.id}/last-day`}>{t('privacy.correction.lastDay')}</a>
        </p>
      </section>
      <section aria-labelledby="erasure" className="space-y-3">
        <h2 id="erasure">{t('privacy.erasure.title')}</h2>
        {person.orcid ? (
          <p>
            {t.rich('privacy.erasure.hasId', {
              link: (words) => (
                <a key="erase" href={`/staff/researchers/${person.orcid}/erase`}>
                  {words}
                </a>
              ),
            })}
          </p>
        ) : reason ? (
          <Confirm id={person.id} reason={reason} />
        ) : (
          <ChooseReason id={person.id} />
        )}
      </section>
    </div>
  )
})

async function Held({ person }: { person: ShownPerson }) {
  const t = await getTranslations('staff')
  const { name, localId, email, department, knownOrcid, origin, addedAt } = person
  const facts = [
    ['number', localId],
    ['email', email],
    ['department', department],
    ['knownOrcid', knownOrcid],
  ] as const
  return (
    <div className="card space-y-3">
      <p className="font-semibold [overflow-wrap:anywhere]">
        {name ? <bdi translate="no">{name}</bdi> : t('nameNotPublic')}
      </p>
      <Facts>
        {facts.map(([fact, value]) =>
          value ? (
            <Fact key={fact} name={t(`privacy.facts.${fact}`)}>
              <bdi translate="no" className="[overflow-wrap:anywhere]">
                {value}
              </bdi>
            </Fact>
          ) : null,
        )}
        <Fact name={t('privacy.facts.source')}>{t(`privacy.origins.${origin}`)}</Fact>
        <Fact name={t('privacy.facts.since')}>
          <When at={addedAt} show="date" />
        </Fact>
      </Facts>
      <p className="note">{t('privacy.counts', { appointments: person.appointments.length })}</p>
    </div>
  )
}

/** The first step. Leads to the second by the address alone. */
async function ChooseReason({ id }: { id: string }) {
  const t = await getTranslations('staff.privacy.erasure')
  return (
    <>
      <p>{t('means')}</p>
      <form method="get" action={`/staff/people/${id}/privacy#erasure`} className="space-y-4">
        <fieldset className="space-y-2">
          <legend className="mb-2 font-semibold">{t('reason')}</legend>
          {objectionReasons.map((reason) => (
            <label key={reason} className="flex min-h-7 items-center gap-3">
              <input type="radio" name="reason" value={reason} required className="size-5 shrink-0" />
              {t(`reasons.${reason}`)}
            </label>
          ))}
        </fieldset>
        <button type="submit" className="btn btn-quiet">
          {t('goOn')}
        </button>
      </form>
    </>
  )
}

async function Confirm({ id, reason }: { id: string; reason: ObjectionReason }) {
  const t = await getTranslations('staff.privacy.erasure')
  return (
    <form method="post" action="/staff/privacy/erasure" className="space-y-4">
      <p>{t('final')}</p>
      <p>
        {t('reason')} <strong>{t(`reasons.${reason}`)}</strong>
      </p>
      <input type="hidden" name="person" value={id} />
      <input type="hidden" name="reason" value={reason} />
      <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <button type="submit" className="btn btn-danger">
          {t('button')}
        </button>
        <a href={`/staff/people/${id}/privacy`}>{t('back')}</a>
      </div>
    </form>
  )
}
