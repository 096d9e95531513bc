import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { AffiliationState, Period } from '@/app/_components/affiliation'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { AskMissing } from '@/app/staff/_components/ask-missing'
import { BackLink } from '@/app/staff/_components/back-link'
import { PersonLink } from '@/app/staff/_components/person-link'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { OrcidPreview } from '@/app/staff/affiliations/_components/orcid-preview'
import { findAffiliation, type ListedAffiliation } from '@/lib/affiliations/queries'
import { toWork } from '@/lib/affiliations/work-item'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'
import { listNeededToWrite } from '@/lib/campaigns/missing'
import { env } from '@/lib/config/env'
import { readOne, type SearchParams } from '@/lib/list/search'
import { orcidUri } from '@/lib/orcid/id'
import type { Work } from '@/lib/orcid/work'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations'))('one'), robots: { index: false } }
}

type Props = { params: Promise<{ affiliation: string }>; searchParams: Promise<SearchParams> }

/** One item: whose it is, how far it has got and what that means, and what can be done about it. */
export default availablePage(async function AffiliationItemPage({ params, searchParams }: Props) {
  const actor = await requireMemberStaff('seeAffiliations')
  const id = z.uuid().safeParse((await params).affiliation)
  const item = id.success ? await findAffiliation(actor, id.data) : null
  if (!item) notFound()
  const t = await getTranslations('staff.affiliations')
  return (
    <div className="max-w-[48rem] space-y-6">
      <BackLink href="/staff/affiliations">{t('back')}</BackLink>
      <h1 className="[overflow-wrap:anywhere]">{item.title}</h1>
      <WritingStatus actor={actor} />
      <StateInWords item={item} />
      {item.state === 'no_permission' && item.removal === null ? (
        <AskMissing
          actor={actor}
          personId={item.person.id}
          needed={listNeededToWrite()}
          affiliationId={item.id}
          waiting={0}
          result={readOne(await searchParams, 'result')}
        />
      ) : null}
      <Facts item={item} />
      {may(actor, 'writeAffiliations') ? <Actions item={item} /> : null}
      <OrcidPreview item={item} putCode={item.putCode} />
    </div>
  )
})

async function StateInWords({ item: { state, reason, removal, misplaced } }: { item: ListedAffiliation }) {
  const t = await getTranslations('affiliation')
  return (
    <section aria-label={t('state')} className="card space-y-2">
      <AffiliationState state={state} />
      <p>{t(`means.${state}`)}</p>
      {misplaced ? <p>{t('misplaced')}</p> : null}
      {removal === 'person' ? <p>{t('askedByPerson')}</p> : null}
      {reason ? <p>{t.has(`reasons.${reason}`) ? t(`reasons.${reason}`) : t('orcidSays', { reason })}</p> : null}
    </section>
  )
}

async function Facts({ item }: { item: ListedAffiliation }) {
  const t = await getTranslations('affiliation')
  const { person, kind, department, startOn, endOn, url, externalId, putCode, origin, system, addedAt, writtenAt } =
    item
  const work = toWork(item)
  const period = startOn ? <Period key="period" kind={kind} startOn={startOn} endOn={endOn} /> : null
  const facts = [
    ['person', <PersonLink key="person" {...person} />],
    ['kind', work ? t(`workTypes.${work.type}`) : t(`kinds.${kind}`)],
    ['subtitle', work?.subtitle ?? null],
    ['contributors', work?.contributors.length ? <Contributors key="contributors" {...work} /> : null],
    ['journal', work?.journalTitle ?? null],
    ['department', department],
    [work ? 'published' : 'period', period],
    ['url', url],
    [work ? 'identifier' : 'externalId', work ? `${work.externalId.type}: ${work.externalId.value}` : externalId],
    ['putCode', putCode],
    ['origin', system?.name ?? t(`origins.${origin}`)],
    ['added', <When key="added" at={addedAt} show="time" />],
    ['written', writtenAt ? <When key="written" at={writtenAt} show="time" /> : null],
  ] as const
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[12rem_1fr]">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="sm:contents">
            <dt className="text-ink-soft">{t(`fields.${name}`)}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

/** Each with what they did and their iD, as the record shows them. */
function Contributors({ contributors }: Work) {
  return (
    <ul>
      {contributors.map(({ name, role, orcid }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same name may stand there twice, and nothing moves
        <li key={index}>
          {name}
          {role ? ` · ${role}` : ''}
          {orcid ? (
            <>
              {' · '}
              <OrcidId uri={orcidUri(orcid, env().orcid.registry)} authenticated={false} />
            </>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

const retried: readonly string[] = ['refused', 'no_permission', 'no_token', 'person_withdrew', 'waiting_for_orcid']

async function Actions({ item: { id, kind, state, removal } }: { item: ListedAffiliation }) {
  const t = await getTranslations('staff.affiliations')
  const stands = removal === null && state !== 'deleted_by_person'
  return (
    <div className="no-print flex flex-wrap gap-3">
      {stands ? (
        <>
          {kind === 'work' ? null : (
            <>
              <a href={`/staff/affiliations/${id}/edit`} className="btn btn-quiet">
                {t('edit')}
              </a>
              <a href={`/staff/affiliations/${id}/edit#end`} className="btn btn-quiet">
                {t('end')}
              </a>
            </>
          )}
          <a href={`/staff/affiliations/${id}/delete`} className="btn btn-quiet">
            {t('delete')}
          </a>
        </>
      ) : null}
      {retried.includes(state) ? (
        <form method="post" action="/staff/affiliations/retry">
          <input type="hidden" name="affiliation" value={id} />
          <button type="submit" className="btn btn-quiet">
            {t('retry')}
          </button>
        </form>
      ) : null}
    </div>
  )
}
