import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { type Verdict, verdicts } from '@/lib/imports/import'
import { importPageSize, type ShownImport, type ShownImportRow } from '@/lib/imports/queries'

type Props = {
  found: ShownImport
  counts: Record<string, number>
  shown: Verdict | null
  rows: ShownImportRow[]
}

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
      <p className="max-w-[65ch] text-ink-soft">{t(`means.${shown}`)}</p>
      {shown === 'refused' ? (
        <p>
          <a href={`/staff/import/refused?import=${found.id}`} download>
            {t('download')}
          </a>
        </p>
      ) : null}
      {shown === 'perhaps' && found.state === 'preview' ? <DecideAll id={found.id} /> : null}
      <ol className="card card-list">
        {page.map((row) => (
          <Row key={row.line} row={row} isOpen={found.state === 'preview'} importId={found.id} />
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

async function DecideAll({ id }: { id: string }) {
  const t = await getTranslations('staff.imports')
  return (
    <form method="post" action="/staff/import/decision" className="no-print flex flex-wrap gap-3">
      <input type="hidden" name="import" value={id} />
      {(['same', 'added'] as const).map((decision) => (
        <button key={decision} type="submit" name="decision" value={decision} className="btn btn-quiet">
          {t(`decideAll.${decision}`)}
        </button>
      ))}
    </form>
  )
}

const faultList = z.array(z.object({ field: z.string().nullable(), code: z.string(), quoted: z.string() }))
// The database keeps no order of fields.
const order = [
  'localId',
  'givenName',
  'familyName',
  'email',
  'knownOrcid',
  'department',
  'kind',
  'title',
  'startOn',
  'endOn',
]
const inOrder = (fields: Record<string, string | null>) =>
  Object.entries(fields).sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))

const values = z.record(z.string(), z.string().nullable())

async function Row({ row, isOpen, importId }: { row: ShownImportRow; isOpen: boolean; importId: string }) {
  const t = await getTranslations('staff.imports')
  const faults = faultList.safeParse(row.faults).data ?? []
  const before = values.safeParse(row.before).data ?? {}
  const { pairsWith, ...after } = values.safeParse(row.after).data ?? {}
  const nameOf = (field: string | null) => (field && t.has(`fields.${field}`) ? t(`fields.${field}`) : '')
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <span>
        <span className="font-medium">{row.verdict === 'leaving' ? null : t('line', { line: row.line })}</span>
        {row.name ? (
          <bdi translate="no" className="block [overflow-wrap:anywhere]">
            {row.name}
          </bdi>
        ) : null}
      </span>
      <div className="min-w-0 space-y-1 text-sm [overflow-wrap:anywhere]">
        {faults.map(({ field, code, quoted }) => (
          <p key={`${field} ${code}`} className="text-bad">
            {t(`rowFaults.${code}`, { field: nameOf(field), quoted })}
          </p>
        ))}
        {row.verdict === 'added' || row.verdict === 'changed' || row.verdict === 'perhaps' ? (
          <ul>
            {inOrder(after).map(([field, value]) => (
              <li key={field}>
                <span className="text-ink-soft">{nameOf(field)}:</span>{' '}
                {before[field] ? (
                  <>
                    <del>{before[field]}</del> → <ins className="no-underline!">{value}</ins>
                  </>
                ) : (
                  value
                )}
              </li>
            ))}
          </ul>
        ) : null}
        {pairsWith ? <p>{t('pairs')}</p> : null}
        {row.verdict === 'perhaps' && row.nearId ? (
          <>
            <p>
              <a href={`/staff/people/${row.nearId}`}>{t('near')}</a>
              {row.decision ? <span className="ms-2 font-medium">{t(`decided.${row.decision}`)}</span> : null}
            </p>
            {isOpen ? (
              <form method="post" action="/staff/import/decision" className="no-print flex flex-wrap gap-3">
                <input type="hidden" name="import" value={importId} />
                <input type="hidden" name="line" value={row.line} />
                {(['same', 'added'] as const).map((decision) => (
                  <button
                    key={decision}
                    type="submit"
                    name="decision"
                    value={decision}
                    className="btn btn-quiet text-sm"
                  >
                    {t(`decide.${decision}`)}
                  </button>
                ))}
              </form>
            ) : null}
          </>
        ) : null}
        {row.verdict === 'leaving' && row.personId ? <a href={`/staff/people/${row.personId}`}>{t('open')}</a> : null}
      </div>
    </li>
  )
}
