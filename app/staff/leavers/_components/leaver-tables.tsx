import '@/app/staff/_components/rows.css'
import '@/app/staff/leavers/leavers.css'
import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { When } from '@/app/_components/when'
import { getDayWords } from '@/app/staff/_components/day-words'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import { type DoneStep, type PlannedStep, planDays } from '@/lib/affiliations/leaver-plan'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'

const columns = ['person', 'what', 'day'] as const

/** What is to be done for whom, by day. */
export async function PlanTable({ rows }: { rows: PlannedStep[] }) {
  const t = await getTranslations('staff.leavers')
  const dayWords = await getDayWords()
  const say = await getDescription()
  const today = toDay(new Date())
  return (
    <Table label={t('plan', { days: planDays })}>
      {rows.map((row) => (
        <Row key={`${row.id} ${row.what}`} person={row} what={say(row)}>
          <time dateTime={row.on}>{row.on < today ? t('dueSince', { day: dayWords(row.on) }) : dayWords(row.on)}</time>
        </Row>
      ))}
    </Table>
  )
}

/** What was done for whom, newest first. */
export async function DoneTable({ rows }: { rows: DoneStep[] }) {
  const t = await getTranslations('staff.leavers')
  return (
    <Table label={t('done', { days: planDays })}>
      {rows.map((row) => (
        <Row key={`${row.id} ${row.what}`} person={row} what={t(`did.${row.what}`)}>
          <When at={row.at} />
        </Row>
      ))}
    </Table>
  )
}

async function Table({ label, children }: { label: string; children: ReactNode }) {
  const t = await getTranslations('staff.leavers')
  return (
    <div className="rows leavers">
      <table>
        <TableHead caption={label} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

type RowProps = { person: Omit<DoneStep, 'what' | 'at'>; what: string; children: ReactNode }

function Row({ person: { id, name, localId, department }, what, children }: RowProps) {
  return (
    <tr>
      <td data-place="person">
        <PersonLink orcid={null} id={id} name={name} />
        <bdi translate="no" className="known-here">
          {[localId, department].filter(Boolean).join(' · ')}
        </bdi>
      </td>
      <td data-place="what">{what}</td>
      <td data-place="day" className="text-ink-soft">
        {children}
      </td>
    </tr>
  )
}

/** Says in words what happens on the day. */
async function getDescription(): Promise<(step: PlannedStep) => string> {
  const t = await getTranslations('staff.leavers')
  const format = await getFormatter()
  const { steps } = env().leavers
  const permission = steps.includes('pause') ? 'pause' : steps.includes('revoke') ? 'revoke' : 'keep'
  return ({ what, items, hasPermission }) => {
    if (what === 'write') return t('does.write', { items })
    if (what !== 'end') return t(`does.${what}`)
    const parts = [
      ...(steps.includes('end-date') && items > 0 ? [t('does.endDate', { items })] : []),
      t(`does.${hasPermission ? permission : 'left'}`),
    ]
    return format.list(parts)
  }
}
