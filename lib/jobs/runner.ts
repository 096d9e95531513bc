import 'server-only'
import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { closePool, pool } from '@/lib/db'
import { log } from '@/lib/log'

export type JobHandler = (payload: Record<string, unknown>) => Promise<void>

/** Handlers by job name, and the timetable in crontab's form (https://worker.graphile.org/docs/cron). */
export type Jobs = { handlers: Record<string, JobHandler>; timetable: string }

const restartAfterMs = 2_000
const concurrency = 4
const pollEveryMs = 1_000

/** A queue that has hands free and was not told for so long what there is to do has come to a standstill. */
const standstillAfterMs = 30_000

const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error') log().error({ worker: message.slice(0, 300) }, 'job queue')
})

/**
 * Works the queue until `stop` is called. The queue's own runner gives up when the database stays away, and it may stand
 * still for good when connections are cut while it shuts down or connects. It is then started again, so that a portal
 * that outlives an outage also does its jobs again.
 */
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
      // It may have been told to stop while it was starting, when there was nobody to tell.
      if (stopped) await runner.stop()
      await Promise.race([runner.promise, standstill.found])
    } finally {
      standstill.end()
      // What stands still may not end either: nobody waits for it.
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
      // A queue that is told to stop asks for nothing, and a job that is at work may take its time.
      standstill?.end()
      await runner?.stop().catch(() => undefined)
      await finished
    },
  }
}

type Standstill = { found: Promise<never>; end: () => void }

/**
 * Rejects `found` when the queue no longer learns of jobs although it could take one. That it asks is no sign of life: on
 * connections that have died it asks for ever, and what goes wrong with that is not logged.
 */
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
      // Connections that have died without a word are not met again.
      void closePool().catch(() => undefined)
      reject(new Error('The job queue stands still'))
    }, 1_000)
  })
  // It may be found at a moment when nobody looks.
  found.catch(() => undefined)
  return { found, end: () => clearInterval(timer) }
}
