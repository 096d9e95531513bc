import '@/app/staff/_components/rows.css'
import '@/app/staff/affiliations/affiliations.css'
import { getTranslations } from 'next-intl/server'
import { AffiliationState, Period } from '@/app/_components/affiliation'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import type { ListedAffiliation } from '@/lib/affiliations/queries'

const columns = ['title', 'person', 'period', 'state', 'changed'] as const

/** The items, newest first: a table where there is room for one, three lines an item where there is not. */
export async function AffiliationTable({ rows }: { rows: ListedAffiliation[] }) {
  const t = await getTranslations('staff.affiliations')
  return (
    <div className="rows affiliations">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ row }: { row: ListedAffiliation }) {
  const { id, kind, title, department, startOn, endOn, state, changedAt, person } = row
  const t = await getTranslations('affiliation')
  const about = [t(`kinds.${kind}`), department].filter(Boolean).join(' · ')
  return (
    <tr>
      <td data-place="title">
        <a href={`/staff/affiliations/${id}`} title={title} className="one-line font-medium">
          {title}
        </a>
        <small title={about} className="known-here">
          {about}
        </small>
      </td>
      <td data-place="person">
        <PersonLink {...person} />
      </td>
      <td data-place="period" className="text-ink-soft">
        <Period kind={kind} startOn={startOn} endOn={endOn} />
      </td>
      <td data-place="state">
        <AffiliationState state={state} />
      </td>
      <td data-place="changed" className="text-ink-soft">
        <When at={changedAt} />
      </td>
    </tr>
  )
}
