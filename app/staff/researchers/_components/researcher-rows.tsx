'use client'

import { IdIcon } from '@/app/_components/id-icon'
import { type StateName, StateShape } from '@/app/_components/state-shape'
import type { Mark } from '@/app/staff/researchers/_components/permission-marks'
import type { ListColumn } from '@/lib/researchers/schema'

/** `full` on hover. */
export type Cell = { text: string; full?: string }

/** A person as the table has them, in words. */
export type Line = {
  orcid: string
  name: string | null
  /** What the institution knows of them. */
  known: string
  /** None where the iD is authenticated; `asking` while nothing is certain. */
  doubt?: 'unauthenticated' | 'asking'
  state: StateName
  /** The places of the marks that stand for something that they permit. */
  permits: number[]
  cells: Partial<Record<ListColumn, Cell>>
}

export type RowWords = {
  /** Where records are. */
  host: string
  nameless: string
  /** With `{whose}` where the name or the iD goes. */
  view: string
  unauthenticated: string
  /** Of what somebody chose to see, for where there is no table. */
  heads: Partial<Record<ListColumn, string>>
  states: Partial<Record<StateName, string>>
}

type Props = { lines: Line[]; columns: readonly ListColumn[]; marks: readonly Mark[]; words: RowWords }

/** Rendered again in the browser, so that React sends the data of the rows, a tenth of their elements. */
export function ResearcherRows({ lines, ...shared }: Props) {
  return lines.map((line) => <Row key={line.orcid} line={line} {...shared} />)
}

/** The name's link covers the row; the iD's icon lies above it and leads to ORCID. */
function Row({ line, columns, marks, words }: Omit<Props, 'lines'> & { line: Line }) {
  const { orcid, name, known } = line
  return (
    <tr>
      <td data-place="name">
        <a href={`/staff/researchers/${orcid}`} title={titleOf(name)} dir="auto" translate="no" className="whole-row">
          {name ?? words.nameless}
        </a>
        {known ? (
          <small className="known-here" title={titleOf(known)}>
            {known}
          </small>
        ) : null}
      </td>
      {columns.map((column) => {
        if (column === 'orcid') return <Orcid key={column} line={line} words={words} />
        if (column === 'state') return <State key={column} state={line.state} words={words} />
        if (column === 'permissions') return <Marks key={column} marks={marks} permits={line.permits} />
        const cell = line.cells[column]
        return (
          <td
            key={column}
            data-place={column}
            data-head={words.heads[column]}
            title={cell?.full}
            className={cell ? undefined : 'absent'}
          >
            {cell?.text ?? '–'}
          </td>
        )
      })}
    </tr>
  )
}

/** What may not fit is whole on hover. */
const titleOf = (text: string | null) => (text && text.length > 24 ? text : undefined)

function Orcid({ line: { orcid, name, doubt }, words }: { line: Line; words: RowWords }) {
  return (
    <td data-place="orcid" translate="no">
      <a
        href={`${words.host}${orcid}`}
        aria-label={words.view.replace('{whose}', () => name || orcid)}
        className="id-mark"
      >
        <IdIcon authenticated={!doubt} size={16} />
      </a>
      {orcid}
      {doubt === 'unauthenticated' ? <small className="note">{words.unauthenticated}</small> : null}
    </td>
  )
}

function State({ state, words }: { state: StateName; words: RowWords }) {
  return (
    <td data-place="state">
      <StateShape state={state} /> {words.states[state]}
    </td>
  )
}

/** Always in the same order: a filled mark with its letter is permitted, an empty one is not. */
function Marks({ marks, permits }: { marks: readonly Mark[]; permits: number[] }) {
  return (
    <td data-place="permissions">
      {marks.map(({ scope, letter, granted, absent }, place) => (
        <span key={scope} role="img" title={permits.includes(place) ? granted : absent} className="mark">
          {permits.includes(place) ? letter : null}
        </span>
      ))}
    </td>
  )
}
