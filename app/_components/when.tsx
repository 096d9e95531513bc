import { useFormatter } from 'next-intl'

/**
 * A time: how long ago or until, or with `show="date"` the day. The exact time with its zone is in the title, and in the
 * text for those who hear the page.
 */
export function When({ at, show = 'relative' }: { at: Date; show?: 'relative' | 'date' }) {
  const format = useFormatter()
  const exact = format.dateTime(at, { dateStyle: 'long', timeStyle: 'long' })
  const short = show === 'relative' ? format.relativeTime(at) : format.dateTime(at, { dateStyle: 'long' })
  return (
    <time dateTime={at.toISOString()} title={exact}>
      <span aria-hidden="true">{short}</span>
      <span className="sr-only">{show === 'relative' ? `${short}, ${exact}` : exact}</span>
    </time>
  )
}
