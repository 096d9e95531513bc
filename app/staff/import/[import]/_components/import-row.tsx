import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { OrcidBody } from '@/app/_components/orcid-body'
import type { AffiliationItem } from '@/lib/affiliations/affiliation'
import { toBody } from '@/lib/affiliations/body'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { toWorkCells } from '@/lib/affiliations/work-item'
import { itemChange } from '@/lib/imports/item-change'
import type { ShownImport, ShownImportRow } from '@/lib/imports/queries'

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
  'language',
]
const itemOrder = [
  'kind',
  'type',
  'title',
  'subtitle',
  'contributors',
  'journal',
  'department',
  'startOn',
  'date',
  'endOn',
  'externalId',
  'url',
]
const inOrder = (fields: Record<string, string | null>, names: readonly string[]) =>
  Object.entries(fields).sort(([one], [other]) => names.indexOf(one) - names.indexOf(other))

const link = 'inline-flex min-h-6 items-center'
const values = z.record(z.string(), z.string().nullable())
const ofWork = z
  .object({ kind: z.unknown().optional(), startOn: z.unknown(), work: z.record(z.string(), z.unknown()) })
  .loose()

/** What a row changes, field by field: of a work, its own fields too. */
function readValues(given: unknown) {
  const parsed = ofWork.safeParse(given)
  if (!parsed.success) return values.safeParse(given).data ?? {}
  const { kind: _, work, startOn, ...rest } = parsed.data
  return values.safeParse({ ...rest, date: startOn, ...toWorkCells(work) }).data ?? {}
}

type Props = { row: ShownImportRow; found: ShownImport }

/** One row of a file: whom it is about, what is wrong with it, or what it would do. */
export async function ImportRow({ row, found }: Props) {
  const t = await getTranslations('staff.imports')
  const faults = faultList.safeParse(row.faults).data ?? []
  const isItem = found.kind !== 'people'
  const isSaved = found.state === 'saved'
  const isChange = row.verdict === 'added' || row.verdict === 'changed' || row.verdict === 'perhaps'
  const nameOf = (field: string | null) => (field && t.has(`fields.${field}`) ? t(`fields.${field}`) : '')
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <span>
        <span className="font-medium">{row.verdict === 'leaving' ? null : t('line', { line: row.line })}</span>
        {row.name ? (
          <bdi translate="no" className="block [overflow-wrap:anywhere]">
            {isSaved && row.personId ? <a href={`/staff/people/${row.personId}`}>{row.name}</a> : row.name}
          </bdi>
        ) : null}
      </span>
      <div className="min-w-0 space-y-1 text-sm [overflow-wrap:anywhere]">
        {faults.map(({ field, code, quoted }) => (
          <p key={`${field} ${code}`} className="text-bad">
            {t(`rowFaults.${code}`, { field: nameOf(field), quoted })}
          </p>
        ))}
        {isChange || row.verdict === 'removed' ? <Changes row={row} isItem={isItem} /> : null}
        {row.verdict === 'perhaps' ? <Decision row={row} found={found} /> : null}
        {row.verdict === 'leaving' && row.personId && !(isSaved && row.name) ? (
          <a href={`/staff/people/${row.personId}`}>{t('open')}</a>
        ) : null}
        {isItem && row.itemId && row.verdict !== 'perhaps' ? (
          <a href={`/staff/affiliations/${row.itemId}`} className={link}>
            {t('items.open')}
          </a>
        ) : null}
        {isItem && isChange ? <Sent row={row} /> : null}
      </div>
    </li>
  )
}

async function Changes({ row, isItem }: { row: ShownImportRow; isItem: boolean }) {
  const t = await getTranslations('staff.imports')
  const words = await getTranslations('affiliation')
  const before = readValues(row.before)
  const { pairsWith, ...after } = readValues(row.after)
  const shown = row.verdict === 'removed' ? before : after
  const say = (field: string, value: string | null) => {
    if (value === null) return t('empty')
    if (isItem && field === 'type') return words(`workTypes.${value}`)
    return isItem && field === 'kind' ? words(`kinds.${value}`) : value
  }
  const isChanged = (field: string) => row.verdict !== 'removed' && field in before && before[field] !== after[field]
  return (
    <>
      <ul>
        {inOrder(shown, isItem ? itemOrder : order).map(([field, value]) =>
          value === null && !isChanged(field) ? null : (
            <li key={field}>
              <span className="text-ink-soft">{t(`fields.${isItem && field === 'kind' ? 'type' : field}`)}:</span>{' '}
              {isChanged(field) && (isItem || before[field]) ? (
                <>
                  <del>{say(field, before[field] ?? null)}</del> →{' '}
                  <ins className="no-underline!">{say(field, value)}</ins>
                </>
              ) : (
                say(field, value)
              )}
            </li>
          ),
        )}
      </ul>
      {pairsWith ? <p>{t('pairs')}</p> : null}
    </>
  )
}

async function Decision({ row, found: { id, kind, state } }: Props) {
  const t = await getTranslations('staff.imports')
  return (
    <>
      <p className="flex flex-wrap gap-x-4">
        {row.nearId ? (
          <a href={`/staff/people/${row.nearId}`} className={link}>
            {t('near')}
          </a>
        ) : null}
        {row.itemId ? (
          <a href={`/staff/affiliations/${row.itemId}`} className={link}>
            {t('items.near')}
          </a>
        ) : null}
        {row.decision ? <span className="font-medium">{t(`of.${kind}.decided.${row.decision}`)}</span> : null}
      </p>
      {state === 'preview' ? (
        <form method="post" action="/staff/import/decision" className="no-print flex flex-wrap gap-3">
          <input type="hidden" name="import" value={id} />
          <input type="hidden" name="line" value={row.line} />
          {(['same', 'added'] as const).map((decision) => (
            <button key={decision} type="submit" name="decision" value={decision} className="btn btn-quiet text-sm">
              {t(row.nearId && kind !== 'people' ? `items.decidePerson.${decision}` : `of.${kind}.decide.${decision}`)}
            </button>
          ))}
        </form>
      ) : null}
    </>
  )
}

/** Exactly what ORCID would receive for a new item; a changed one keeps what the file does not mention. */
async function Sent({ row }: { row: ShownImportRow }) {
  const t = await getTranslations('staff.affiliations')
  const organisation = findOrganisation()
  const after = itemChange.safeParse(row.after).data
  if (!organisation || !after?.kind || !after.title) return null
  const { kind, title, externalId = '', department = null, startOn = null, endOn = null, url = null, work } = after
  const item: AffiliationItem = { kind, title, externalId, department, startOn, endOn, url, work }
  return (
    <details>
      <summary className="min-h-6 text-accent underline">{t('sent')}</summary>
      <OrcidBody body={toBody(item, organisation, null)} />
    </details>
  )
}
