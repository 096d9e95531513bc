import '@/app/staff/_components/rows.css'
import '@/app/staff/people/roster.css'
import { getFormatter, getTranslations } from 'next-intl/server'
import type { StateName } from '@/app/_components/state-shape'
import { getDayWords } from '@/app/staff/_components/day-words'
import { type Line, PeopleRows, type RowWords } from '@/app/staff/people/_components/people-rows'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import type { ListedPerson } from '@/lib/people/queries'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import { visibleName } from '@/lib/researchers/visible-name'

const columns = ['name', 'department', 'kind', 'connection', 'state', 'orcid'] as const

type Props = { rows: readonly ListedPerson[]; caption: string; maySelect: boolean }

/** The people: a table where there is room for one, cards where there is not. */
export async function PeopleTable({ rows, caption, maySelect }: Props) {
  const t = await getTranslations('staff.people')
  const lines = await describeLines(rows)
  return (
    <div className={maySelect ? 'rows roster selectable' : 'rows roster'}>
      <table>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {maySelect ? (
              <th scope="col" data-place="pick">
                <span className="sr-only">{t('bulk.selection')}</span>
              </th>
            ) : null}
            {columns.map((column) => (
              <th key={column} scope="col" data-place={column}>
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <PeopleRows lines={lines} words={await describeWords(lines, maySelect)} />
        </tbody>
      </table>
    </div>
  )
}

async function describeLines(rows: readonly ListedPerson[]): Promise<Line[]> {
  const t = await getTranslations('staff.people')
  const format = await getFormatter()
  const toDayWords = await getDayWords()
  const now = new Date()
  const dayOf = ({ state, leavesOn, pausedAt, leftAt }: ListedPerson) => {
    if (leavesOn) return t('lastDay', { day: toDayWords(leavesOn) })
    const since = state === 'paused' ? pausedAt : state === 'left' ? leftAt : null
    return since && t('since', { day: format.dateTime(since, { dateStyle: 'long' }) })
  }
  return rows.map((person) => {
    const { id, localId, department, kind, connection, expiresAt, finding, conflict, state, orcid, knownOrcid } = person
    const { authenticated, beingChecked } = toProof(person)
    const doubt = orcid && authenticated ? (beingChecked ? 'asking' : null) : 'unauthenticated'
    return {
      ...{ id, localId, department, conflict, name: visibleName(person.name) },
      kind: kind && t(`kinds.${kind}`),
      connection: connection ? toShownState({ state: connection, expiresAt, finding }, now) : 'not_connected',
      state: t(`states.${state}`),
      day: dayOf(person),
      isUsual: state === 'active' && person.leavesOn === null,
      orcid: orcid ?? knownOrcid,
      hasPage: orcid !== null,
      ...(doubt && { doubt }),
    }
  })
}

async function describeWords(lines: readonly Line[], maySelect: boolean): Promise<RowWords> {
  const t = await getTranslations('staff')
  const pieces = await getTranslations('pieces')
  const states = [...new Set(lines.map(({ connection }) => connection))]
  return {
    host: orcidUri('', env().orcid.registry),
    nameless: t('nameNotPublic'),
    conflict: t('people.conflictMark'),
    view: pieces.raw('orcidId.view'),
    select: maySelect ? t.raw('people.bulk.select') : null,
    unauthenticated: pieces('orcidId.unauthenticated'),
    states: Object.fromEntries(states.map((state): [StateName, string] => [state, pieces(`state.${state}`)])),
  }
}
