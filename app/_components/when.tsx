import { useFormatter, useNow } from 'next-intl'

const recentMs = 7 * 86_400_000

/**
 * A time: how long ago or until where that is less than a week, else the day; with `show="date"` the day, with
 * `show="time"` the day and the time, with `show="clock"` the time alone. The exact time with its zone is in the title, and in the text for those who hear
 * the page.
 */
export function When({ at, show = 'relative' }: { at: Date; show?: 'relative' | 'date' | 'time' | 'clock' }) {
  const format = useFormatter()
  const now = useNow()
  const exact = format.dateTime(at, { dateStyle: 'long', timeStyle: 'long' })
  const isRecent = Math.abs(at.getTime() - now.getTime()) < recentMs
  const short = {
    relative: () => (isRecent ? format.relativeTime(at, now) : format.dateTime(at, { dateStyle: 'medium' })),
    date: () => format.dateTime(at, { dateStyle: 'long' }),
    time: () => format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' }),
    clock: () => format.dateTime(at, { timeStyle: 'short' }),
  }[show]()
  return (
    <time dateTime={at.toISOString()} title={exact}>
      <span aria-hidden="true">{short}</span>
      <span className="sr-only">{show === 'relative' && isRecent ? `${short}, ${exact}` : exact}</span>
    </time>
  )
}
