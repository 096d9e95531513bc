import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { field } from '@/app/staff/_components/fields'
import { PagesByTime } from '@/app/staff/_components/pages'
import { SuppressionTable } from '@/app/staff/campaigns/suppressions/_components/suppression-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { encodeCursor, type TimeCursor } from '@/lib/list/pagination'
import { parseParameters, readOne, type SearchParams } from '@/lib/list/search'
import { countSuppressions, listSuppressions, suppressionParameters } from '@/lib/mail/suppression'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.suppressions'))('title'), robots: { index: false } }
}

const path = '/staff/campaigns/suppressions'
const notes = ['added', 'there', 'absent', 'invalid', 'lifted', 'gone'] as const
const goodNotes: readonly string[] = ['added', 'lifted']

/** The addresses that get no mail that nobody asked for, and why. */
export default availablePage(async function SuppressionsPage({
  searchParams,
}: {
  searchParams: Promise<SearchParams>
}) {
  const actor = await requireStaff('writeCampaigns')
  const t = await getTranslations('staff.suppressions')
  const params = await searchParams
  const { values } = parseParameters(params, suppressionParameters)
  const [page, count] = await Promise.all([listSuppressions(actor, values), countSuppressions(actor)])
  const said = readOne(params, 'note')
  const note = notes.find((one) => one === said)
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <BackLink href="/staff/campaigns">{t('back')}</BackLink>
        <h1>{t('title')}</h1>
        <p className="font-medium">{t('answer', { count })}</p>
        <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      </div>
      {note ? <Notice tone={goodNotes.includes(note) ? 'good' : 'warn'}>{t(`notes.${note}`)}</Notice> : null}
      <form method="post" action={`${path}/address`} className="no-print space-y-3">
        <label htmlFor="address" className="block max-w-[24rem] space-y-1">
          <span className="note block">{t('address')}</span>
          <input
            id="address"
            name="address"
            type="email"
            required
            maxLength={254}
            autoComplete="off"
            spellCheck={false}
            className={field}
          />
        </label>
        <div className="flex flex-wrap gap-2">
          <button type="submit" name="do" value="find" className="btn btn-quiet">
            {t('find')}
          </button>
          <button type="submit" name="do" value="add" className="btn btn-quiet">
            {t('add')}
          </button>
        </div>
      </form>
      {page.rows.length === 0 ? (
        <EmptyState action={values.entry ? { href: path, label: t('all') } : null}>{t('empty')}</EmptyState>
      ) : (
        <section aria-labelledby="list" className="space-y-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
            <h2 id="list">{t('list')}</h2>
            {values.entry ? <a href={path}>{t('all')}</a> : null}
          </div>
          <SuppressionTable rows={page.rows} isOpen={values.entry !== null} />
          <PagesByTime page={page} href={(cursor: TimeCursor) => `${path}?cursor=${encodeCursor(cursor)}`} />
        </section>
      )}
    </div>
  )
})
