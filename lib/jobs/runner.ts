import 'server-only'
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { closePool, pool } from '@/lib/db'
import { log } from '@/lib/log'

export type JobHandler = (payload: Record<string, unknown>) => Promise<void>

/** `timetable` is a crontab (https://worker.graphile.org/docs/cron). */
export type Jobs = { handlers: Record<string, JobHandler>; timetable: string }

const restartAfterMs = 2_000
const concurrency = 4
const pollEveryMs = 1_000

/** A queue with free capacity and no news for this long is stalled. */
const standstillAfterMs = 30_000

const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error') log().error({ worker: message.slice(0, 300) }, 'job queue')
})

/** Restarts graphile-worker, which gives up in a long outage and may stall when connections break. */
export function startRunner(jobs: Jobs): { stop: () => Promise<void> } {
  let runner: Runner | undefined
  let standstill: Standstill | undefined
  let stopped = false
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs.handlers).map(([name, handle]) => [
      name,
      (payload) => handle(payload as Record<string, unknown>),
    ]),
  )

  const live = async () => {
    const events: WorkerEvents = new EventEmitter()
    standstill = watchForStandstill(events)
    try {
      const started = run({
        pgPool: pool(),
        noPreparedStatements: true,
        events,
        taskList,
        crontab: jobs.timetable,
        concurrency,
        pollInterval: pollEveryMs,
        noHandleSignals: true,
        logger: quietLogger,
      })
      void started.catch(() => undefined)
      runner = await Promise.race([started, standstill.found])
      // `stop` may have been called during the start.
      if (stopped) await runner.stop()
      await Promise.race([runner.promise, standstill.found])
    } finally {
      standstill.end()
      // Do not await a stalled runner, as it may never end.
      void runner?.kill().catch(() => undefined)
      runner = undefined
    }
  }

  const supervise = async () => {
    while (!stopped) {
      try {
        await live()
      } catch (error) {
        if (!stopped) log().warn({ err: error }, 'job queue interrupted')
      }
      if (!stopped) await sleep(restartAfterMs)
    }
  }
  const finished = supervise()

  return {
    stop: async () => {
      stopped = true
      // A stopping queue polls no more, and its last jobs may take long.
      standstill?.end()
      await runner?.stop().catch(() => undefined)
      await finished
    },
  }
}

type Standstill = { found: Promise<never>; end: () => void }

// Rejects `found` if an idle queue gets no answers. Polling alone proves nothing: on dead connections it continues
// without a log line.
function watchForStandstill(events: WorkerEvents): Standstill {
  let busy = 0
  let toldAt = Date.now()
  const isAlive = () => {
    toldAt = Date.now()
  }
  events.on('worker:getJob:empty', isAlive)
  events.on('job:start', () => {
    busy++
    isAlive()
  })
  events.on('job:complete', () => {
    busy--
    isAlive()
  })
  let timer: NodeJS.Timeout | undefined
  const found = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (busy >= concurrency || Date.now() - toldAt <= standstillAfterMs) return
      clearInterval(timer)
      // Drop dead connections before the restart.
      void closePool().catch(() => undefined)
      reject(new Error('The job queue stands still'))
    }, 1_000)
  })
  // It may reject before anybody awaits it.
  found.catch(() => undefined)
  return { found, end: () => clearInterval(timer) }
}
