import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { BadRows, GoodRows } from '@/app/staff/affiliations/_components/draft-rows'
import { OrcidPreview } from '@/app/staff/affiliations/_components/orcid-preview'
import { findPreview, type Preview } from '@/lib/affiliations/drafts'
import { isLocalIdColumn } from '@/lib/affiliations/file'
import { listMissingSettings } from '@/lib/affiliations/organisation'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations.preview'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ draft?: string | string[] }> }

/** What a form or a file would do, before anything is done. */
export default availablePage(async function PreviewPage({ searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const id = z.uuid().safeParse((await searchParams).draft)
  const preview = id.success ? await findPreview(actor, id.data) : null
  if (!preview) notFound()
  const t = await getTranslations('staff.affiliations.preview')
  const due = preview.good.filter(({ verdict }) => verdict !== 'unchanged')
  const [first] = due
  const countWaiting = (what: 'permission' | 'token') => due.filter(({ waitsFor }) => waitsFor === what).length
  const [notPermitted, withoutToken] = [countWaiting('permission'), countWaiting('token')]
  return (
    <div className="max-w-[56rem] space-y-6">
      <h1>{t('title')}</h1>
      <p>{t('lead', { due: due.length, unchanged: preview.good.length - due.length })}</p>
      <WritingStatus actor={actor} />
      <FileFaults preview={preview} />
      {preview.appliedAt ? <Notice tone="good">{t('applied')}</Notice> : null}
      {notPermitted > 0 ? <Notice tone="warn">{t('notPermitted', { count: notPermitted })}</Notice> : null}
      {withoutToken > 0 ? <Notice tone="warn">{t('withoutToken', { count: withoutToken })}</Notice> : null}
      <BadRows preview={preview} />
      {due.length > 0 && listMissingSettings().length === 0 ? <Apply id={preview.id} count={due.length} /> : null}
      {due.length === 0 && preview.faults.length === 0 ? <EmptyState>{t('nothing')}</EmptyState> : null}
      <GoodRows preview={preview} />
      {first ? (
        <OrcidPreview item={first.entry.item} putCode={first.existing?.putCode ?? null} isFirst={due.length > 1} />
      ) : null}
      <p className="no-print">
        <a href="/staff/affiliations">{t('leave')}</a>
      </p>
    </div>
  )
})

async function FileFaults({ preview: { faults, ignored } }: { preview: Preview }) {
  const t = await getTranslations('staff.affiliations.preview')
  const localIds = ignored.filter(isLocalIdColumn)
  const others = ignored.filter((name) => !isLocalIdColumn(name))
  return (
    <>
      {faults.length > 0 ? (
        <div role="alert" className="card space-y-2 border-bad!">
          <h2>{t('unreadable')}</h2>
          <ul className="list-disc space-y-1 ps-5">
            {faults.map(({ code, detail }) => (
              <li key={`${code} ${detail}`}>{t(`faults.${code}`, { detail })}</li>
            ))}
          </ul>
          <p>
            <a href="/staff/affiliations/import">{t('otherFile')}</a>
          </p>
        </div>
      ) : null}
      {localIds.length > 0 ? <Notice tone="warn">{t('localId', { columns: localIds.join(', ') })}</Notice> : null}
      {others.length > 0 ? <Notice>{t('ignored', { columns: others.join(', ') })}</Notice> : null}
    </>
  )
}

async function Apply({ id, count }: { id: string; count: number }) {
  const t = await getTranslations('staff.affiliations.preview')
  return (
    <form method="post" action="/staff/affiliations/apply" className="no-print">
      <input type="hidden" name="draft" value={id} />
      <button type="submit" className="btn btn-primary">
        {t('button', { count })}
      </button>
    </form>
  )
}
