'use client'

import { IdIcon } from '@/app/_components/id-icon'
import { type StateName, StateShape } from '@/app/_components/state-shape'

/** A person as the table has them, in words. */
export type Line = {
  id: string
  name: string | null
  localId: string | null
  department: string | null
  kind: string | null
  connection: StateName
  conflict: boolean
  /** At the institution, and the day that goes with it. */
  state: string
  day: string | null
  /** Active, with no last day: a card does not say so. */
  isUsual: boolean
  /** Authenticated, or known from a file. */
  orcid: string | null
  hasPage: boolean
  /** None where the iD is authenticated; `asking` while nothing is certain. */
  doubt?: 'unauthenticated' | 'asking'
}

export type RowWords = {
  /** Where records are. */
  host: string
  nameless: string
  conflict: string
  /** With `{whose}` where the name or the iD goes. */
  view: string
  /** With `{whose}`; null where nobody may select. */
  select: string | null
  unauthenticated: string
  states: Partial<Record<StateName, string>>
}

/** Rendered again in the browser, so that React sends the data of the rows, a tenth of their elements. */
export function PeopleRows({ lines, words }: { lines: readonly Line[]; words: RowWords }) {
  return lines.map((line) => <Row key={line.id} line={line} words={words} />)
}

function Row({ line, words }: { line: Line; words: RowWords }) {
  const { id, department, kind, connection, conflict, state, day, isUsual } = line
  return (
    <tr>
      {words.select ? (
        <td data-place="pick">
          <input type="checkbox" name="person" value={id} aria-label={say(words.select, line)} className="size-5" />
        </td>
      ) : null}
      <Name line={line} words={words} />
      <td
        data-place="department"
        translate="no"
        title={titleOf(department)}
        className={department ? undefined : 'absent'}
      >
        {department ?? '–'}
      </td>
      <td data-place="kind" className={kind ? undefined : 'absent'}>
        {kind ?? '–'}
      </td>
      <td data-place="connection">
        <StateShape state={connection} /> {words.states[connection]}
        {conflict ? <small className="known-here">{words.conflict}</small> : null}
      </td>
      <td data-place="state" className={isUsual ? 'absent' : undefined}>
        {state}
        {day ? <small className="known-here">{day}</small> : null}
      </td>
      <Orcid line={line} words={words} />
    </tr>
  )
}

/** What may not fit is whole on hover. */
const titleOf = (text: string | null) => (text && text.length > 24 ? text : undefined)

const say = (words: string, { name, orcid, localId }: Line) =>
  words.replace('{whose}', () => name || localId || orcid || '')

function Name({ line: { id, name, localId, orcid, hasPage }, words }: { line: Line; words: RowWords }) {
  return (
    <td data-place="name">
      <a
        href={hasPage ? `/staff/researchers/${orcid}` : `/staff/people/${id}`}
        title={titleOf(name)}
        dir="auto"
        translate="no"
        className="whole-row"
      >
        {name ?? words.nameless}
      </a>
      {localId ? (
        <small className="known-here" translate="no">
          {localId}
        </small>
      ) : null}
    </td>
  )
}

function Orcid({ line, words }: { line: Line; words: RowWords }) {
  const { orcid, doubt } = line
  if (!orcid) {
    return (
      <td data-place="orcid" className="absent">
        –
      </td>
    )
  }
  return (
    <td data-place="orcid" translate="no">
      <a href={`${words.host}${orcid}`} aria-label={say(words.view, line)} className="id-mark">
        <IdIcon authenticated={!doubt} size={16} />
      </a>
      {orcid}
      {doubt === 'unauthenticated' ? <small className="note">{words.unauthenticated}</small> : null}
    </td>
  )
}
