import '@/app/staff/_components/rows.css'
import '@/app/staff/audit/audit.css'
import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { actionKey } from '@/app/staff/_components/action-key'
import { describeDetail } from '@/app/staff/_components/detail'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import type { StaffActor } from '@/lib/actor'
import type { AuditRow } from '@/lib/audit/history'
import { findThings, type Thing } from '@/lib/audit/things'
import { may } from '@/lib/staff/abilities'

const columns = ['at', 'action', 'subject', 'actor'] as const

type Props = { actor: StaffActor; rows: AuditRow[] }

/** The events, newest first: a table where there is room for one, three lines an event where there is not. */
export async function AuditTable({ actor, rows }: Props) {
  const thingOf = await findThings(actor, rows)
  const t = await getTranslations('staff.audit')
  return (
    <div className="rows audit">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((row) => (
            <Row key={String(row.id)} actor={actor} row={row} thing={thingOf(row)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ actor, row, thing }: { actor: StaffActor; row: AuditRow; thing: Thing | null }) {
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
        ) : thing && !researcherId ? (
          <ThingLink actor={actor} thing={thing} />
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

const pages = {
  campaign: { path: '/staff/campaigns', needs: 'seeCampaigns' },
  system: { path: '/staff/systems', needs: 'manageSystems' },
  import: { path: '/staff/import', needs: 'importPeople' },
} as const

function ThingLink({ actor, thing: { kind, id, name } }: { actor: StaffActor; thing: Thing }) {
  const { path, needs } = pages[kind]
  const words = (
    <bdi translate="no" className="[overflow-wrap:anywhere]">
      {name}
    </bdi>
  )
  return may(actor, needs) ? <a href={`${path}/${id}`}>{words}</a> : words
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
