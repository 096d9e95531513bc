import '@/app/staff/_components/rows.css'
import '@/app/staff/people/roster.css'
import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { TableHead } from '@/app/staff/_components/table-head'
import { RosterState } from '@/app/staff/people/_components/roster-state'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import type { ListedPerson } from '@/lib/people/queries'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import { visibleName } from '@/lib/researchers/visible-name'

const columns = ['name', 'department', 'kind', 'connection', 'state', 'orcid'] as const

type Props = { rows: readonly ListedPerson[]; caption: string }

/** The people: a table where there is room for one, a few lines a person where there is not. */
export async function PeopleTable({ rows, caption }: Props) {
  const t = await getTranslations('staff.people')
  const now = new Date()
  return (
    <div className="rows roster">
      <table>
        <TableHead caption={caption} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((person) => (
            <Row key={person.id} person={person} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ person, now }: { person: ListedPerson; now: Date }) {
  const t = await getTranslations('staff.people')
  const { department, kind } = person
  return (
    <tr>
      <Name person={person} />
      <td data-place="department" title={long(department)} className={department ? undefined : 'absent'}>
        {department ?? '–'}
      </td>
      <td data-place="kind" className={kind ? undefined : 'absent'}>
        {kind ? t(`kinds.${kind}`) : '–'}
      </td>
      <td data-place="connection">
        <Connection person={person} now={now} />
      </td>
      <td data-place="state" className={person.state === 'active' && !person.leavesOn ? 'absent' : undefined}>
        <RosterState person={person} />
      </td>
      <td data-place="orcid" className={person.orcid || person.knownOrcid ? undefined : 'absent'}>
        <Orcid person={person} />
      </td>
    </tr>
  )
}

/** What may not fit is whole on hover. */
const long = (text: string | null) => (text && text.length > 24 ? text : undefined)

async function Name({ person: { id, orcid, name, localId } }: { person: ListedPerson }) {
  const t = await getTranslations('staff')
  const visible = visibleName(name)
  return (
    <td data-place="name">
      <a
        href={orcid ? `/staff/researchers/${orcid}` : `/staff/people/${id}`}
        title={long(visible)}
        className="whole-row"
      >
        <bdi translate="no">{visible ?? t('nameNotPublic')}</bdi>
      </a>
      {localId ? (
        <small className="known-here" translate="no">
          {localId}
        </small>
      ) : null}
    </td>
  )
}

/** How the person stands with ORCID, and whether staff have to decide whose iD it is. */
export async function Connection({ person, now }: { person: ListedPerson; now: Date }) {
  const t = await getTranslations('staff.people')
  const { connection: state, expiresAt, finding, conflict } = person
  return (
    <>
      <State state={state ? toShownState({ state, expiresAt, finding }, now) : 'not_connected'} />
      {conflict ? <small className="known-here">{t('conflictMark')}</small> : null}
    </>
  )
}

/** An iD that a file gave is grey and says so: nobody has proved that it is theirs. */
function Orcid({ person }: { person: ListedPerson }) {
  const { orcid, registry, knownOrcid, name } = person
  const whose = visibleName(name)
  if (orcid && registry) {
    return <OrcidId uri={orcidUri(orcid, registry)} name={whose} format="compact" {...toProof(person)} />
  }
  if (!knownOrcid) return '–'
  return (
    <OrcidId uri={orcidUri(knownOrcid, env().orcid.registry)} name={whose} format="compact" authenticated={false} />
  )
}
