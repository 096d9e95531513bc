import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listImports, type ShownImport } from '@/lib/imports/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.imports'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: string | string[] }> }

const notes = ['too-large', 'incomplete', 'no-file'] as const
const shownMax = 30

/** The form that takes a roster, and the imports of everybody. */
export default availablePage(async function ImportsPage({ searchParams }: Props) {
  const actor = await requireStaff('importPeople')
  const t = await getTranslations('staff.imports')
  const [imports, { note: given }] = await Promise.all([listImports(actor, shownMax), searchParams])
  const note = notes.find((one) => one === given)
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      </div>
      {note ? (
        <div role="alert">
          <Notice tone="warn">{t(`notes.${note}`)}</Notice>
        </div>
      ) : null}
      <UploadForm mayReplace={actor.role === 'admin'} />
      <section aria-labelledby="imports" className="space-y-3">
        <h2 id="imports">{t('list')}</h2>
        {imports.length === 0 ? <EmptyState>{t('none')}</EmptyState> : <ImportList imports={imports} />}
      </section>
    </div>
  )
})

async function UploadForm({ mayReplace }: { mayReplace: boolean }) {
  const t = await getTranslations('staff.imports')
  return (
    <form method="post" action="/staff/import/upload" encType="multipart/form-data" className="card space-y-4">
      <label className="block space-y-1">
        <span className="block font-semibold">{t('file')}</span>
        <span className="note block">{t('fileHint')}</span>
        <input
          type="file"
          name="file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          required
          className="max-w-full file:me-4 file:min-h-11 file:cursor-pointer file:rounded-lg file:border file:border-line-strong file:bg-surface file:px-4 file:font-semibold"
        />
      </label>
      {mayReplace ? (
        <label className="flex items-start gap-3">
          <input type="checkbox" name="complete" value="yes" className="mt-1" />
          <span>
            {t('complete')}
            <span className="note block">{t('completeHint')}</span>
          </span>
        </label>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <button type="submit" className="btn btn-primary">
          {t('look')}
        </button>
        <a href="/staff/import/template" download>
          {t('template')}
        </a>
      </div>
    </form>
  )
}

async function ImportList({ imports }: { imports: ShownImport[] }) {
  const t = await getTranslations('staff.imports')
  return (
    <ul className="card card-list">
      {imports.map(({ id, fileName, state, madeAt, madeBy, savedAt, fault }) => (
        <li key={id} className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
          <a href={`/staff/import/${id}`} className="font-medium [overflow-wrap:anywhere]">
            {fileName || t('unnamed')}
          </a>
          <span>{t(fault ? 'unreadable' : `states.${state}`)}</span>
          <span className="note">
            <When at={savedAt ?? madeAt} show="time" />
            {madeBy?.name ? <bdi className="block">{madeBy.name}</bdi> : null}
          </span>
        </li>
      ))}
    </ul>
  )
}
