import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { Decision } from '@/app/staff/conflicts/[conflict]/_components/decision'
import { Evidence } from '@/app/staff/conflicts/[conflict]/_components/evidence'
import { Outcome } from '@/app/staff/conflicts/[conflict]/_components/outcome'
import { SideCard } from '@/app/staff/conflicts/[conflict]/_components/side-card'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findConflict, listConflicts } from '@/lib/people/conflict-queries'
import { noConflictFilters } from '@/lib/people/conflict-schema'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.conflicts'))('one'), robots: { index: false } }
}

type Props = { params: Promise<{ conflict: string }>; searchParams: Promise<SearchParams> }

const mayGoOn = (result: string | null) => result === 'decided' || result === 'already-resolved'
const good: readonly string[] = ['decided', 'reopened', 'opened']

/** One question about whose iD it is: both sides beside each other, what speaks for what, and what staff can decide. */
export default availablePage(async function ConflictPage({ params, searchParams }: Props) {
  const actor = await requireStaff('seeConflicts')
  const id = z.uuid().safeParse((await params).conflict)
  const conflict = id.success ? await findConflict(actor, id.data) : null
  if (!conflict) notFound()
  const t = await getTranslations('staff.conflicts')
  const query = await searchParams
  const result = readOne(query, 'result')
  const { kind, person, otherPerson, openedAt, resolvedAt } = conflict
  const alike = { ...noConflictFilters, kind: kind === 'proposal' ? kind : ('conflict' as const) }
  const [next] = mayGoOn(result) ? (await listConflicts(actor, alike)).rows : []
  const mayDecide = may(actor, 'decideIdentity')
  const isKept = mayDecide && readOne(query, 'kept') !== null
  const action = resolvedAt ? '/staff/conflicts/reopening' : '/staff/conflicts/decision'
  const kept = isKept ? await takeSavedFields(action, { conflict: conflict.id }) : null
  return (
    <div className="space-y-6">
      <BackLink href="/staff/conflicts">{t('title')}</BackLink>
      <div className="space-y-2">
        <h1>{t(`kinds.${kind}`)}</h1>
        <p className="max-w-[65ch]">{t(`means.${kind}`)}</p>
        <p className="note">{t.rich('since', { when: () => <When key="since" at={openedAt} show="time" /> })}</p>
      </div>
      {result && t.has(`results.${result}`) ? (
        <Notice tone={good.includes(result) ? 'good' : 'warn'}>
          {t(`results.${result}`)} {next ? <a href={`/staff/conflicts/${next.id}`}>{t('next')}</a> : null}
        </Notice>
      ) : null}
      {resolvedAt ? null : (
        <Notice tone={kind === 'proposal' ? 'info' : 'warn'}>{t(kind === 'proposal' ? 'goesOn' : 'stands')}</Notice>
      )}
      {resolvedAt ? <Outcome conflict={conflict} mayDecide={mayDecide} kept={kept} /> : null}
      <div className="grid items-start gap-5 md:grid-cols-2">
        <SideCard side={person} />
        {otherPerson && otherPerson.id !== person.id ? <SideCard side={otherPerson} /> : null}
      </div>
      <Evidence conflict={conflict} />
      {resolvedAt ? null : mayDecide ? (
        <Decision conflict={conflict} kept={kept} />
      ) : (
        <p className="text-ink-soft">{t('managersDecide')}</p>
      )}
    </div>
  )
})
