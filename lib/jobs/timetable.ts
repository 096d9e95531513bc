import 'server-only'
import { parseCrontab } from 'graphile-worker'

const minuteMs = 60_000
const lookBackMinutesMax = 7 * 24 * 60

/** Names each job that was due since `since`, once; all jobs if null. In UTC, as the runner. */
export function listDueSince(timetable: string, since: Date | null, now = new Date()): string[] {
  const items = parseCrontab(timetable)
  const first = since ? Math.floor(since.getTime() / minuteMs) + 1 : null
  const last = Math.floor(now.getTime() / minuteMs)
  const isDue = ({ match }: (typeof items)[number]) => {
    if (first === null) return true
    for (let minute = last; minute >= Math.max(first, last - lookBackMinutesMax); minute--) {
      const at = new Date(minute * minuteMs)
      const digest = { min: at.getUTCMinutes(), hour: at.getUTCHours(), date: at.getUTCDate() }
      if (match({ ...digest, month: at.getUTCMonth() + 1, dow: at.getUTCDay() })) return true
    }
    return false
  }
  return [...new Set(items.filter(isDue).map(({ task }) => task))]
}
