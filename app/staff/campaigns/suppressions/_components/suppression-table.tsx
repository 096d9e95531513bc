import '@/app/staff/_components/rows.css'
import '@/app/staff/campaigns/suppressions/suppressions.css'
import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import type { Suppression } from '@/lib/mail/suppression'

const columns = ['person', 'reason', 'at', 'change'] as const

type Props = { rows: Suppression[] /** Whether the forms are open. */; isOpen: boolean }

/** The addresses, newest first, each with the way off the list. */
export async function SuppressionTable({ rows, isOpen }: Props) {
  const t = await getTranslations('staff.suppressions')
  return (
    <div className="rows suppressions">
      <table>
        <TableHead caption={t('list')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} isOpen={isOpen} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ row: { id, reason, at, person }, isOpen }: { row: Suppression; isOpen: boolean }) {
  const t = await getTranslations('staff.suppressions')
  return (
    <tr>
      <td data-place="person">
        {person ? <PersonLink orcid={null} {...person} /> : <span className="text-ink-soft">{t('unknown')}</span>}
      </td>
      <td data-place="reason">{t(`reasons.${reason}`)}</td>
      <td data-place="at" className="text-ink-soft">
        <When at={at} />
      </td>
      <td data-place="change" className="no-print">
        <details open={isOpen}>
          <summary className="inline-flex min-h-6 cursor-pointer items-center text-accent underline underline-offset-2">
            {t('remove')}
          </summary>
          <form method="post" action="/staff/campaigns/suppressions/removal" className="space-y-3 py-2">
            <input type="hidden" name="entry" value={id} />
            <ConfirmCheckbox>{t(`sure.${reason}`)}</ConfirmCheckbox>
            <button type="submit" className="btn btn-quiet">
              {t('removeButton')}
            </button>
          </form>
        </details>
      </td>
    </tr>
  )
}
