import '@/app/staff/_components/rows.css'
import '@/app/staff/audit/audit.css'
import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { actionKey } from '@/app/staff/_components/action-key'
import { describeDetail } from '@/app/staff/_components/detail'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import type { AuditRow } from '@/lib/audit/history'

const columns = ['at', 'action', 'subject', 'actor'] as const

/** The events, newest first: a table where there is room for one, three lines an event where there is not. */
export async function AuditTable({ rows }: { rows: AuditRow[] }) {
  const t = await getTranslations('staff.audit')
  return (
    <div className="rows audit">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={String(row.id)} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ row }: { row: AuditRow }) {
  const t = await getTranslations('staff.audit')
  const { at, action, subject, researcherId, detail } = row
  const more = await describeDetail(detail)
  return (
    <tr>
      <td data-place="at" className="note">
        <When at={at} show="time" />
      </td>
      <td data-place="action">
        <span className="font-medium">
          {t.has(`actions.${actionKey(action)}`) ? t(`actions.${actionKey(action)}`) : t('other', { action })}
        </span>
        {more ? <span className="note block">{more}</span> : null}
      </td>
      <td data-place="subject">
        {subject?.orcid ? (
          <PersonLink orcid={subject.orcid} name={subject.name} />
        ) : (
          <span className="note">{researcherId ? t('erased') : t('nobody')}</span>
        )}
      </td>
      <td data-place="actor">
        <span className="column-name">{t('byline')} </span>
        <Actor row={row} />
      </td>
    </tr>
  )
}

async function Actor({ row: { actorKind, actor } }: { row: AuditRow }) {
  const t = await getTranslations('staff.audit')
  const kind = t.has(`kinds.${actorKind}`) ? t(`kinds.${actorKind}`) : actorKind
  if (!actor) return kind
  return (
    <>
      {actor.name ? (
        <bdi translate="no">{actor.name}</bdi>
      ) : (
        <span translate="no" className="mono">
          {actor.orcid ?? t('erased')}
        </span>
      )}{' '}
      <span className="note whitespace-nowrap">({kind})</span>
    </>
  )
}
