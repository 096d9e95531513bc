import { useFormatter } from 'next-intl'

/**
 * A time: how long ago or until, with `show="date"` the day, with `show="time"` the day and the time. The exact time with its zone is in the title, and in the
 * text for those who hear the page.
 */
export function When({ at, show = 'relative' }: { at: Date; show?: 'relative' | 'date' | 'time' }) {
  const format = useFormatter()
  const exact = format.dateTime(at, { dateStyle: 'long', timeStyle: 'long' })
  const short = {
    relative: () => format.relativeTime(at),
    date: () => format.dateTime(at, { dateStyle: 'long' }),
    time: () => format.dateTime(at, { dateStyle: 'medium', timeStyle: 'medium' }),
  }[show]()
  return (
    <time dateTime={at.toISOString()} title={exact}>
      <span aria-hidden="true">{short}</span>
      <span className="sr-only">{show === 'relative' ? `${short}, ${exact}` : exact}</span>
    </time>
  )
}
