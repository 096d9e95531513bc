import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { DraftFaults, DraftRow } from '@/app/staff/affiliations/_components/draft-rows'
import { entryHref } from '@/app/staff/affiliations/_components/entry-href'
import { OrcidPreview } from '@/app/staff/affiliations/_components/orcid-preview'
import { findPreview, type Preview } from '@/lib/affiliations/drafts'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations.preview'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ draft?: string | string[] }> }

/** What a form would do, before anything is done. */
export default availablePage(async function PreviewPage({ searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const id = z.uuid().safeParse((await searchParams).draft)
  const preview = id.success ? await findPreview(actor, id.data) : null
  if (!preview) notFound()
  const t = await getTranslations('staff.affiliations.preview')
  const [row] = preview.good
  const isDue = row !== undefined && row.verdict !== 'unchanged'
  return (
    <div className="max-w-[56rem] space-y-6">
      <h1>{t('title')}</h1>
      <p>{t('lead', { due: isDue ? 1 : 0, unchanged: row && !isDue ? 1 : 0 })}</p>
      <WritingStatus actor={actor} />
      {preview.appliedAt ? <Notice tone="good">{t('applied')}</Notice> : null}
      {isDue && row.waitsFor === 'permission' ? <Notice tone="warn">{t('notPermitted')}</Notice> : null}
      {isDue && row.waitsFor === 'token' ? <Notice tone="warn">{t('withoutToken')}</Notice> : null}
      <DraftFaults preview={preview} />
      {isDue && listMissingSettings().length === 0 ? <Apply id={preview.id} /> : null}
      {isDue ? null : <EmptyState>{t('nothing')}</EmptyState>}
      {row ? <DraftRow row={row} /> : null}
      {isDue ? <OrcidPreview item={row.entry.item} putCode={row.existing?.putCode ?? null} isFolded /> : null}
      <p className="no-print flex flex-wrap gap-x-6 gap-y-2">
        {preview.appliedAt ? null : <a href={`${formOf(preview)}?draft=${preview.id}&change=yes`}>{t('change')}</a>}
        <a href="/staff/affiliations">{t('leave')}</a>
      </p>
    </div>
  )
})

function formOf({ affiliationId, given }: Preview): string {
  const { person, orcid } = given[0]?.fields ?? {}
  return entryHref({ affiliation: affiliationId ?? undefined, person, orcid })
}

async function Apply({ id }: { id: string }) {
  const t = await getTranslations('staff.affiliations.preview')
  return (
    <form method="post" action="/staff/affiliations/apply" className="no-print">
      <input type="hidden" name="draft" value={id} />
      <button type="submit" className="btn btn-primary">
        {t('button')}
      </button>
    </form>
  )
}
