import { getTranslations } from 'next-intl/server'
import { ImportRow } from '@/app/staff/import/[import]/_components/import-row'
import { type Verdict, verdicts } from '@/lib/imports/import'
import { importPageSize, type ShownImport, type ShownImportRow } from '@/lib/imports/queries'

type Props = {
  found: ShownImport
  counts: Record<string, number>
  shown: Verdict | null
  rows: ShownImportRow[]
}

/** Neither undone nor discarded. */
export const isOfUse = (state: ShownImport['state']) => ['preview', 'held', 'saved'].includes(state)

/** Counts that lead to the rows, and one page of the rows. */
export async function ImportRows({ found, counts, shown, rows }: Props) {
  const t = await getTranslations('staff.imports')
  if (!shown) return null
  const page = rows.slice(0, importPageSize)
  const last = page.at(-1)
  return (
    <section aria-labelledby="rows" className="space-y-4">
      <h2 id="rows">{t('rows')}</h2>
      <ul className="flex flex-wrap gap-2">
        {verdicts
          .filter((verdict) => (counts[verdict] ?? 0) > 0)
          .map((verdict) => (
            <li key={verdict}>
              <a
                href={`/staff/import/${found.id}?show=${verdict}#rows`}
                aria-current={verdict === shown ? 'page' : undefined}
                className="flex min-h-8 items-center rounded-full border border-line-strong px-3 text-ink! text-sm no-underline! hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-semibold"
              >
                {t(`verdicts.${verdict}`, { count: counts[verdict] ?? 0 })}
              </a>
            </li>
          ))}
      </ul>
      {shown === 'refused' && !isOfUse(found.state) ? (
        <p className="text-ink-soft">{t('wereLeft')}</p>
      ) : shown === 'refused' || found.state === 'preview' || found.state === 'held' ? (
        <p className="max-w-[65ch] text-ink-soft">{t(`of.${found.kind}.means.${shown}`)}</p>
      ) : null}
      {shown === 'refused' ? (
        <p className="flex flex-wrap gap-x-6 gap-y-1">
          <a href={`/staff/import/refused?import=${found.id}`} download>
            {t('download')}
          </a>
          <a href={`/staff/import?kind=${found.kind}`} className="no-print">
            {t('uploadMended')}
          </a>
        </p>
      ) : null}
      {shown === 'perhaps' && found.state === 'preview' ? <DecideAll found={found} /> : null}
      <ol className="card card-list">
        {page.map((row) => (
          <ImportRow key={row.line} row={row} found={found} />
        ))}
      </ol>
      {rows.length > importPageSize && last ? (
        <a href={`/staff/import/${found.id}?show=${shown}&after=${last.line}#rows`} className="btn btn-quiet no-print">
          {t('next')}
        </a>
      ) : null}
    </section>
  )
}

async function DecideAll({ found: { id, kind } }: { found: ShownImport }) {
  const t = await getTranslations('staff.imports')
  return (
    <form method="post" action="/staff/import/decision" className="no-print flex flex-wrap gap-3">
      <input type="hidden" name="import" value={id} />
      {(['same', 'added'] as const).map((decision) => (
        <button key={decision} type="submit" name="decision" value={decision} className="btn btn-quiet">
          {t(`of.${kind}.decideAll.${decision}`)}
        </button>
      ))}
    </form>
  )
}
