import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { ImportActions } from '@/app/staff/import/[import]/_components/import-actions'
import { ImportReading } from '@/app/staff/import/[import]/_components/import-reading'
import { ImportRows, isOfUse } from '@/app/staff/import/[import]/_components/import-rows'
import { ItemProgress, ItemsWaiting } from '@/app/staff/import/[import]/_components/item-progress'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { type Verdict, verdicts } from '@/lib/imports/import'
import { findItemProgress } from '@/lib/imports/item-queries'
import { findImport, listImportRows, type ShownImport } from '@/lib/imports/queries'
import { readOne, type SearchParams } from '@/lib/list/search'
import { countProposals } from '@/lib/people/proposals'

type Props = { params: Promise<{ import: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.imports'))('one'), robots: { index: false } }
}

const refusals = [
  'not_now',
  'undecided',
  'second_person',
  'wrong_counts',
  'too_early',
  'too_late',
  'not_configured',
] as const
const isBusy = (state: ShownImport['state']) => ['reading', 'saving', 'undoing'].includes(state)
const everyS = 2

/** What a file would do, or did: counts that lead to the rows, how it was read, and the next step. */
export default availablePage(async function ImportPage({ params, searchParams }: Props) {
  const actor = await requireStaff('importPeople')
  const id = z.uuid().safeParse((await params).import)
  const found = id.success ? await findImport(actor, id.data) : null
  if (!found) notFound()
  const t = await getTranslations('staff.imports')
  const query = await searchParams
  const counts = z.record(z.string(), z.number()).parse(found.counts)
  const shown = verdicts.find((verdict) => verdict === readOne(query, 'show')) ?? firstOf(counts)
  const after = Number(readOne(query, 'after') ?? 0) || 0
  const rows = shown && !isBusy(found.state) ? await listImportRows(actor, found.id, shown, after) : []
  const proposals = found.state === 'saved' ? await countProposals(actor, { importId: found.id }) : 0
  const isItems = found.kind !== 'people'
  const progress = isItems && found.state === 'saved' ? await findItemProgress(actor, found.id) : null
  const refusal = refusals.find((one) => one === readOne(query, 'refused'))
  return (
    <div className="max-w-[64rem] space-y-6">
      <BackLink href="/staff/import">{t('back')}</BackLink>
      <h1 className="[overflow-wrap:anywhere]">{found.fileName || t('unnamed')}</h1>
      {isBusy(found.state) || (progress?.open ?? 0) > 0 ? <meta httpEquiv="refresh" content={String(everyS)} /> : null}
      {refusal ? (
        <div role="alert">
          <Notice tone="warn">{t(`refusals.${refusal}`)}</Notice>
        </div>
      ) : null}
      <Status found={found} counts={counts} />
      {isItems ? <WritingStatus actor={actor} /> : null}
      {isItems && found.state === 'preview' && !found.fault ? <ItemsWaiting actor={actor} id={found.id} /> : null}
      {progress ? <ItemProgress progress={progress} /> : null}
      {found.state === 'preview' ? <ImportReading found={found} /> : null}
      <ImportActions found={found} counts={counts} actor={actor} proposals={proposals} />
      {found.fault || isBusy(found.state) ? null : (
        <ImportRows found={found} counts={counts} shown={shown} rows={rows} />
      )}
    </div>
  )
})

/** What needs a decision comes first, then what would happen. */
function firstOf(counts: Record<string, number>): Verdict | null {
  const order = ['perhaps', 'refused', 'leaving', 'removed', 'changed', 'added', 'unchanged'] as const
  return order.find((verdict) => (counts[verdict] ?? 0) > 0) ?? null
}

type StatusProps = { found: ShownImport; counts: Record<string, number> }

async function Status({ found, counts }: StatusProps) {
  const t = await getTranslations('staff.imports')
  const { kind, state, fault, faultDetail, progress, rows, doubts } = found
  if (fault) {
    return (
      <div role="alert" className="card space-y-2 border-bad!">
        <h2>{t('cannotRead')}</h2>
        <p>{t(`faults.${fault}`, { detail: faultDetail ?? '' })}</p>
      </div>
    )
  }
  if (isBusy(state)) {
    return (
      <div className="card space-y-2" role="status">
        <p className="font-semibold">{t(`busy.${state}`)}</p>
        {state === 'reading' && rows > 0 ? (
          <>
            <progress value={progress} max={rows} aria-label={t('progress')} className="w-full" />
            <p className="note">{t('progressOf', { done: progress, all: rows })}</p>
          </>
        ) : null}
        <p className="note">{t('mayLeave')}</p>
      </div>
    )
  }
  return (
    <div className="space-y-3">
      <p className="text-lg">
        {t(state === 'preview' || state === 'held' ? `of.${kind}.would` : `of.${kind}.done.${state}`, {
          added: counts.added ?? 0,
          changed: counts.changed ?? 0,
          leaving: counts.leaving ?? 0,
          removed: counts.removed ?? 0,
        })}
        {counts.refused && isOfUse(state) ? ` ${t('left', { count: counts.refused })}` : null}
      </p>
      {doubts.length > 0 && (state === 'preview' || state === 'held') ? (
        <Notice tone="warn">
          <p className="font-medium">{t('doubtful')}</p>
          <ul className="list-disc ps-5">
            {doubts.map((doubt) => (
              <li key={doubt}>{t(`doubts.${doubt}`)}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </div>
  )
}
