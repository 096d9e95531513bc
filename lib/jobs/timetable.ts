import 'server-only'
import { parseCrontab } from 'graphile-worker'

const minuteMs = 60_000
const lookBackMinutesMax = 7 * 24 * 60

/** Names each job that was due since `since`, once; all jobs if null. In UTC, as the runner. */
export function listDueSince(timetable: string, since: Date | null, now = new Date()): string[] {
  const items = parseCrontab(timetable)
  const first = since ? Math.floor(since.getTime() / minuteMs) + 1 : null
  const last = Math.floor(now.getTime() / minuteMs)
  const isDue = (item: Item) => {
    if (first === null) return true
    for (let minute = last; minute >= Math.max(first, last - lookBackMinutesMax); minute--) {
      if (isAt(item, minute)) return true
    }
    return false
  }
  return [...new Set(items.filter(isDue).map(({ task }) => task))]
}

type Item = ReturnType<typeof parseCrontab>[number]

function isAt({ match }: Item, minute: number): boolean {
  const at = new Date(minute * minuteMs)
  const digest = { min: at.getUTCMinutes(), hour: at.getUTCHours(), date: at.getUTCDate() }
  return match({ ...digest, month: at.getUTCMonth() + 1, dow: at.getUTCDay() })
}

/** `everyMinutes`: from its next time to the one after. */
export type TimetableEntry = { name: string; nextAt: Date; everyMinutes: number }

const dayMinutes = 24 * 60

/** When each job of a timetable comes next and how often, by name. Jobs that come less than daily are not known here. */
export function describeTimetable(timetable: string, now = new Date()): TimetableEntry[] {
  const from = Math.floor(now.getTime() / minuteMs) + 1
  return parseCrontab(timetable)
    .flatMap((item) => {
      const times = Array.from({ length: 2 * dayMinutes }, (_, offset) => from + offset).filter((at) => isAt(item, at))
      const [next, second] = times
      if (next === undefined || second === undefined) return []
      return [{ name: item.task, nextAt: new Date(next * minuteMs), everyMinutes: second - next }]
    })
    .sort((one, other) => one.name.localeCompare(other.name))
}
