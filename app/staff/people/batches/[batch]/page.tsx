import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { getDayWords } from '@/app/staff/_components/day-words'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { BatchSteps } from '@/app/staff/people/batches/_components/batch-steps'
import { UndoSection } from '@/app/staff/people/batches/_components/undo-section'
import { findBatch, type ShownBatch } from '@/lib/affiliations/batch-queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { nextSteps } from '@/lib/people/batch'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.people.bulk'))('title'), robots: { index: false } }
}

type Props = { params: Promise<{ batch: string }>; searchParams: Promise<SearchParams> }

/** An action on several people: what it would do, what it has done, and the ways to go on and to undo it. */
export default availablePage(async function BatchPage({ params, searchParams }: Props) {
  const actor = await requireStaff('changeMany')
  const batch = await findBatch(actor, (await params).batch)
  if (!batch) notFound()
  const t = await getTranslations('staff.people.batch')
  const isUndoAsked = readOne(await searchParams, 'undo') !== null
  const { action, counts, undoneAt } = batch
  return (
    <div className="max-w-[56rem] space-y-6">
      <div>
        <BackLink href="/staff/people/batches">{t('list')}</BackLink>
        <h1>{t(`titles.${action}`)}</h1>
      </div>
      {action === 'add_items' ? <WritingStatus actor={actor} /> : null}
      {undoneAt && counts.done === 0 ? (
        <Notice tone="good">
          {t.rich('undoneAt', { when: () => <When key="when" at={undoneAt} />, count: counts.undone })}
        </Notice>
      ) : (
        <>
          <Progress batch={batch} />
          {isUndoAsked && counts.done > 0 ? <UndoSection actor={actor} batch={batch} /> : <Ways batch={batch} />}
        </>
      )}
      <BatchSteps batch={batch} />
      <p className="no-print">
        <a href="/staff/people">{t('toPeople')}</a>
      </p>
    </div>
  )
})

async function Progress({ batch: { action, leavesOn, counts } }: { batch: ShownBatch }) {
  const t = await getTranslations('staff.people.batch')
  const toWords = await getDayWords()
  if (counts.done > 0) {
    return (
      <Notice tone="good">
        {t('done', { count: counts.done })} {counts.planned > 0 ? t('left', { count: counts.planned }) : null}{' '}
        {counts.planned > 0 ? t('lookFirst') : null}
      </Notice>
    )
  }
  const day = leavesOn ? toWords(leavesOn.toISOString().slice(0, 10)) : ''
  return (
    <p className="font-medium">
      {action === 'mark_leaving'
        ? t('plannedLeaving', { count: counts.planned, day })
        : t('plannedItems', { count: counts.planned })}
    </p>
  )
}

async function Ways({ batch: { id, counts } }: { batch: ShownBatch }) {
  const t = await getTranslations('staff.people.batch')
  const begun = counts.done > 0
  const count = nextSteps({ planned: counts.planned, begun })
  const isFirst = !begun && count < counts.planned
  const words = isFirst ? 'runFirst' : begun ? (count < counts.planned ? 'goOnNext' : 'goOn') : 'run'
  return (
    <div className="no-print space-y-2">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        {counts.planned > 0 ? (
          <form method="post" action="/staff/people/batches/run">
            <input type="hidden" name="batch" value={id} />
            {begun ? null : <input type="hidden" name="first" value="yes" />}
            <button type="submit" className="btn btn-primary">
              {t(`ways.${words}`, { count })}
            </button>
          </form>
        ) : null}
        {counts.done > 0 ? (
          <a href={`/staff/people/batches/${id}?undo=1#undo`} className="btn btn-quiet">
            {t('undo')}
          </a>
        ) : null}
      </div>
      {isFirst ? <p className="note">{t('firstTen')}</p> : null}
    </div>
  )
}
