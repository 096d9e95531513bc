import '@/app/staff/_components/rows.css'
import '@/app/staff/attempts/attempts.css'
import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import type { ListedAttempt } from '@/lib/attempts/history'

const columns = ['reference', 'started', 'purpose', 'outcome', 'person'] as const

/** The attempts, newest first: a table where there is room for one, three lines an attempt where there is not. */
export async function AttemptTable({ rows, label }: { rows: ListedAttempt[]; label: string }) {
  const t = await getTranslations('staff.attempts')
  return (
    <div className="rows attempts">
      <table>
        <TableHead caption={label} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ row: { reference, startedAt, purpose, outcome, state, researcher } }: { row: ListedAttempt }) {
  const t = await getTranslations('staff')
  return (
    <tr>
      <td data-place="reference">
        <a href={`/staff/attempts/${reference}`} translate="no" className="mono whitespace-nowrap font-semibold">
          {reference}
        </a>
      </td>
      <td data-place="started" className="text-ink-soft">
        <When at={startedAt} />
      </td>
      <td data-place="purpose" className="text-ink-soft">
        {t(`person.purposes.${purpose}`)}
      </td>
      <td data-place="outcome">{outcome ? t(`person.outcomes.${outcome}`) : t(`person.attemptStates.${state}`)}</td>
      <td data-place="person">
        {researcher ? <PersonLink {...researcher} /> : <span className="text-ink-soft">{t('attempts.stranger')}</span>}
      </td>
    </tr>
  )
}
