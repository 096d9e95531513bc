import '@/app/staff/_components/rows.css'
import '@/app/staff/conflicts/conflicts.css'
import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import { toOutcome } from '@/app/staff/conflicts/_components/answers'
import { isConfirmable } from '@/app/staff/conflicts/_components/confirmable'
import { orcidUri } from '@/lib/orcid/id'
import type { ConflictSide, ListedConflict } from '@/lib/people/conflict-queries'
import { type ResearcherFinding, toProof } from '@/lib/researchers/researcher'

const columns = ['what', 'person', 'other', 'at'] as const

/** A table where there is room for one, a few lines a conflict where there is not. */
export async function ConflictTable({ rows, mayConfirm }: { rows: ListedConflict[]; mayConfirm: boolean }) {
  const t = await getTranslations('staff.conflicts')
  return (
    <div className="rows conflicts">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} mayConfirm={mayConfirm} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ row, mayConfirm }: { row: ListedConflict; mayConfirm: boolean }) {
  const t = await getTranslations('staff.conflicts')
  const { id, kind, evidence, resolution, at, person, other } = row
  const found = evidence.map((each) => t(`evidence.${each}`)).join(' · ')
  return (
    <tr>
      <td data-place="what">
        <span className="flex items-start gap-3">
          {mayConfirm && isConfirmable(row) ? (
            <input
              type="checkbox"
              name="conflict"
              value={id}
              aria-label={t('tick', { name: person.name ?? person.localId ?? '', orcid: other?.orcid ?? '' })}
              className="mt-0.5 size-5 shrink-0"
            />
          ) : null}
          <span className="min-w-0">
            <a href={`/staff/conflicts/${id}`} className="font-medium">
              {t(`kinds.${kind}`)}
            </a>
            {found ? <span className="note block">{found}</span> : null}
            {resolution ? (
              <span className="note block">{t(`resolutions.${toOutcome({ kind, resolution })}`)}</span>
            ) : null}
          </span>
        </span>
      </td>
      <td data-place="person">
        <Side side={person} />
      </td>
      <td data-place="other">{other ? <Side side={other} /> : null}</td>
      <td data-place="at" className="text-ink-soft">
        <When at={at} />
      </td>
    </tr>
  )
}

async function Side({ side }: { side: ConflictSide }) {
  const t = await getTranslations('staff.conflicts')
  const { id, name, localId, orcid, registry, liveScopes, finding } = side
  return (
    <>
      <PersonLink id={id} name={name} orcid={orcid} />
      {localId ? (
        <span className="note block">
          {t('number')} <bdi translate="no">{localId}</bdi>
        </span>
      ) : null}
      {orcid && registry ? (
        <span className="block">
          <OrcidId
            uri={orcidUri(orcid, registry)}
            name={name}
            format="compact"
            {...toProof({ liveScopes, finding: finding as ResearcherFinding | null })}
          />
        </span>
      ) : null}
    </>
  )
}
