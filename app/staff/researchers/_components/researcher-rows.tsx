'use client'

import { OrcidIdWords } from '@/app/_components/orcid-id-words'
import { type StateName, StateShape } from '@/app/_components/state-shape'
import type { Mark } from '@/app/staff/researchers/_components/permission-marks'
import { orcidUri, type Registry } from '@/lib/orcid/id'

export type Moment = { at: string; short: string; exact: string }

/** A person as the table has them, in words. */
export type Line = {
  orcid: string
  registry: Registry
  name: string | null
  /** What the institution knows of them. */
  known: string
  /** As `OrcidId` has it: `asking` while nothing is certain. */
  proof: 'authenticated' | 'unauthenticated' | 'asking'
  state: StateName
  /** Which of the marks stand for something that they permit. */
  permits: boolean[]
  connected: Moment | null
  expires: Moment | null
  checked: Moment | null
}

export type RowWords = {
  nameless: string
  /** With `{whose}` where the name or the iD goes. */
  view: string
  icon: string
  unauthenticated: string
  none: string
  never: string
  states: Partial<Record<StateName, string>>
}

type Props = {
  lines: Line[]
  /** Null where nobody permits more than their iD: then there are no permissions and no times of them. */
  marks: readonly Mark[] | null
  words: RowWords
}

/**
 * The rows of the list. React sends what a page is made of a second time, for the browser; of these it sends what is in
 * them, which is a tenth of the elements.
 */
export function ResearcherRows({ lines, marks, words }: Props) {
  return lines.map((line) => <Row key={line.orcid} line={line} marks={marks} words={words} />)
}

/** One person. The name's link covers the row; the iD lies above it and leads to ORCID. */
function Row({ line, marks, words }: Omit<Props, 'lines'> & { line: Line }) {
  const { orcid, name, known, state } = line
  const view = words.view.replace('{whose}', () => name || orcid)
  return (
    <tr>
      <td data-place="name">
        <a href={`/staff/researchers/${orcid}`} title={name ?? undefined} className="whole-row">
          {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{words.nameless}</span>}
        </a>
        {known ? (
          // The whole of it on hover where it does not fit.
          <span className="known-here" title={known}>
            {known}
          </span>
        ) : null}
      </td>
      <td data-place="orcid">
        <OrcidIdWords
          uri={orcidUri(orcid, line.registry)}
          authenticated={line.proof !== 'unauthenticated'}
          beingChecked={line.proof === 'asking'}
          format="compact"
          words={{ view, icon: words.icon, unauthenticated: words.unauthenticated }}
        />
      </td>
      <td data-place="state">
        <span className="state">
          <StateShape state={state} />
          {words.states[state]}
        </span>
      </td>
      {marks ? (
        <>
          <td data-place="permissions">
            <Marks marks={marks} permits={line.permits} />
          </td>
          <Time place="connected" moment={line.connected} absent={words.none} />
          <Time place="expires" moment={line.expires} absent={words.none} />
        </>
      ) : null}
      <Time place="checked" moment={line.checked} absent={words.never} />
    </tr>
  )
}

/**
 * One small mark for each permission, always in the same order: a filled one with its letter is permitted, an empty one
 * is not. Whoever does not see them hears whole sentences.
 */
function Marks({ marks, permits }: { marks: readonly Mark[]; permits: boolean[] }) {
  return (
    <span className="marks">
      {marks.map(({ scope, letter, granted, absent }, place) =>
        permits[place] ? (
          <span key={scope} role="img" title={granted} className="mark">
            {letter}
          </span>
        ) : (
          <span key={scope} role="img" title={absent} className="mark" />
        ),
      )}
    </span>
  )
}

function Time({ place, moment, absent }: { place: string; moment: Moment | null; absent: string }) {
  return (
    <td data-place={place}>
      {moment ? (
        <time dateTime={moment.at} title={moment.exact}>
          {moment.short}
        </time>
      ) : (
        <span className="absent">{absent}</span>
      )}
    </td>
  )
}
