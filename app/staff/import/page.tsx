import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import { BackTo } from '@/app/staff/_components/back-link'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { type ImportKind, importKinds, workFields } from '@/lib/imports/columns'
import { listImports, type ShownImport } from '@/lib/imports/queries'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.imports'))('kinds.title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: string | string[]; kind?: string | string[] }> }

const notes = ['too-large', 'incomplete', 'no-file'] as const
const shownMax = 30

/** The form that takes a file of people, of affiliations or of works, and the imports of everybody. */
export default availablePage(async function ImportsPage({ searchParams }: Props) {
  const actor = await requireStaff('importPeople')
  const t = await getTranslations('staff.imports')
  const [imports, { note: given, kind: asked }] = await Promise.all([listImports(actor, shownMax), searchParams])
  const wanted = importKinds.find((one) => one === asked)
  const kind = wanted && env().orcid.api === 'member' ? wanted : 'people'
  const note = notes.find((one) => one === given)
  const waiting = imports.filter(({ state, fault }) => !fault && ['preview', 'held'].includes(state))
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-4">
        <BackTo page={kind === 'people' ? 'people' : 'affiliations'} />
        <h1>{t(`of.${kind}.title`)}</h1>
        {waiting[0] ? (
          <Answer
            tone="needs"
            action={<a href={`/staff/import/${waiting[0].id}`}>{t('waitingOpen', { count: waiting.length })}</a>}
          >
            {t('waiting', { count: waiting.length })}
          </Answer>
        ) : null}
        <p className="max-w-[65ch] text-ink-soft">{t(`of.${kind}.lead`)}</p>
      </div>
      {env().orcid.api === 'member' ? <Kinds shown={kind} /> : null}
      {note ? (
        <div role="alert">
          <Notice tone="warn">{t(`notes.${note}`)}</Notice>
        </div>
      ) : null}
      {kind !== 'people' ? <WritingStatus actor={actor} /> : null}
      <UploadForm kind={kind} mayReplace={may(actor, 'replaceRoster')} />
      {kind === 'affiliations' ? <Columns columns={itemColumns} part="items" /> : null}
      {kind === 'works' ? <Columns columns={workFields} part="works" /> : null}
      <section aria-labelledby="imports" className="space-y-3">
        <h2 id="imports">{t('list')}</h2>
        {imports.length === 0 ? <EmptyState>{t('none')}</EmptyState> : <ImportList imports={imports} />}
      </section>
    </div>
  )
})

async function Kinds({ shown }: { shown: ImportKind }) {
  const t = await getTranslations('staff.imports')
  return (
    <nav aria-label={t('kinds.label')}>
      <ul className="flex flex-wrap gap-2">
        {importKinds.map((kind) => (
          <li key={kind}>
            <a
              href={`/staff/import?kind=${kind}`}
              aria-current={kind === shown ? 'page' : undefined}
              className="flex min-h-8 items-center rounded-full border border-line-strong px-3 text-ink! text-sm no-underline! hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-semibold"
            >
              {t(`kinds.${kind}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const itemColumns = [
  'local_id',
  'orcid',
  'email',
  'type',
  'title',
  'department',
  'start',
  'end',
  'external_id',
  'url',
  'put_code',
  'id',
] as const

/** What each column of a file of entries means, and which of them the record shows. */
async function Columns({ columns, part }: { columns: readonly string[]; part: 'items' | 'works' }) {
  const t = await getTranslations('staff.imports')
  return (
    <details className="card">
      <summary className="min-h-6 font-semibold">{t(`${part}.columns`)}</summary>
      <p className="mt-3">{t(`${part}.public`)}</p>
      <dl className="mt-3 grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_1fr]">
        {columns.map((column) => (
          <div key={column} className="sm:contents">
            <dt>
              <code>{column}</code>
            </dt>
            <dd className="text-ink-soft">{t(`${part}.columnMeans.${column}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

async function UploadForm({ kind, mayReplace }: { kind: ImportKind; mayReplace: boolean }) {
  const t = await getTranslations('staff.imports')
  return (
    <form method="post" action="/staff/import/upload" encType="multipart/form-data" className="card space-y-4">
      <input type="hidden" name="kind" value={kind} />
      <label className="block space-y-1">
        <span className="block font-semibold">{t('file')}</span>
        <span className="note block">{t(`of.${kind}.fileHint`)}</span>
        <input
          type="file"
          name="file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          required
          className="max-w-full file:me-4 file:min-h-11 file:cursor-pointer file:rounded-lg file:border file:border-line-strong file:bg-surface file:px-4 file:font-semibold"
        />
      </label>
      {mayReplace && kind !== 'works' ? (
        <label className="flex items-start gap-3">
          <input type="checkbox" name="complete" value="yes" className="mt-0.5 size-5 shrink-0" />
          <span>
            {t(`of.${kind}.complete`)}
            <span className="note block">{t(`of.${kind}.completeHint`)}</span>
          </span>
        </label>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <button type="submit" className="btn btn-primary">
          {t('look')}
        </button>
        <a href={`/staff/import/template?kind=${kind}`} download>
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
      {imports.map(({ id, kind, fileName, state, madeAt, madeBy, savedAt, fault }) => (
        <li key={id} className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <a href={`/staff/import/${id}`} className="font-medium">
              {fileName || t('unnamed')}
            </a>
            <span className="note block">{t(`kinds.${kind}`)}</span>
          </span>
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
