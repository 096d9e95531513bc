import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { requireMemberStaff } from '@/lib/auth/gates'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.affiliations.file'))('title'), robots: { index: false } }
}

const columns = ['orcid', 'type', 'title', 'department', 'start', 'end', 'external_id', 'url', 'put_code'] as const

type Props = { searchParams: Promise<{ note?: string | string[] }> }

/** What a file of items must look like, and the form that takes one. */
export default async function ImportPage({ searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const t = await getTranslations('staff.affiliations.file')
  return (
    <div className="max-w-[48rem] space-y-6">
      <h1>{t('title')}</h1>
      <p>{t('lead')}</p>
      {(await searchParams).note === 'too-large' ? (
        <div role="alert">
          <Notice tone="warn">{t('tooLarge')}</Notice>
        </div>
      ) : null}
      <WritingStatus actor={actor} />
      <form
        method="post"
        action="/staff/affiliations/upload"
        encType="multipart/form-data"
        className="card space-y-4"
        id="upload"
      >
        <label className="block space-y-1">
          <span className="block font-semibold">{t('file')}</span>
          <span className="note block">{t('fileHint')}</span>
          <input
            type="file"
            name="file"
            accept=".csv,.tsv,.txt,text/csv"
            required
            className="max-w-full file:me-4 file:min-h-11 file:cursor-pointer file:rounded-lg file:border file:border-line-strong file:bg-surface file:px-4 file:font-semibold"
          />
        </label>
        <button type="submit" className="btn btn-primary">
          {t('look')}
        </button>
      </form>
      <section aria-labelledby="columns" className="space-y-3">
        <h2 id="columns">{t('columns')}</h2>
        <Notice>{t('public')}</Notice>
        <p>
          {t.rich('template', {
            link: (words) => (
              <a key="template" href="/staff/affiliations/template" download>
                {words}
              </a>
            ),
          })}
        </p>
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_1fr]">
          {columns.map((column) => (
            <div key={column} className="sm:contents">
              <dt>
                <code>{column}</code>
              </dt>
              <dd className="text-ink-soft">{t(`means.${column}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}
